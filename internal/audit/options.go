package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/names"
)

// An Option is one of the kernel's configuration.
type Option struct {
	Name    string
	Without Level         // how bad it is if it is not set: Pass if it is written down for those who compare, and no more
	Since   names.Version // the mainline that brought it; zero if it is older than BPF
	Gives   string        // what it is for
}

// How much depends on an option.
const (
	told    = Pass // nothing
	special = Note // something that few ask for
	wanted  = Warn // what many programs do
	needed  = Fail // BPF as a whole
)

func v(major, minor uint16) names.Version { return names.Version{Major: major, Minor: minor} }

// options are those that matter to BPF. Among them are all that "feature probe" shows.
//
// Source: the Kconfig files of mainline Linux, and what depends on them in its Makefiles; for what a kernel
// has, the configurations of those that the tests look at.
var options = []Option{
	{"CONFIG_BPF", needed, v(3, 18), "the core of BPF, socket filters included"},
	{"CONFIG_BPF_SYSCALL", needed, v(3, 18), "the system call bpf(2)"},
	{"CONFIG_HAVE_EBPF_JIT", wanted, v(4, 7), "a JIT compiler for this architecture"},
	{"CONFIG_BPF_JIT", wanted, v(3, 0), "the JIT compiler"},
	{"CONFIG_BPF_JIT_ALWAYS_ON", wanted, v(4, 15), "a kernel without the interpreter, which Spectre attacks use"},
	{"CONFIG_BPF_UNPRIV_DEFAULT_OFF", wanted, v(5, 13), "users without rights who may not load programs from the start on"},
	{"CONFIG_BPF_LSM", wanted, v(5, 7), "programs of type lsm"},

	{"CONFIG_DEBUG_INFO_BTF", wanted, v(5, 2), "types of the kernel: CO-RE, fentry, fexit, LSM, struct_ops, kfuncs"},
	{"CONFIG_DEBUG_INFO_BTF_MODULES", wanted, v(5, 11), "types of modules"},
	{"CONFIG_KALLSYMS", wanted, names.Version{}, "the names of the kernel's functions: kprobes by name, and stack traces that can be read"},
	{"CONFIG_KALLSYMS_ALL", special, names.Version{}, "the names of the kernel's variables: externs of type __ksym, and how loaders find them"},

	{"CONFIG_CGROUPS", wanted, names.Version{}, "cgroups"},
	{"CONFIG_CGROUP_BPF", wanted, v(4, 10), "programs attached to cgroups"},
	{"CONFIG_CGROUP_NET_CLASSID", special, v(3, 14), "the helper bpf_get_cgroup_classid, and classes of cgroup v1"},
	{"CONFIG_SOCK_CGROUP_DATA", wanted, v(4, 5), "sockets that know their cgroup, for programs and their helpers"},

	{"CONFIG_PERF_EVENTS", wanted, names.Version{}, "perf events: perf_event_open(2), perf buffers, programs attached to kprobes and tracepoints without links"},
	{"CONFIG_BPF_EVENTS", wanted, v(4, 1), "programs attached to kprobes, uprobes, tracepoints and perf events"},
	{"CONFIG_KPROBES", wanted, names.Version{}, "kprobes"},
	{"CONFIG_KPROBE_EVENTS", wanted, v(4, 12), "kprobes as events, to which programs are attached"},
	{"CONFIG_UPROBE_EVENTS", wanted, v(4, 12), "uprobes and USDT as events, to which programs are attached"},
	{"CONFIG_TRACING", wanted, names.Version{}, "tracepoints and tracefs"},
	{"CONFIG_FTRACE_SYSCALLS", wanted, names.Version{}, "tracepoints of system calls"},
	{"CONFIG_FUNCTION_TRACER", wanted, names.Version{}, "places in the kernel's functions for fentry, fexit and kprobes without a breakpoint"},
	{"CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS", wanted, v(5, 5), "fentry, fexit and LSM: calls of programs from the kernel's functions"},
	{"CONFIG_FPROBE", wanted, v(5, 18), "kprobe_multi links: many functions at once"},
	{"CONFIG_FUNCTION_ERROR_INJECTION", special, v(4, 16), "functions that may be made to fail"},
	{"CONFIG_BPF_KPROBE_OVERRIDE", special, v(4, 16), "the helper bpf_override_return, which makes them fail"},

	{"CONFIG_NET", wanted, names.Version{}, "the network"},
	{"CONFIG_XDP_SOCKETS", special, v(4, 18), "AF_XDP sockets and maps of type xskmap"},
	{"CONFIG_LWTUNNEL_BPF", special, v(4, 10), "programs attached to routes: lwt_in, lwt_out, lwt_xmit"},
	{"CONFIG_NET_ACT_BPF", special, v(4, 1), "programs as actions of traffic control"},
	{"CONFIG_NET_CLS_BPF", wanted, v(3, 13), "programs as filters of traffic control"},
	{"CONFIG_NET_CLS_ACT", wanted, names.Version{}, "actions of traffic control, direct-action filters and tcx"},
	{"CONFIG_NET_SCH_INGRESS", wanted, names.Version{}, "the qdiscs ingress and clsact, to which programs are attached"},
	{"CONFIG_NETKIT", special, v(6, 7), "netkit devices, which programs drive"},
	{"CONFIG_XFRM", special, names.Version{}, "IPsec: the helper bpf_skb_get_xfrm_state"},
	{"CONFIG_IP_ROUTE_CLASSID", special, names.Version{}, "the helper bpf_get_route_realm"},
	{"CONFIG_IPV6_SEG6_BPF", special, v(4, 18), "programs of type lwt_seg6local"},
	{"CONFIG_BPF_LIRC_MODE2", special, v(4, 18), "programs that decode infrared remote controls"},
	{"CONFIG_BPF_STREAM_PARSER", special, v(4, 14), "sockmaps that cut streams of TCP into messages"},
	{"CONFIG_NETFILTER_XT_MATCH_BPF", special, names.Version{}, "iptables -m bpf"},
	{"CONFIG_NETFILTER_BPF_LINK", special, v(6, 4), "programs of type netfilter"},

	{"CONFIG_SCHED_CLASS_EXT", special, v(6, 12), "sched_ext: programs that are schedulers"},
	{"CONFIG_HID_BPF", special, v(6, 3), "programs for keyboards, mice and the like"},
	{"CONFIG_TEST_BPF", told, v(3, 16), "the kernel's tests of its interpreter and JIT compiler"},
	{"CONFIG_HZ", told, names.Version{}, "the length of a tick, which programs with jiffies want to know"},
}

// Options returns the options that are looked at.
func Options() []Option { return slices.Clone(options) }

// configRules are about how the kernel was configured, a rule for each option that something depends on.
func configRules() []Rule {
	var list []Rule
	for _, o := range options {
		if o.ID() == "" {
			continue
		}
		list = append(list, Rule{
			ID: o.ID(), Group: "config", About: o.Name + " is set",
			Why:   "it brings " + o.Gives,
			Mend:  "a kernel that is built with " + o.Name,
			from:  func(s *State) Source { _, from := s.option(o.Name); return from },
			judge: o.judge,
		})
	}
	return list
}

// ID returns the name of the finding, or nothing if there is none: "config-bpf-syscall" for CONFIG_BPF_SYSCALL.
func (o Option) ID() string {
	if o.Without == told {
		return ""
	}
	return strings.ToLower(strings.ReplaceAll(o.Name, "_", "-"))
}

// judge tells whether an option is set, built in or as a module.
func (o Option) judge(s *State) judgement {
	value, _ := s.option(o.Name)
	if value != nil {
		return pass(fmt.Sprintf("%s is set", o.Name), fmt.Sprintf("%s=%s", o.Name, *value))
	}
	const evidence = "it is not set there"
	switch {
	case o.Without == needed:
		return fail(fmt.Sprintf("%s is not set", o.Name), evidence)
	case s.before(o.Since):
		return note(fmt.Sprintf("%s is not set: it came with Linux %s", o.Name, o.Since), evidence+", and this is "+s.Kernel.Value)
	case o.Without == special:
		return note(fmt.Sprintf("%s is not set", o.Name), evidence)
	}
	return warn(fmt.Sprintf("%s is not set", o.Name), evidence)
}
