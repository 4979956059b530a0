package audit

import "fmt"

// noJIT is the judgement of settings of the JIT compiler where there is none.
var noJIT = note("there is no JIT compiler", "")

// leastLimit is what the JIT compiler needs, in bytes: a quarter of what Linux gives it on x86. Hosts with
// many containers have run out of half of that.
const leastLimit = 128 << 20

// jitRules are about the JIT compiler.
//
// Source: Documentation/admin-guide/sysctl/net.rst and kernel/bpf/core.c of the kernel.
func jitRules() []Rule {
	const group = "jit"
	return []Rule{
		Rule{
			ID: "jit", Group: group, About: "the JIT compiler is on",
			When: "fail if the setting is 0, or 2, with which the compiler is debugged, or if the kernel has no JIT compiler",
			Why:  "without it programs are interpreted, which is several times slower, does not know kfuncs, arenas and replaced functions, and leaves an interpreter in the kernel that Spectre attacks use",
			Mend: set(jitEnable, 1),
		}.ofSetting(jitEnable, fail("the kernel has no JIT compiler", "").mended("a kernel with CONFIG_BPF_JIT"), judgeJIT),
		Rule{
			ID: "jit-harden", Group: group, About: "the JIT compiler hides the constants of programs",
			When: "pass if the setting is 1 or 2; fail if it is 0 and users without rights may load programs, else warn",
			Why:  "constants stay as they are in code that the kernel executes, so whoever may load a program puts instructions of his choice there; it costs some speed, and names of programs in profiles",
			Mend: set(jitHarden, 2) + "; 1 is for users without CAP_BPF alone",
		}.ofSetting(jitHarden, noJIT, judgeHarden),
		Rule{
			ID: "jit-limit", Group: group, About: "the JIT compiler has enough memory",
			When: "warn below 128 MiB",
			Why:  "what users without CAP_BPF load is refused above the limit, and classic filters, too: containers with seccomp do not start then",
			Mend: "sysctl -w " + jitLimit + "=528482304, or what the kernel starts with, and the same in a file of /etc/sysctl.d",
		}.ofSetting(jitLimit, noJIT, judgeLimit),
		Rule{
			ID: "jit-kallsyms", Group: group, About: "the addresses of programs are hidden from users",
			When: "warn if the setting is 1 and every user sees addresses, by kernel.kptr_restrict and kernel.perf_event_paranoid",
			Why:  "/proc/kallsyms tells where compiled programs are, and with that where an attack finds code of its own in the kernel; profilers name programs by it, so root should see it",
			Mend: set(kptrRestrict, 1),
		}.ofSetting(jitKallsyms, noJIT, judgeKallsyms),
	}
}

func judgeJIT(s *State, n int64, evidence string) judgement {
	switch n {
	case 1:
		return pass("the JIT compiler is on", evidence)
	case 0:
		return fail("the JIT compiler is off", evidence)
	case 2:
		return fail("the JIT compiler writes the code and the address of every program to the kernel's log: it is being debugged", evidence)
	}
	return strange(evidence)
}

func judgeHarden(s *State, n int64, evidence string) judgement {
	open, known := s.value(unprivileged)
	switch {
	case n == 2:
		return pass("the JIT compiler hides the constants of all programs", evidence)
	case n == 1:
		return pass("the JIT compiler hides the constants of programs of users without CAP_BPF", evidence)
	case n != 0:
		return strange(evidence)
	case known && open == 0:
		return fail("the JIT compiler hides no constants, and everybody may load programs", fmt.Sprintf("%s; %s is 0", evidence, unprivileged))
	}
	return warn("the JIT compiler hides no constants", evidence)
}

func judgeLimit(s *State, n int64, evidence string) judgement {
	if n < leastLimit {
		return warn("the JIT compiler has little memory for programs of users without CAP_BPF", fmt.Sprintf("%s, which is less than %d", evidence, leastLimit))
	}
	return pass("the JIT compiler has enough memory", evidence)
}

func judgeKallsyms(s *State, n int64, evidence string) judgement {
	if n == 0 {
		return pass("the addresses of programs are not shown, nor are profilers told their names", evidence)
	}
	if harden, ok := s.value(jitHarden); ok && harden != 0 {
		return pass("the addresses of programs are not shown, as the JIT compiler is hardened", fmt.Sprintf("%s; %s is %d", evidence, jitHarden, harden))
	}
	open, why, ok := s.addresses()
	switch {
	case !ok:
		return judgement{evidence: evidence + "; " + why}
	case open:
		return warn("every user sees the addresses of programs", evidence+"; "+why)
	}
	return pass("those with CAP_SYSLOG see the addresses of programs", evidence+"; "+why)
}

// addresses tells whether every user sees the addresses of the kernel in /proc/kallsyms, by which settings, and
// whether that is known.
//
// Source: kallsyms_show_value of the kernel.
func (s *State) addresses() (open bool, why string, ok bool) {
	kptr, ok := s.value(kptrRestrict)
	switch {
	case !ok:
		return false, kptrRestrict + " is not known", false
	case kptr != 0:
		return false, fmt.Sprintf("%s is %d", kptrRestrict, kptr), true
	}
	perf, ok := s.value(perfParanoid)
	if !ok {
		return false, perfParanoid + " is not known", false
	}
	return perf <= 1, fmt.Sprintf("%s is 0, and %s is %d", kptrRestrict, perfParanoid, perf), true
}
