package cmd_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// What came of something, beside the names of errors.
const (
	done     = "done"
	arrives  = "arrives"
	nothing  = "nothing arrives"
	otherway = "another"
	itself   = "its own"
)

// otherPort and otherName are what programs show instead.
const (
	otherPort = 4242
	otherName = "@gobpftool-other"
)

// became returns what an error is called, or what came of it without one.
func became(err error, otherwise string) string {
	var errno unix.Errno
	switch {
	case err == nil:
		return otherwise
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nothing
	case errors.As(err, &errno):
		return unix.ErrnoName(errno)
	}
	return err.Error()
}

// patience is how long is waited for what should not come.
const patience = 100 * time.Millisecond

// within does something with this process in the cgroup of the tests.
func within(do func(w *worker) string) func(w *worker) string {
	return func(w *worker) string {
		before, err := os.ReadFile("/proc/self/cgroup")
		check(w.t, err)
		root := filepath.Dir(fixture.Cgroup())
		for line := range strings.Lines(string(before)) {
			if path, ok := strings.CutPrefix(strings.TrimSpace(line), "0::"); ok {
				defer os.WriteFile(filepath.Join(root, path, "cgroup.procs"), []byte("0"), 0)
			}
		}
		check(w.t, os.WriteFile(filepath.Join(fixture.Cgroup(), "cgroup.procs"), []byte("0"), 0))
		return do(w)
	}
}

var homes = map[string]string{"tcp4": "127.0.0.1:0", "tcp6": "[::1]:0", "udp4": "127.0.0.1:0", "udp6": "[::1]:0", "unix": "@gobpftool-work"}

// single makes sockets of one path: those of several know less of BPF.
var single = func() (c net.ListenConfig) { c.SetMultipathTCP(false); return c }()

// listen opens a socket for the time of the test.
func listen(w *worker, network string) net.Listener {
	w.t.Helper()
	l, err := single.Listen(w.t.Context(), network, homes[network])
	check(w.t, err)
	w.t.Cleanup(func() { l.Close() })
	return l
}

// connects makes a connection.
func connects(network string) func(w *worker) string {
	return func(w *worker) string {
		l := listen(w, network)
		defer l.Close()
		c, err := net.Dial(network, l.Addr().String())
		if err == nil {
			c.Close()
		}
		return became(err, done)
	}
}

// binds gives a socket an address.
func binds(network string) func(w *worker) string {
	return func(*worker) string {
		l, err := net.Listen(network, homes[network])
		if err == nil {
			l.Close()
		}
		return became(err, done)
	}
}

// datagram sends a datagram from one socket to another.
func datagram(network string) func(w *worker) string {
	return func(w *worker) string {
		from, to := packets(w, network), packets(w, network)
		defer from.Close()
		defer to.Close()
		return exchange(from, to, func(net.Addr) string { return arrives })
	}
}

func packets(w *worker, network string) net.PacketConn {
	w.t.Helper()
	home := homes[network]
	if network == "unixgram" {
		home = "@" + filepath.Base(w.t.TempDir()) + w.t.Name()
	}
	c, err := net.ListenPacket(network, home)
	check(w.t, err)
	return c
}

// exchange sends a datagram, and judges it by where it seems to come from.
func exchange(from, to net.PacketConn, judge func(net.Addr) string) string {
	if _, err := from.WriteTo([]byte("work"), to.LocalAddr()); err != nil {
		return became(err, "")
	}
	to.SetReadDeadline(time.Now().Add(patience))
	_, addr, err := to.ReadFrom(make([]byte, 100))
	if err != nil {
		return became(err, "")
	}
	return judge(addr)
}

// shownFrom tells whether a datagram comes from another address.
func shownFrom(network string) func(w *worker) string {
	return func(w *worker) string {
		from, to := packets(w, network), packets(w, network)
		defer from.Close()
		defer to.Close()
		return exchange(from, to, func(addr net.Addr) string { return whether(addr.String()) })
	}
}

func whether(addr string) string {
	if strings.HasSuffix(addr, ":4242") || addr == otherName {
		return otherway
	}
	return itself
}

// shown tells whether a connected socket has another address, by a system call that says so. The one
// that is asked, the accepted one or the other, belongs to the cgroup of the tests; the one that it was made from does not.
func shown(network string, accepted bool, ask func(fd int) (unix.Sockaddr, error)) func(w *worker) string {
	return func(w *worker) string {
		l := listen(w, network)
		defer l.Close()
		var client net.Conn
		within(func(*worker) string {
			var err error
			client, err = net.Dial(network, l.Addr().String())
			check(w.t, err)
			return done
		})(w)
		server, err := l.Accept()
		check(w.t, err)
		defer client.Close()
		defer server.Close()
		if accepted {
			return w.named(server.(syscall.Conn), ask)
		}
		return w.named(client.(syscall.Conn), ask)
	}
}

// named tells whether a socket has another address.
func (w *worker) named(c syscall.Conn, ask func(fd int) (unix.Sockaddr, error)) (answer string) {
	w.t.Helper()
	raw, err := c.SyscallConn()
	check(w.t, err)
	check(w.t, raw.Control(func(fd uintptr) {
		switch addr, err := ask(int(fd)); addr := addr.(type) {
		case *unix.SockaddrInet4:
			answer = whether((&net.TCPAddr{Port: addr.Port}).String())
		case *unix.SockaddrInet6:
			answer = whether((&net.TCPAddr{Port: addr.Port}).String())
		case *unix.SockaddrUnix:
			answer = whether(addr.Name)
		default:
			answer = became(err, "no address")
		}
	}))
	return answer
}

// pair returns both ends of a connection.
func pair(w *worker) (client, server net.Conn) {
	w.t.Helper()
	l := listen(w, "tcp4")
	defer l.Close()
	client, err := net.Dial("tcp4", l.Addr().String())
	check(w.t, err)
	server, err = l.Accept()
	check(w.t, err)
	return client, server
}

// connectsUnix makes a connection to a name.
func connectsUnix(w *worker) string {
	l, err := net.Listen("unix", "@"+w.t.Name())
	check(w.t, err)
	defer l.Close()
	c, err := net.Dial("unix", l.Addr().String())
	if err == nil {
		c.Close()
	}
	return became(err, done)
}

// socket makes a socket, and closes it.
func socket(*worker) string {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err == nil {
		err = unix.Close(fd)
	}
	return became(err, done)
}

// option sets an option of a socket and asks for it.
func option(set bool) func(*worker) string {
	return func(w *worker) string {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
		check(w.t, err)
		defer unix.Close(fd)
		if set {
			return became(unix.SetsockoptInt(fd, unix.SOL_IP, unix.IP_TTL, 63), done)
		}
		n, err := unix.GetsockoptInt(fd, unix.SOL_IP, unix.IP_TTL)
		if n == otherPort {
			return became(err, otherway)
		}
		return became(err, itself)
	}
}

// reads reads a little of a file.
func reads(path string) func(*worker) string {
	return func(*worker) string {
		f, err := os.Open(path)
		if err == nil {
			defer f.Close()
			_, err = f.Read(make([]byte, 1))
		}
		return became(err, done)
	}
}

// attachedTo attaches the program to a socket by an option, if it is to be attached.
func (w *worker) attachedTo(c syscall.Conn, option int) {
	w.t.Helper()
	if !w.on {
		return
	}
	raw, err := c.SyscallConn()
	check(w.t, err)
	program := w.work().FD()
	var failed error
	check(w.t, raw.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, option, program)
	}))
	check(w.t, failed)
}

// toSocket sends a datagram to a socket that has the program.
func toSocket(w *worker) string {
	from, to := packets(w, "udp4"), packets(w, "udp4")
	defer from.Close()
	defer to.Close()
	w.attachedTo(to.(*net.UDPConn), unix.SO_ATTACH_BPF)
	return exchange(from, to, func(net.Addr) string { return arrives })
}

// together lets sockets share a port.
var together = func() net.ListenConfig {
	c := single
	c.Control = func(_, _ string, c syscall.RawConn) error {
		var failed error
		err := c.Control(func(fd uintptr) {
			failed = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
		})
		return errors.Join(err, failed)
	}
	return c
}()

// toGroup sends a datagram to a group of sockets that has the program.
func toGroup(w *worker) string {
	from := packets(w, "udp4")
	defer from.Close()
	to, err := together.ListenPacket(w.t.Context(), "udp4", "127.0.0.1:0")
	check(w.t, err)
	defer to.Close()
	w.attachedTo(to.(*net.UDPConn), unix.SO_ATTACH_REUSEPORT_EBPF)
	return exchange(from, to, func(net.Addr) string { return arrives })
}

// migrates closes one of two sockets that wait for connections, when it has one.
func migrates(w *worker) string {
	one, err := together.Listen(w.t.Context(), "tcp4", "127.0.0.1:0")
	check(w.t, err)
	defer one.Close()
	other, err := together.Listen(w.t.Context(), "tcp4", one.Addr().String())
	check(w.t, err)
	defer other.Close()
	w.attachedTo(one.(*net.TCPListener), unix.SO_ATTACH_REUSEPORT_EBPF)
	n := 0
	for ; !waits(w, one.(*net.TCPListener)); n++ {
		c, err := net.Dial("tcp4", one.Addr().String())
		check(w.t, err)
		defer c.Close()
	}
	check(w.t, one.Close())
	other.(*net.TCPListener).SetDeadline(time.Now().Add(patience))
	for range n {
		c, err := other.Accept()
		if err != nil {
			return became(err, "")
		}
		c.Close()
	}
	return arrives
}

// waits reports whether a connection waits to be accepted.
func waits(w *worker, l *net.TCPListener) bool {
	raw, err := l.SyscallConn()
	check(w.t, err)
	var n int
	check(w.t, raw.Control(func(fd uintptr) {
		n, _ = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 10)
	}))
	return n > 0
}

// lookedUp connects to where no socket is, with one in the map.
func lookedUp(w *worker) string {
	l := listen(w, "tcp4")
	defer l.Close()
	w.putSocket(l.(*net.TCPListener))
	c, err := net.Dial("tcp4", "127.0.0.1:1")
	if err == nil {
		c.Close()
	}
	return became(err, done)
}

// putSocket puts a socket into the map "sockets".
func (w *worker) putSocket(c syscall.Conn) {
	w.t.Helper()
	raw, err := c.SyscallConn()
	check(w.t, err)
	table := w.table("sockets")
	var failed error
	check(w.t, raw.Control(func(fd uintptr) { failed = table.Put(uint32(0), uint64(fd)) }))
	check(w.t, failed)
}

// sendsInMap sends by a connection that is in the map.
func sendsInMap(w *worker) string {
	client, server := pair(w)
	defer client.Close()
	defer server.Close()
	w.putSocket(client.(*net.TCPConn))
	_, err := client.Write([]byte("work"))
	return became(err, done)
}

// receivesInMap receives by a connection that is in the map.
func receivesInMap(w *worker) string {
	client, server := pair(w)
	defer client.Close()
	defer server.Close()
	w.putSocket(server.(*net.TCPConn))
	_, err := client.Write([]byte("work"))
	check(w.t, err)
	server.SetReadDeadline(time.Now().Add(patience))
	_, err = server.Read(make([]byte, 10))
	return became(err, arrives)
}
