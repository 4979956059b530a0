package denied

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/render"
)

// Types that the requests of these tests are about.
const (
	hash        names.MapType    = 1
	lpmTrie     names.MapType    = 11
	sockmap     names.MapType    = 15
	filter      names.ProgType   = 1 // socket_filter
	kprobe      names.ProgType   = 2
	xdp         names.ProgType   = 6
	cgroupSkb   names.ProgType   = 8
	tracing     names.ProgType   = 26
	traceRawTP  names.AttachType = 23
	traceFentry names.AttachType = 24
)

// full are all capabilities, and just some of them.
const full = Set(1<<41 - 1)

func just(list ...needs.Capability) (s Set) {
	for _, c := range list {
		s |= 1 << c
	}
	return s
}

func without(list ...needs.Capability) Set { return full &^ just(list...) }

// standing is that of a user with some capabilities, on a usual system.
func standing(effective Set) *Standing {
	return &Standing{
		Process:  Process{Known: true, UID: 1000, Effective: effective, Bounding: full, Last: 40},
		Settings: map[string]string{unprivileged: "2", paranoid: "2"},
		Memlock:  8 << 20, Kernel: names.Version{Major: 6, Minor: 18},
		Reached: make(map[bpf.Command]error),
	}
}

// but changes a standing.
func (s *Standing) but(change func(*Standing)) *Standing {
	change(s)
	return s
}

func inNamespace(s *Standing) { s.Namespace = "user:[4026532448]" }

func of(minor uint16) func(*Standing) {
	return func(s *Standing) { s.Kernel = names.Version{Major: 5, Minor: minor} }
}

// answering is where a filter is active, and what came back when the kernel was to be reached.
func answering(c bpf.Command, answer unix.Errno) func(*Standing) {
	return func(s *Standing) { s.Filtered, s.Reached[c] = true, bpf.Errno(answer) }
}

// said adds what the verifier said.
func (r Request) said(log string) Request {
	r.Log = log
	return r
}

func (r Request) by(token string) Request {
	r.Token = token
	return r
}

const processed = "\nprocessed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n\x00\x00"

var whyTests = []struct {
	name  string
	s     *Standing
	asked Request
	errno unix.Errno
	want  string
	hint  string
}{
	{"one is missing", standing(just(needs.BPF)), Prog(kprobe, 0), unix.EPERM,
		"denied (CAP_PERFMON is missing: programs of type kprobe need it (CapEff: 0000008000000000))", "run as root, or: setcap cap_perfmon=ep FILE, for the file of the program"},
	{"two are", standing(0), Prog(xdp, 0), unix.EPERM,
		"denied (CAP_NET_ADMIN and CAP_BPF are missing: programs of type xdp need them (CapEff: 0000000000000000))", "run as root, or: setcap cap_net_admin,cap_bpf=ep FILE, for the file of the program"},
	{"the setting is 2", standing(0), Prog(filter, 0), unix.EPERM,
		"denied (CAP_BPF is missing: programs of type socket_filter need it, as kernel.unprivileged_bpf_disabled is 2 (CapEff: 0000000000000000))",
		"run as root, or: setcap cap_bpf=ep FILE, for the file of the program; for all users: sysctl kernel.unprivileged_bpf_disabled=0"},
	{"the setting is 1", standing(0).but(func(s *Standing) { s.Settings[unprivileged] = "1" }), Map(hash, 0), unix.EPERM,
		"denied (CAP_BPF is missing: maps of type hash need it, as kernel.unprivileged_bpf_disabled is 1 (CapEff: 0000000000000000))",
		"run as root, or: setcap cap_bpf=ep FILE, for the file of the program; the setting stays 1 until the next boot"},
	{"the setting cannot be read", standing(0).but(func(s *Standing) { s.Settings = nil }), Map(hash, 0), unix.EPERM,
		"denied (CAP_BPF is missing: maps of type hash need it (CapEff: 0000000000000000))", "run as root, or: setcap cap_bpf=ep FILE, for the file of the program"},
	{"the setting, of two that are needed", standing(just(needs.NetAdmin)), Map(sockmap, 0), unix.EPERM,
		"denied (CAP_BPF is missing: maps of type sockmap need it, as kernel.unprivileged_bpf_disabled is 2 (CapEff: 0000000000001000))",
		"run as root, or: setcap cap_bpf=ep FILE, for the file of the program; for all users: sysctl kernel.unprivileged_bpf_disabled=0"},
	{"the other of two", standing(just(needs.BPF)), Map(sockmap, 0), unix.EPERM,
		"denied (CAP_NET_ADMIN is missing: maps of type sockmap need it (CapEff: 0000008000000000))", "run as root, or: setcap cap_net_admin=ep FILE, for the file of the program"},
	{"the setting is 0", standing(0).but(func(s *Standing) { s.Settings[unprivileged] = "0" }), Map(lpmTrie, 0), unix.EPERM,
		"denied (CAP_BPF is missing: maps of type lpm_trie need it (CapEff: 0000000000000000))", "run as root, or: setcap cap_bpf=ep FILE, for the file of the program"},
	{"a flag", standing(just(needs.BPF)), Map(hash, 1<<6), unix.EPERM,
		"denied (CAP_SYS_ADMIN is missing: maps of type hash need it (CapEff: 0000008000000000))", "run as root, or: setcap cap_sys_admin=ep FILE, for the file of the program"},
	{"attaching", standing(just(needs.BPF)), Link(cgroupSkb), unix.EPERM,
		"denied (CAP_NET_ADMIN is missing: links of programs of type cgroup_skb need it (CapEff: 0000008000000000))", "run as root, or: setcap cap_net_admin=ep FILE, for the file of the program"},
	{"a perf event", standing(0), PerfEvent(), unix.EACCES,
		"denied (CAP_PERFMON is missing: perf events need it, as kernel.perf_event_paranoid is 2 (CapEff: 0000000000000000))",
		"run as root, or: setcap cap_perfmon=ep FILE, for the file of the program; for all users: sysctl kernel.perf_event_paranoid=-1"},
	{"taken for good", standing(0).but(func(s *Standing) { s.UID, s.Bounding = 0, without(needs.BPF) }), Types(), unix.EPERM,
		"denied (CAP_BPF is missing: BTF objects need it (CapEff: 0000000000000000))",
		"the process cannot get CAP_BPF (CapBnd: 0000017fffffffff): what starts it must leave it that, such as docker run --cap-add or CapabilityBoundingSet= of systemd"},
	{"given up", standing(0).but(func(s *Standing) { s.UID = 0 }), Types(), unix.EPERM,
		"denied (CAP_BPF is missing: BTF objects need it (CapEff: 0000000000000000))", "the process is root, but was started without CAP_BPF"},
	{"files give none", standing(0).but(func(s *Standing) { s.NoNewPrivs = true }), Types(), unix.EPERM,
		"denied (CAP_BPF is missing: BTF objects need it (CapEff: 0000000000000000))", "run as root: files give no capabilities to this process (NoNewPrivs: 1)"},

	{"before CAP_BPF", standing(just(needs.NetAdmin)).but(of(7)).but(func(s *Standing) { s.Last = 37 }), Prog(kprobe, 0), unix.EPERM,
		"denied (CAP_SYS_ADMIN is missing: programs of type kprobe need it (CapEff: 0000000000001000))", "run as root, or: setcap cap_sys_admin=ep FILE, for the file of the program"},
	{"CAP_SYS_ADMIN was not as good", standing(just(needs.SysAdmin)).but(of(15)), Map(sockmap, 0), unix.EPERM,
		"denied (CAP_NET_ADMIN is missing: maps of type sockmap need it (CapEff: 0000000000200000))", "run as root, or: setcap cap_net_admin=ep FILE, for the file of the program"},
	{"CAP_SYS_ADMIN is as good", standing(just(needs.SysAdmin)), Map(sockmap, 0), unix.EPERM,
		"denied (the cause is not established: no capability that it takes is missing (CapEff: 0000000000200000); the process is in the initial user namespace; no seccomp filter is active; which security modules are active cannot be read (/sys/kernel/security/lsm))", ""},

	{"a filter", standing(full).but(answering(bpf.ProgLoad, unix.EPERM)), Prog(xdp, 0), unix.EPERM,
		"denied (seccomp forbids bpf(2): a filter answers the command prog_load with 'Operation not permitted', whatever its arguments (Seccomp: 2))",
		"what starts the process must allow bpf(2): SystemCallFilter= of systemd, or the seccomp profile of the container"},
	{"a filter that says no such call", standing(0).but(answering(bpf.ProgLoad, unix.ENOSYS)), Prog(xdp, 0), unix.ENOSYS,
		"denied (seccomp forbids bpf(2): a filter answers the command prog_load with 'Function not implemented', whatever its arguments (Seccomp: 2))",
		"what starts the process must allow bpf(2): SystemCallFilter= of systemd, or the seccomp profile of the container"},
	{"a filter that lets it through", standing(0).but(answering(bpf.ProgLoad, unix.E2BIG)), Prog(xdp, 0), unix.EPERM,
		"denied (CAP_NET_ADMIN and CAP_BPF are missing: programs of type xdp need them (CapEff: 0000000000000000))", "run as root, or: setcap cap_net_admin,cap_bpf=ep FILE, for the file of the program"},
	{"a filter that lets it through, and nothing is missing", standing(full).but(answering(bpf.ProgLoad, unix.E2BIG)), Prog(tracing, traceFentry), unix.EPERM,
		"denied (the cause is not established: no capability that it takes is missing (CapEff: 000001ffffffffff); the process is in the initial user namespace; the seccomp filter lets the command prog_load through; the verifier says nothing, as where a kernel forbids to patch its functions; which security modules are active cannot be read (/sys/kernel/security/lsm))", ""},
	{"a filter, or an old kernel", standing(0).but(of(10)).but(answering(bpf.ProgLoad, unix.EPERM)), Prog(xdp, 0), unix.EPERM,
		"denied (CAP_NET_ADMIN and CAP_BPF are missing: programs of type xdp need them (CapEff: 0000000000000000))", "run as root, or: setcap cap_net_admin,cap_bpf=ep FILE, for the file of the program"},
	{"a filter before an old kernel", standing(full).but(of(10)).but(answering(bpf.ProgLoad, unix.EPERM)), Prog(xdp, 0), unix.EPERM,
		"denied (seccomp forbids bpf(2): a filter answers the command prog_load with 'Operation not permitted', whatever its arguments (Seccomp: 2))",
		"what starts the process must allow bpf(2): SystemCallFilter= of systemd, or the seccomp profile of the container"},
	{"no bpf(2)", standing(full).but(func(s *Standing) { s.Settings, s.Reached[bpf.MapCreate] = nil, unix.ENOSYS }), Map(hash, 0), unix.ENOSYS,
		"no (the kernel has no bpf(2): it is built without CONFIG_BPF_SYSCALL, for there is no setting kernel.unprivileged_bpf_disabled)", ""},

	{"a sandbox", standing(full).but(func(s *Standing) { s.Reached[bpf.MapCreate] = unix.EPERM }), Map(hash, 0), unix.EPERM,
		"denied (the command map_create of bpf(2) does not reach the kernel: the answer is 'Operation not permitted', whatever its arguments, and no seccomp filter is active; it may be that a sandbox such as gVisor answers)", ""},
	{"another error", standing(0), Prog(xdp, 0), unix.EACCES,
		"denied (the cause is not established: it is not by 'Permission denied' that the kernel asks for capabilities; the process is in the initial user namespace; no seccomp filter is active; which security modules are active cannot be read (/sys/kernel/security/lsm))", ""},

	{"a perf event in a namespace", standing(full).but(inNamespace), PerfEvent(), unix.EACCES,
		"denied (the process is in a user namespace (user:[4026532448]), where capabilities do not count: perf events need CAP_PERFMON, as kernel.perf_event_paranoid is 2)", "run it outside of the namespace"},
	{"a namespace where something is delegated", standing(full).but(inNamespace).but(func(s *Standing) { s.Delegations = []bpffs.Delegation{{Dir: "/b"}} }), Map(hash, 0), unix.EPERM,
		"denied (the process is in a user namespace (user:[4026532448]), where capabilities do not count without a token: maps of type hash need CAP_BPF, as kernel.unprivileged_bpf_disabled is 2)",
		"the BPF file system on /b delegates: name it by LIBBPF_BPF_TOKEN_PATH"},
	{"a token in the initial namespace", standing(0), Token("/b"), unix.EPERM, "no (the process is in the initial user namespace, where capabilities count and there are no tokens)", ""},
	{"a namespace", standing(full).but(inNamespace), Prog(xdp, 0), unix.EPERM,
		"denied (the process is in a user namespace (user:[4026532448]), where capabilities do not count without a token: programs of type xdp need CAP_NET_ADMIN and CAP_BPF)",
		"run it outside of the namespace, or mount a BPF file system with options such as delegate_cmds for it and name the directory by LIBBPF_BPF_TOKEN_PATH"},
	{"a token without the type", standing(full).but(inNamespace).but(func(s *Standing) {
		s.Delegations = []bpffs.Delegation{{Dir: "/b", Cmds: bpffs.Allowed{"any"}, Progs: bpffs.Allowed{"kprobe", "tracing"}}}
	}), Prog(xdp, 0).by("/b"), unix.EPERM,
		"denied (the token of /b does not allow it: the mount's option delegate_progs=kprobe:tracing lacks xdp; without that, capabilities do not count in a user namespace (user:[4026532448]), and programs of type xdp need CAP_NET_ADMIN and CAP_BPF)", ""},
	{"a token without any attach type", standing(full).but(inNamespace).but(func(s *Standing) {
		s.Delegations = []bpffs.Delegation{{Dir: "/b", Cmds: bpffs.Allowed{"any"}, Progs: bpffs.Allowed{"0x40"}}}
	}), Prog(xdp, 37).by("/b"), unix.EPERM,
		"denied (the token of /b does not allow it: the mount has no option delegate_attachs; without that, capabilities do not count in a user namespace (user:[4026532448]), and programs of type xdp need CAP_NET_ADMIN and CAP_BPF)", ""},
	{"a token, but no capability", standing(without(needs.NetAdmin, needs.SysAdmin)).but(inNamespace).but(func(s *Standing) {
		s.Delegations = []bpffs.Delegation{{Dir: "/b", Cmds: bpffs.Allowed{"any"}, Progs: bpffs.Allowed{"any"}, Attachs: bpffs.Allowed{"any"}}}
	}), Prog(xdp, 37).by("/b"), unix.EPERM,
		"denied (CAP_NET_ADMIN is missing: programs of type xdp need it (CapEff: 000001ffffdfefff))", "run as root, or: setcap cap_net_admin=ep FILE, for the file of the program"},
	{"an old kernel has no tokens", standing(full).but(of(10)).but(inNamespace), Token("/b"), unix.EINVAL, "no (tokens came with Linux 6.9, and this is 5.10)", ""},

	{"the limit", standing(full).but(of(10)).but(func(s *Standing) { s.Counts = true }), Map(hash, 0), unix.EPERM,
		"denied (the limit of locked memory is 8388608 bytes, against which Linux 5.10 counts maps and programs, and this process may not raise it (RLIMIT_MEMLOCK))",
		"ulimit -l unlimited, LimitMEMLOCK=infinity in a unit of systemd, or give the process CAP_SYS_RESOURCE"},
	{"no limit", standing(full).but(of(10)).but(func(s *Standing) {
		s.Counts, s.Memlock, s.Modules = true, math.MaxUint64, []string{"capability", "bpf"}
	}), Map(hash, 0), unix.EPERM,
		"denied (the cause is not established: no capability that it takes is missing (CapEff: 000001ffffffffff); the process is in the initial user namespace; no seccomp filter is active; a security module may forbid it (capability, bpf))", ""},
	{"a limit that does not count", standing(0).but(func(s *Standing) { s.Known = false }), Map(hash, 0), unix.EPERM,
		"denied (the cause is not established: which capabilities the process has cannot be read; nor can whether it is in a user namespace, or a seccomp filter is active; which security modules are active cannot be read (/sys/kernel/security/lsm))", ""},

	{"the verifier", standing(full), Prog(xdp, 0).said("0: (95) exit\nR0 !read_ok" + processed), unix.EACCES, "no (the kernel says: R0 !read_ok)", ""},
	{"a verifier that explains", standing(full), Prog(xdp, 0).said("0: (95) exit\nR0 !read_ok\n\nVerification failed: Policy\n\nSuggestion:\n  Write it." + processed), unix.EACCES, "no (the kernel says: R0 !read_ok)", ""},
	{"the verifier, of one without rights", standing(just(needs.BPF)), Prog(xdp, 0).said("R1 pointer comparison prohibited" + processed), unix.EACCES,
		"no (the kernel says: R1 pointer comparison prohibited)", "the verifier asks more of programs of those who lack CAP_PERFMON"},
	{"the verifier is content", standing(full), Prog(tracing, traceFentry).said("0: R1=ctx() R10=fp0\n0: (b7) r0 = 0\n1: (95) exit" + processed), unix.EPERM,
		"denied (the cause is not established: no capability that it takes is missing (CapEff: 000001ffffffffff); the process is in the initial user namespace; no seccomp filter is active; the verifier says nothing, as where a kernel forbids to patch its functions; which security modules are active cannot be read (/sys/kernel/security/lsm))", ""},
	{"a hidden helper", standing(just(needs.BPF, needs.NetAdmin)), Prog(xdp, 0).said("program of this type cannot use helper bpf_probe_read_kernel#113" + processed), unix.EINVAL,
		"denied (CAP_PERFMON is missing: without it the verifier does not know the helper bpf_probe_read_kernel (CapEff: 0000008000001000))", "run as root, or: setcap cap_perfmon=ep FILE, for the file of the program"},
	{"a helper and the lockdown", standing(full).but(func(s *Standing) { s.Lockdown = integrity }), Prog(kprobe, 0).said("unknown func bpf_probe_write_user#36" + processed), unix.EINVAL,
		"denied (the kernel is locked down, which takes the helper bpf_probe_write_user away (/sys/kernel/security/lockdown: integrity))", ""},
	{"a helper and a lesser lockdown", standing(full).but(func(s *Standing) { s.Lockdown = integrity }), Prog(kprobe, 0).said("unknown func bpf_probe_read_kernel#113"), unix.EINVAL,
		"no (the kernel says: unknown func bpf_probe_read_kernel#113)", ""},
	{"a helper that the type never has", standing(full).but(func(s *Standing) { s.Lockdown = integrity }), Prog(xdp, 0).said("unknown func bpf_probe_write_user#36"), unix.EINVAL,
		"no (the kernel says: unknown func bpf_probe_write_user#36)", ""},
	{"a helper that takes more, and that the type never has", standing(just(needs.BPF, needs.Perfmon, needs.NetAdmin)), Prog(xdp, 0).said("unknown func bpf_probe_write_user#36"), unix.EINVAL,
		"no (the kernel says: unknown func bpf_probe_write_user#36)", ""},
	{"a helper that takes more", standing(just(needs.BPF, needs.Perfmon)), Prog(kprobe, 0).said("unknown func bpf_probe_write_user#36"), unix.EINVAL,
		"denied (CAP_SYS_ADMIN is missing: without it the verifier does not know the helper bpf_probe_write_user (CapEff: 000000c000000000))", "run as root, or: setcap cap_sys_admin=ep FILE, for the file of the program"},
	{"not about rights", standing(0), Map(hash, 0), unix.EINVAL, "unknown ('Invalid argument' is not about rights)", ""},
	{"no errno", standing(0), Map(hash, 0), 0, "unknown (the kernel was not asked)", ""},
}

func TestWhy(t *testing.T) {
	for _, tt := range whyTests {
		t.Run(tt.name, func(t *testing.T) {
			err := errors.New("nothing asked")
			if tt.errno != 0 {
				err = fmt.Errorf("asked: %w", bpf.Errno(tt.errno))
			}
			got := tt.s.Why(tt.asked, err)
			if diff := cmp.Diff([]string{tt.want, tt.hint}, []string{got.Verdict.String(), got.Hint}); diff != "" {
				t.Errorf("Why() mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTell(t *testing.T) {
	asked := fmt.Errorf("loading: %w", bpf.Errno(unix.EPERM))
	s := standing(0)
	err := s.Why(Types(), asked).Tell(asked)
	var h render.Hinted
	if !errors.As(err, &h) || !errors.Is(err, unix.EPERM) || h.Hint == "" {
		t.Errorf("%v has no advice, or lost its number", err)
	}
	if want := "loading: Operation not permitted: CAP_BPF is missing: BTF objects need it (CapEff: 0000000000000000)"; err.Error() != want {
		t.Errorf("Tell() = %q, want %q", err, want)
	}
	other := bpf.Errno(unix.EINVAL)
	if err := s.Why(Types(), other).Tell(other); err != other {
		t.Errorf("Tell() = %v, want the error alone", err)
	}
}

func TestProcess(t *testing.T) {
	const status = "Name:\tx\nUid:\t1\t2\t3\t4\nCapPrm:\t0000000000000000\nCapEff:\t0000008000001000\nCapBnd:\t000001ffffffffff\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t1\n"
	want := Process{Known: true, UID: 2, Effective: just(needs.BPF, needs.NetAdmin), Bounding: full, Filtered: true, NoNewPrivs: true}
	if diff := cmp.Diff(want, process(status)); diff != "" {
		t.Errorf("process() mismatch (-want +got):\n%s", diff)
	}
	if p := process(""); p.Known {
		t.Error("nothing is known of a process whose status cannot be read")
	}
}

func TestChosen(t *testing.T) {
	for text, want := range map[string]string{"none [integrity] confidentiality": "integrity", "[none] integrity": "none", "": ""} {
		if got := chosen(text); got != want {
			t.Errorf("chosen(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestPatches(t *testing.T) {
	for _, tt := range []struct {
		t      names.ProgType
		attach names.AttachType
		want   bool
	}{{tracing, traceFentry, true}, {tracing, traceRawTP, false}, {28, 0, true}, {29, 27, true}, {xdp, 37, false}} {
		if got := patches(tt.t, tt.attach); got != tt.want {
			t.Errorf("patches(%v, %v) = %v", tt.t, tt.attach, got)
		}
	}
}
