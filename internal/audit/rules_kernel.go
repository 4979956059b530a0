package audit

import (
	"fmt"
	"slices"
	"strings"
)

// kernelRules are about what the kernel allows to root.
func kernelRules() []Rule {
	const group = "kernel"
	return []Rule{
		Rule{
			ID: "lockdown", Group: group, About: "the kernel's lockdown is in the way of BPF",
			When:  "pass for integrity, warn for confidentiality, note for none",
			Why:   "integrity forbids bpf_probe_write_user; confidentiality, in addition, all reading of the kernel's memory: programs that trace are not loaded",
			Mend:  "boot with lockdown=integrity, unless the kernel chooses by itself, as it does after a secure boot",
			from:  func(s *State) Source { return s.Lockdown.Source },
			judge: judgeLockdown,
		},
		Rule{
			ID: "lsm-bpf", Group: group, About: "programs may be security modules",
			When:  "warn if bpf is not among the modules that are active",
			Why:   "programs of type lsm are loaded, but attach to hooks that are never called, or not at all",
			Mend:  "boot with the list of security modules in lsm=, and bpf at its end; the kernel needs CONFIG_BPF_LSM",
			from:  func(s *State) Source { return s.Modules.Source },
			judge: judgeModule,
		},
		Rule{
			ID: "lsm-order", Group: group, About: "the security module of BPF is asked after those that have a policy",
			When:  "warn if selinux, smack, apparmor or tomoyo is behind bpf; note if bpf is not active",
			Why:   "modules are asked in their order until one denies: those behind bpf do not see what a program denies, and a program sees what those would deny",
			Mend:  "boot with bpf at the end of lsm=",
			from:  func(s *State) Source { return s.Modules.Source },
			judge: judgeOrder,
		},
		Rule{
			ID: "memlock", Group: group, About: "locked memory is enough for maps and programs",
			When:  "warn if the kernel is older than 5.11, there is a limit, and the process cannot raise it",
			Why:   "kernels before 5.11 count maps and programs as locked memory, so little of that makes loading fail with 'Operation not permitted'",
			Mend:  "ulimit -l unlimited, LimitMEMLOCK=infinity in a unit of systemd, or give the process CAP_SYS_RESOURCE",
			from:  func(s *State) Source { return s.Memlock.Source },
			judge: judgeMemlock,
		},
	}
}

func judgeLockdown(s *State) judgement {
	evidence := "it is " + s.Lockdown.Value
	switch {
	case s.Lockdown.Absent:
		return note("the kernel has no lockdown: root may change it", "there is no "+s.Lockdown.From)
	}
	switch s.Lockdown.Value {
	case "none":
		return note("the kernel is not locked down: root may change it", evidence)
	case "integrity":
		return pass("the kernel is locked down so far that root cannot change it; programs may read its memory", evidence)
	case "confidentiality":
		return warn("the kernel is locked down so far that programs may not read its memory", evidence)
	}
	return strange(evidence)
}

// bpfModule is what the security module is called whose hooks are programs.
const bpfModule = "bpf"

// place returns the place of the security module of BPF from 1 on, or 0 if it is not active.
func (l List) place() int {
	for i, m := range l.Values {
		if m == bpfModule {
			return i + 1
		}
	}
	return 0
}

func judgeModule(s *State) judgement {
	evidence := "active are " + strings.Join(s.Modules.Values, ", ")
	switch {
	case s.Modules.Absent:
		return warn("the kernel has no security modules, so programs are none", "there is no "+s.Modules.From).mended("a kernel with CONFIG_SECURITY and CONFIG_BPF_LSM")
	case s.Modules.place() == 0:
		return warn("programs are no security modules", evidence).mended("boot with lsm=%s,%s; the kernel needs CONFIG_BPF_LSM", strings.Join(s.Modules.Values, ","), bpfModule)
	}
	return pass("programs may be security modules", evidence)
}

func judgeOrder(s *State) judgement {
	evidence := "active are " + strings.Join(s.Modules.Values, ", ")
	at := s.Modules.place()
	if at == 0 {
		return note("the security module of BPF is not asked", evidence)
	}
	var behind []string
	for _, m := range s.Modules.Values[at:] {
		if slices.Contains(deciders[:], m) {
			behind = append(behind, m)
		}
	}
	if len(behind) > 0 {
		return warn("the security module of BPF is asked before "+strings.Join(behind, ", "), evidence)
	}
	return pass("the security module of BPF is asked after those that have a policy", evidence)
}

// deciders are the security modules with a policy of their own. Others may be behind that of BPF, and some always
// are, such as ima.
var deciders = [...]string{"selinux", "smack", "apparmor", "tomoyo"}

// sysResource is the capability with which limits are raised, by its number.
const sysResource = 24

func judgeMemlock(s *State) judgement {
	m := s.Memlock
	limit := "RLIMIT_MEMLOCK is unlimited"
	if m.Limit != nil {
		limit = fmt.Sprintf("RLIMIT_MEMLOCK is %d bytes", *m.Limit)
	}
	raises := s.Caller.known() && s.Caller.standing().Effective.Has(sysResource) && s.Caller.Namespace == ""
	switch {
	case !m.Counts:
		return pass("the limit of locked memory does not count for maps and programs", "so it is from Linux 5.11 on, and this is "+s.Kernel.Value)
	case m.Limit == nil:
		return pass("there is no limit of locked memory", limit)
	case raises:
		return pass("the limit of locked memory can be raised by this process", limit+"; CAP_SYS_RESOURCE is there")
	}
	return warn("the limit of locked memory counts for maps and programs", fmt.Sprintf("%s, and this is Linux %s", limit, s.Kernel.Value))
}
