package needs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// Capability is a right by its number in include/uapi/linux/capability.h.
type Capability uint8

// The capabilities that have to do with BPF. Before Linux 5.8, SysAdmin was needed for all.
const (
	NetAdmin Capability = 12
	SysAdmin Capability = 21
	SysBoot  Capability = 22
	Syslog   Capability = 34
	Perfmon  Capability = 38
	BPF      Capability = 39
)

var capabilities = map[Capability]string{
	NetAdmin: "CAP_NET_ADMIN", SysAdmin: "CAP_SYS_ADMIN", SysBoot: "CAP_SYS_BOOT", Syslog: "CAP_SYSLOG", Perfmon: "CAP_PERFMON", BPF: "CAP_BPF",
}

// String returns the name of a capability, which starts with CAP_.
func (c Capability) String() string { return capabilities[c] }

// MarshalText implements [encoding.TextMarshaler].
func (c Capability) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// A Right is whether a capability is needed, with Linux 5.8 or later.
type Right struct {
	Capability Capability `json:"capability"`
	verdict.Verdict
	Attach bool `json:"only_to_attach"` // loading does not need it, but attaching does
}

// What asks for capabilities besides CAP_BPF.
//
// Source: which objects of the tests Linux 6.18 and 7.3 load under which capabilities.
var (
	// perfmonTypes are types of programs that see what the kernel does.
	perfmonTypes = []string{
		"kprobe", "tracepoint", "perf_event", "raw_tracepoint", "raw_tracepoint_writable", "tracing", "struct_ops", "ext", "lsm",
	}
	// netTypes are types of programs that change what the network does.
	netTypes = []string{
		"sched_cls", "sched_act", "xdp", "lwt_in", "lwt_out", "lwt_xmit", "lwt_seg6local", "sk_skb", "sk_msg", "flow_dissector",
		"cgroup_device", "cgroup_sock", "cgroup_sock_addr", "cgroup_sockopt", "cgroup_sysctl", "sock_ops", "ext", "netfilter",
	}
	// netToAttach are types of programs that anybody with CAP_BPF loads.
	netToAttach = []string{"cgroup_skb", "sk_lookup"}
	netMaps     = []string{"devmap", "devmap_hash", "sockmap", "sockhash", "xskmap"}

	// perfmonHelpers are those that tell of the kernel or of tasks, or may tell addresses.
	perfmonHelpers = strings.Fields(`
		bpf_copy_from_user bpf_copy_from_user_task bpf_find_vma bpf_get_branch_snapshot bpf_get_current_comm
		bpf_get_current_task bpf_get_current_task_btf bpf_get_task_stack bpf_perf_event_read bpf_perf_event_read_value
		bpf_probe_read bpf_probe_read_kernel bpf_probe_read_kernel_str bpf_probe_read_str bpf_probe_read_user
		bpf_probe_read_user_str bpf_send_signal bpf_send_signal_thread bpf_skc_to_mptcp_sock bpf_skc_to_tcp6_sock
		bpf_skc_to_tcp_request_sock bpf_skc_to_tcp_sock bpf_skc_to_tcp_timewait_sock bpf_skc_to_udp6_sock
		bpf_skc_to_unix_sock bpf_snprintf bpf_snprintf_btf bpf_sys_bpf bpf_task_pt_regs bpf_trace_printk bpf_trace_vprintk`)
	adminHelpers = []string{"bpf_probe_write_user"}
	bootKfuncs   = []string{"crash_kexec"}
)

// rights tells which capabilities are needed.
func (s *scan) rights() []Right {
	net, admin, perfmon := s.netAdmin(), s.sysAdmin(), s.perfmon()
	bpf := verdict.Verdict{Answer: verdict.Yes, Evidence: "whoever loads programs and maps needs it"}
	if admin.Answer == verdict.Yes {
		perfmon = verdict.Verdict{Answer: verdict.No, Evidence: "CAP_SYS_ADMIN is as good"}
		bpf, net.Attach = perfmon, net.Answer == verdict.Yes
	}
	return []Right{
		net,
		{SysAdmin, admin, false},
		{SysBoot, s.called("kfunc", s.kfuncs, bootKfuncs), false},
		{Syslog, s.syslog(), false},
		{Perfmon, perfmon, false},
		{BPF, bpf, false},
	}
}

// ofType tells whether a program that is loaded has one of some types.
func (s *scan) ofType(types []string) verdict.Verdict {
	for _, p := range s.loaded {
		if p.known && slices.Contains(types, p.section.Type.String()) {
			return verdict.Verdict{Answer: verdict.Yes, Evidence: fmt.Sprintf("program %s is of type %s", p.Name, p.section.Type)}
		}
	}
	return verdict.Verdict{Answer: verdict.No}
}

// called tells whether one of some functions is among those that are called.
func (s *scan) called(kind string, list, wanted []string) verdict.Verdict {
	for _, name := range list {
		if slices.Contains(wanted, name) {
			return verdict.Verdict{Answer: verdict.Yes, Evidence: fmt.Sprintf("%s %s is called", kind, name)}
		}
	}
	return verdict.Verdict{Answer: verdict.No}
}

// helperNames returns the helpers that are called, some of them often.
func (s *scan) helperNames() []string {
	list := make([]string, len(s.helpers))
	for i, n := range s.helpers {
		list[i], _ = names.Helper(n)
	}
	return list
}

func (s *scan) netAdmin() Right {
	if v := s.ofType(netTypes); v.Answer == verdict.Yes {
		return Right{NetAdmin, v, false}
	}
	for _, m := range s.object.Maps {
		for d := &m.Def; d != nil; d = d.Inner {
			if t := names.MapType(d.Type).String(); slices.Contains(netMaps, t) {
				return Right{NetAdmin, verdict.Verdict{Answer: verdict.Yes, Evidence: fmt.Sprintf("map %s is of type %s", m.Name, t)}, false}
			}
		}
	}
	v := s.ofType(netToAttach)
	return Right{NetAdmin, s.unlessUnknown(v), v.Answer == verdict.Yes}
}

func (s *scan) sysAdmin() verdict.Verdict {
	if v := s.called("helper", s.helperNames(), adminHelpers); v.Answer == verdict.Yes {
		return v
	}
	for _, name := range s.kfuncs {
		if names.KfuncSince(name).IsZero() {
			return verdict.Verdict{Evidence: fmt.Sprintf("kfunc %s may be one of a module, whose types are found by IDs", name)}
		}
	}
	return verdict.Verdict{Answer: verdict.No}
}

// syslog tells whether addresses are needed that loaders read from /proc/kallsyms.
func (s *scan) syslog() verdict.Verdict {
	for _, e := range s.object.Externs {
		if e.Kind == elfobj.Ksym && e.Type == 0 {
			return verdict.Verdict{Evidence: fmt.Sprintf("without it the address of %s is 0 where kernel.kptr_restrict is not", e.Name)}
		}
	}
	return verdict.Verdict{Answer: verdict.No}
}

func (s *scan) perfmon() verdict.Verdict {
	if v := s.ofType(perfmonTypes); v.Answer == verdict.Yes {
		return v
	}
	if v := s.called("helper", s.helperNames(), perfmonHelpers); v.Answer == verdict.Yes {
		return v
	}
	if v := s.ofType([]string{"netfilter"}); v.Answer == verdict.Yes {
		return verdict.Verdict{Evidence: v.Evidence + ", which needs it to read what its context points to"}
	}
	if loops := s.found[key{Code, loopsName}]; loops != nil {
		return verdict.Verdict{Evidence: fmt.Sprintf("without it the verifier follows jumps that are not taken, and may find no end of the loops of %s", strings.Join(loops.Where, ", "))}
	}
	if len(s.kfuncs) > 0 {
		return verdict.Verdict{Evidence: fmt.Sprintf("kfunc %s may return a pointer, which a program needs it to read through", s.kfuncs[0])}
	}
	return s.unlessUnknown(verdict.Verdict{
		Answer:   verdict.No,
		Evidence: "no type of program or helper asks for it; the verifier does where a program compares, returns or stores pointers",
	})
}

// unlessUnknown is v if the types of all programs are known.
func (s *scan) unlessUnknown(v verdict.Verdict) verdict.Verdict {
	for _, p := range s.loaded {
		if !p.known {
			return verdict.Verdict{Evidence: fmt.Sprintf("section %s says no type for program %s", p.Section, p.Name)}
		}
	}
	return v
}

// What users without capabilities may load at all, where kernel.unprivileged_bpf_disabled is 0.
var (
	nobodysTypes = []string{"socket_filter", "cgroup_skb"}
	nobodysMaps  = []string{
		"array", "percpu_array", "prog_array", "perf_event_array", "cgroup_array", "array_of_maps", "hash", "percpu_hash", "hash_of_maps",
		"ringbuf", "user_ringbuf", "cgroup_storage", "percpu_cgroup_storage",
	}
)

// nobody tells whether a user without capabilities can load the object. list is what it needs.
func (s *scan) nobody(list []Need) verdict.Verdict {
	no := func(format string, a ...any) verdict.Verdict {
		return verdict.Verdict{Answer: verdict.No, Evidence: fmt.Sprintf(format, a...)}
	}
	for _, p := range s.loaded {
		if !p.known || !slices.Contains(nobodysTypes, p.section.Type.String()) {
			return no("program %s is of another type than %s", p.Name, strings.Join(nobodysTypes, " and "))
		}
	}
	for _, m := range s.object.Maps {
		for d := &m.Def; d != nil; d = d.Inner {
			if t := names.MapType(d.Type).String(); !slices.Contains(nobodysMaps, t) {
				return no("map %s is of type %s", m.Name, t)
			}
		}
	}
	for _, need := range list {
		if need.Kind == Code && need.Name != "global variables" || need.Kind == Kfunc {
			return no("%s has %s", strings.Join(need.Where, ", "), need.Name)
		}
	}
	if v := s.called("helper", s.helperNames(), perfmonHelpers); v.Answer == verdict.Yes {
		return no("%s", v.Evidence)
	}
	if len(s.object.Programs) == 0 && len(s.object.Maps) == 0 {
		return verdict.Verdict{Answer: verdict.Yes}
	}
	return verdict.Verdict{Evidence: "nothing is seen that forbids it, but the verifier asks more of programs of users without rights"}
}
