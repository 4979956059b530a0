package decl

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/uapi"
)

// TestBesideCompile compiles the declarations of the golden file together with
// its headers, before and after them.
func TestBesideCompile(t *testing.T) {
	fixture.Need(t, fixture.Clang)
	tree, want, _ := goldenHeaders(t)
	dir := t.TempDir()
	if err := os.CopyFS(dir, tree); err != nil {
		t.Fatal(err)
	}
	flags := besideFlags(t, dir, []byte(want))
	for name := range tree {
		if strings.HasPrefix(name, "linux/") {
			compileBeside(t, flags, name)
		}
	}
	const registers = "#include <linux/ptrace.h>\nunsigned long f(struct pt_regs *r) { return r->%s; }\n"
	compile(t, fmt.Appendf(nil, "#include <vmlinux.h>\n"+registers, "di"), flags...)
	compile(t, fmt.Appendf(nil, registers+"#include <vmlinux.h>\n", "rdi"), flags...)
}

// besideFlags writes declarations to a file, and returns what makes a compiler
// find it, after what is in dir. Nothing that it says is to be overlooked, but for
// members without names of structs with names, which kernels have since Linux 6.19.
func besideFlags(t *testing.T, dir string, declarations []byte) []string {
	t.Helper()
	own := t.TempDir()
	if err := os.WriteFile(filepath.Join(own, "vmlinux.h"), declarations, 0o666); err != nil {
		t.Fatal(err)
	}
	return []string{"-Wall", "-Werror", "-Wno-missing-declarations", "-D__TARGET_ARCH_x86", "-I" + own, "-isystem", dir}
}

// compileBeside compiles headers behind declarations and before them.
func compileBeside(t *testing.T, flags []string, headers ...string) {
	t.Helper()
	const own = "#include <vmlinux.h>\n"
	var others strings.Builder
	for _, h := range headers {
		fmt.Fprintf(&others, "#include <%s>\n", h)
	}
	compile(t, []byte(own+others.String()), flags...)
	compile(t, []byte(others.String()+own), flags...)
}

// common are headers that programs include most.
var common = strings.Fields(`ip ipv6 tcp udp in in6 icmpv6 if_ether if_packet if_vlan if_link mpls netfilter
	pkt_cls bpf filter perf_event ptrace fs types errno limits stat time signal socket rtnetlink`)

// TestBesideInstalled compiles the declarations of this kernel together with the
// headers of this machine.
func TestBesideInstalled(t *testing.T) {
	fixture.Need(t, fixture.Clang)
	const kernel = "/sys/kernel/btf/vmlinux"
	machine, _ := filepath.Glob("/usr/include/*/asm/types.h")
	if _, err := os.Stat(kernel); err != nil || machine == nil {
		t.Skip("needs the types of the kernel, and headers in /usr/include")
	}
	dir := strings.TrimSuffix(machine[0], "/asm/types.h")
	headers, err := uapi.Read(os.DirFS("/usr/include"), os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := C(&b, sample(t, kernel), Options{Beside: headers}); err != nil {
		t.Fatal(err)
	}
	flags := besideFlags(t, dir, b.Bytes())
	var all []string
	for _, name := range common {
		all = append(all, "linux/"+name+".h")
		if !testing.Short() {
			compileBeside(t, flags, all[len(all)-1])
		}
	}
	compileBeside(t, flags, all...)
	// These need the C library, but for what the declarations say.
	for _, name := range []string{"icmp", "if", "if_arp"} {
		compile(t, []byte("#include <vmlinux.h>\n#include <linux/"+name+".h>\n"), flags...)
	}
	compile(t, []byte(packets), flags...)
	if _, err := os.Stat("/usr/include/bpf/bpf_tracing.h"); err == nil && runtime.GOARCH == "amd64" {
		compile(t, []byte(tracing), flags...)
	}
}

// packets uses headers for packets, and declarations for what is the kernel's.
const packets = `#include <linux/ip.h>
#include <vmlinux.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/tcp.h>

static long (*read)(void *to, __u32 size, const void *from) = (void *)113;

int packet(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct tcphdr *tcp = (void *)(ip + 1);

	if ((void *)(tcp + 1) > end || eth->h_proto != ETH_P_IP || ip->protocol != IPPROTO_TCP)
		return XDP_PASS;
	return tcp->dest == 80 ? XDP_DROP : XDP_PASS;
}

int task(struct task_struct *task, struct sock *sk, struct bpf_prog *prog)
{
	struct task_struct *parent;
	struct in6_addr to = sk->__sk_common.skc_v6_daddr;

	read(&parent, sizeof(parent), __builtin_preserve_access_index(&task->real_parent));
	return parent->tgid + to.s6_addr[0] + (prog->type == BPF_PROG_TYPE_XDP);
}
`

// tracing uses the macros of libbpf, which want the kernel's registers.
const tracing = `#include <vmlinux.h>
#include <linux/ptrace.h>
#include <linux/socket.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

SEC("kprobe/tcp_v6_connect")
int BPF_KPROBE(connect, struct sock *sk)
{
	struct in6_addr to = BPF_CORE_READ(sk, __sk_common.skc_v6_daddr);
	struct task_struct *task = (void *)bpf_get_current_task();

	return BPF_CORE_READ(task, real_parent, tgid) + to.s6_addr[0] + bpf_ntohs(PT_REGS_PARM2(ctx));
}

SEC("fentry/bpf_prog_put")
int BPF_PROG(put, struct bpf_prog *prog)
{
	return prog->type == BPF_PROG_TYPE_XDP;
}
`
