package audit

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gobpftool/gobpftool/internal/denied"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
)

// rights are the capabilities that are looked at, and what cannot be done without.
var rights = [...]struct {
	needs.Capability
	without string
}{
	{needs.BPF, "no program is loaded, no map made and no BTF loaded but by those for whom " + unprivileged + " is 0, and then only of the simplest types"},
	{needs.Perfmon, "no program is loaded that traces (kprobe, tracepoint, perf_event, raw_tracepoint, tracing, lsm, struct_ops), none reads the memory of the kernel or sees its addresses, and perf events of the kernel are not opened"},
	{needs.NetAdmin, "no program is loaded that works on packets (xdp, sched_cls, lwt, sk_skb, flow_dissector, netfilter) or sockets of a cgroup, none is attached to devices and cgroups, and maps of devices and sockets are not made"},
	{needs.SysAdmin, "objects are not found by their IDs, so nothing is listed, programs and maps of others are not opened, tracefs and bpffs are not mounted, and bpf_probe_write_user is not called"},
}

// callerRules are about the process that asks.
func callerRules() []Rule {
	const group = "caller"
	var list []Rule
	for _, r := range rights {
		word := strings.ToLower(strings.ReplaceAll(r.String(), "_", "-"))
		list = append(list, Rule{
			ID: word, Group: group, About: "this process has " + r.String(),
			When:  "warn if it lacks it, and what is as good; or has it in another user namespace than the initial one",
			Why:   "without it " + r.without,
			Mend:  "run as root, or: setcap " + strings.ToLower(r.String()) + "=ep FILE, for the file of the program",
			from:  ofCaller,
			judge: func(s *State) judgement { return s.judgeRight(r.Capability) },
		})
	}
	return append(list,
		Rule{
			ID: "user-namespace", Group: group, About: "this process is in the initial user namespace",
			When:  "warn if it is not",
			Why:   "capabilities in another one do not count for bpf(2) without a token, which a BPF file system must delegate",
			Mend:  "run outside of the namespace, or mount a BPF file system for it with options such as delegate_cmds",
			from:  ofCaller,
			judge: judgeNamespace,
		},
		Rule{
			ID: "seccomp", Group: group, About: "a seccomp filter is active for this process",
			When:  "warn if one is: what it forbids cannot be read",
			Why:   "filters such as that of Docker answer bpf(2) and perf_event_open(2) before the kernel does, with an error that says nothing of them",
			Mend:  "what starts the process must allow bpf(2) and perf_event_open(2): SystemCallFilter= of systemd, or the seccomp profile of the container",
			from:  ofCaller,
			judge: judgeSeccomp,
		},
	)
}

func ofCaller(s *State) Source { return s.Caller.Source }

// standing returns what [denied] knows of the process.
func (c Caller) standing() *denied.Standing {
	effective, err1 := strconv.ParseUint(c.Effective, 16, 64)
	bounding, err2 := strconv.ParseUint(c.Bounding, 16, 64)
	return &denied.Standing{
		Process: denied.Process{
			Known: c.known() && err1 == nil && err2 == nil, UID: c.UID, Last: needs.Capability(c.Last),
			Effective: denied.Set(effective), Bounding: denied.Set(bounding), Filtered: c.Filtered, NoNewPrivs: c.NoNewPrivs,
		},
		Namespace: c.Namespace,
	}
}

// adminEnough is the kernel from which on CAP_SYS_ADMIN is as good as CAP_NET_ADMIN for maps of devices and sockets.
var adminEnough = names.Version{Major: 6, Minor: 9}

// judgeRight looks for a capability, or one that is as good.
func (s *State) judgeRight(c needs.Capability) judgement {
	p := s.Caller.standing()
	evidence := "CapEff: " + s.Caller.Effective
	has, admin := p.Effective.Has(c), p.Effective.Has(needs.SysAdmin)
	switch old := p.Last != 0 && p.Last < c; {
	case !p.Known: // of a saved state that is broken
		return strange(evidence)
	case (has || admin) && s.Caller.Namespace != "":
		return warn(fmt.Sprintf("this process has %s in its user namespace only", c), fmt.Sprintf("%s; %s", evidence, s.Caller.Namespace)).mended("%s", "run outside of the namespace")
	case has:
		return pass(fmt.Sprintf("this process has %s", c), evidence)
	case old && admin:
		return pass(fmt.Sprintf("this process has %s, in the place of which %s came with Linux 5.8", needs.SysAdmin, c), evidence)
	case admin && c == needs.NetAdmin && s.before(adminEnough):
		return warn(fmt.Sprintf("this process lacks %s: before Linux %s, %s makes no maps of devices and sockets", c, adminEnough, needs.SysAdmin), evidence).mended("%s", p.Obtain([]needs.Capability{c}))
	case admin:
		return pass(fmt.Sprintf("this process has %s, which is as good as %s", needs.SysAdmin, c), evidence)
	case old:
		return warn(fmt.Sprintf("this process lacks %s, in the place of which %s came with Linux 5.8", needs.SysAdmin, c), evidence).mended("%s", p.Obtain([]needs.Capability{needs.SysAdmin}))
	}
	return warn(fmt.Sprintf("this process lacks %s", c), evidence).mended("%s", p.Obtain([]needs.Capability{c}))
}

func judgeNamespace(s *State) judgement {
	if s.Caller.Namespace != "" {
		return warn("this process is in a user namespace, where capabilities do not count", "it is "+s.Caller.Namespace)
	}
	return pass("this process is in the initial user namespace", "it is that of /proc/self/ns/user")
}

func judgeSeccomp(s *State) judgement {
	if s.Caller.Filtered {
		return warn("a seccomp filter is active, and may forbid bpf(2)", "Seccomp: 2")
	}
	return pass("no seccomp filter is active", "Seccomp is not 2")
}
