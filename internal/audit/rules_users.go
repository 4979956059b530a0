package audit

// userRules are about what users without rights may do, and what all pay for.
//
// Source: Documentation/admin-guide/sysctl/kernel.rst of the kernel.
func userRules() []Rule {
	const group = "users"
	return []Rule{
		Rule{
			ID: "unprivileged-bpf", Group: group, About: "users without rights may load programs",
			When: "fail if the setting is 0",
			Why:  "each bug of the verifier, and each Spectre variant that it does not know, is then open to every user of the machine",
			Mend: set(unprivileged, 2) + "; 1 cannot be taken back until the next boot",
		}.ofSetting(unprivileged, judgement{}, judgeUnprivileged),
		Rule{
			ID: "perf-event-paranoid", Group: group, About: "users without rights may measure the kernel",
			When: "warn if the setting is 1, fail if it is less",
			Why:  "samples of the kernel tell its addresses, and those of a processor what other users do",
			Mend: set(perfParanoid, 2),
		}.ofSetting(perfParanoid, note("the kernel has no perf events", ""), judgeParanoid),
		Rule{
			ID: "kptr-restrict", Group: group, About: "the addresses of the kernel are hidden from users",
			When: "if the setting is 0: fail if every user sees addresses, which is so if kernel.perf_event_paranoid is 1 or less, else warn",
			Why:  "whoever knows where the kernel is in memory needs one bug less to take it over",
			Mend: set(kptrRestrict, 1),
		}.ofSetting(kptrRestrict, judgement{}, judgeKptr),
		Rule{
			ID: "stats-enabled", Group: group, About: "the run time of programs is measured",
			When: "warn if the setting is not 0",
			Why:  "two clocks are read whenever a program runs, some 20 ns, which is much for one that runs for each packet",
			Mend: set(statsEnabled, 0) + "; who measures opens BPF_ENABLE_STATS for as long as that takes",
		}.ofSetting(statsEnabled, note("the kernel does not measure the run time of programs", ""), judgeStats),
	}
}

func judgeUnprivileged(s *State, n int64, evidence string) judgement {
	switch n {
	case 0:
		return fail("every user may load programs", evidence)
	case 1:
		return pass("only who has CAP_BPF may load programs, until the next boot", evidence)
	case 2:
		return pass("only who has CAP_BPF may load programs", evidence)
	}
	return strange(evidence)
}

func judgeParanoid(s *State, n int64, evidence string) judgement {
	switch {
	case n < 0:
		return fail("every user may measure everything, raw tracepoints included", evidence)
	case n == 0:
		return fail("every user may measure the kernel, and whole processors with what others do there", evidence)
	case n == 1:
		return warn("every user may measure the kernel while it works for him", evidence)
	}
	return pass("only who has CAP_PERFMON may measure the kernel", evidence)
}

func judgeKptr(s *State, n int64, evidence string) judgement {
	open, why, known := s.addresses()
	switch {
	case n == 1:
		return pass("those with CAP_SYSLOG see the addresses of the kernel", evidence)
	case n >= 2:
		return pass("nobody sees the addresses of the kernel, nor does root: profiles and machine code have no names", evidence)
	case known && open:
		return fail("every user sees the addresses of the kernel in /proc/kallsyms", evidence+"; "+why)
	}
	return warn("nothing but "+perfParanoid+" hides the addresses of the kernel", evidence)
}

func judgeStats(s *State, n int64, evidence string) judgement {
	if n != 0 {
		return warn("the run time of all programs is measured", evidence)
	}
	return pass("the run time of programs is not measured", evidence)
}
