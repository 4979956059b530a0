package decl

import "strings"

// GoName returns the public name in Go of a name of C.
//
// Underscores, and capitals after small letters, separate its words, which begin
// with capitals: "path_len" is PathLen, "processId" is ProcessID. A name in
// capitals alone is read as one in small letters: "EVENT_OPEN" is EventOpen. An
// underscore between two digits stays.
//
// These words, with digits or an s of the plural behind them, are written as they
// are here: ACL API ARP ASCII ASN ATA BPF BSD BTF CIDR CPU CRC CSS DB DHCP DMA DNS
// EOF FD FS FTP GID GPU GRE GUID HTML HTTP HTTPS ICMP ICMPv4 ICMPv6 ID IO IP IPC
// IPv4 IPv6 IRQ JSON KVM LSM MAC MD5 MMIO MPTCP MTU NAT NFS NIC NMI NUMA NVME OOM
// OS PCI PID PMU PPID QPS QUIC RAM RCU RPC RTP RTT SCTP SHA SIP SKB SLA SMTP SQL
// SSH SSL SYN TCP TGID TID TLS TS TTL TTY UDP UI UID URI URL USB UTF UUID VFS VLAN
// VM VXLAN XDP XML. They are those of staticcheck and others that programs for
// BPF often have.
func GoName(c string) string {
	shouts := c == strings.ToUpper(c)
	b := make([]byte, 0, 1+len(c))
	for c != "" {
		var word string
		if word, c = firstWord(c); word == "" {
			continue
		}
		if shouts {
			word = strings.ToLower(word)
		}
		if isDigit(word[0]) && len(b) > 0 && isDigit(b[len(b)-1]) {
			b = append(b, '_')
		}
		b = appendWord(b, word)
	}
	if len(b) == 0 || isDigit(b[0]) {
		return "X" + string(b)
	}
	return string(b)
}

// GoPrivate makes a public name in Go one that is not: its first word is in small letters, so that "TraceOpen" is
// traceOpen, and "TCPCubic" is tcpCubic.
func GoPrivate(name string) string {
	n := 0
	for n < len(name) && isCapital(name[n]) {
		n++
	}
	if n > 1 && n < len(name) && isLetter(name[n]) {
		n-- // the last capital begins the next word
	}
	return strings.ToLower(name[:n]) + name[n:]
}

// firstWord returns the first word of a name, or "" where a separator stands, and
// what follows it.
func firstWord(c string) (word, rest string) {
	for i := range len(c) {
		r := c[i]
		switch {
		case !isLetter(r) && !isDigit(r):
			return c[:i], c[i+1:]
		case i > 0 && isCapital(r) && !isCapital(c[i-1]):
			return c[:i], c[i:]
		}
	}
	return c, ""
}

// appendWord appends a word that is not empty as it stands in a public name.
func appendWord(b []byte, word string) []byte {
	for _, ending := range []string{"", "s"} {
		stem, found := strings.CutSuffix(word, ending)
		if got := acronym(stem); found && got != "" {
			return append(append(b, got...), ending...)
		}
	}
	return append(append(b, strings.ToUpper(word[:1])...), word[1:]...)
}

// acronym returns how a word is written that stands for several, or "".
func acronym(word string) string {
	word = strings.ToLower(word)
	if got := acronymOf(word); got != "" {
		return got
	}
	stem := strings.TrimRight(word, "0123456789")
	if got := acronymOf(stem); got != "" {
		return got + word[len(stem):]
	}
	return ""
}

func acronymOf(word string) string {
	switch word {
	case "acl", "api", "arp", "ascii", "asn", "ata", "bpf", "bsd", "btf", "cidr", "cpu", "crc", "css", "db", "dhcp",
		"dma", "dns", "eof", "fd", "fs", "ftp", "gid", "gpu", "gre", "guid", "html", "http", "https", "icmp", "id",
		"io", "ip", "ipc", "irq", "json", "kvm", "lsm", "mac", "md5", "mmio", "mptcp", "mtu", "nat", "nfs", "nic",
		"nmi", "numa", "nvme", "oom", "os", "pci", "pid", "pmu", "ppid", "qps", "quic", "ram", "rcu", "rpc", "rtp",
		"rtt", "sctp", "sha", "sip", "skb", "sla", "smtp", "sql", "ssh", "ssl", "syn", "tcp", "tgid", "tid", "tls",
		"ts", "ttl", "tty", "udp", "ui", "uid", "uri", "url", "usb", "utf", "uuid", "vfs", "vlan", "vm", "vxlan",
		"xdp", "xml":
		return strings.ToUpper(word)
	case "ipv4", "ipv6":
		return "IP" + word[2:]
	case "icmpv4", "icmpv6":
		return "ICMP" + word[4:]
	}
	return ""
}

func isCapital(r byte) bool { return 'A' <= r && r <= 'Z' }
