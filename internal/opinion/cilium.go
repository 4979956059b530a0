package opinion

import (
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/core"
)

const forgets = "it forgets which types earlier relocations ruled out"

// Cilium compares what has become of a relocation with what cilium/ebpf makes of it, as
// fixture.CORE says it. If they differ, why is in which point cilium/ebpf is unlike libbpf,
// and "" where nothing explains it.
func Cilium(r *core.Result, theirs string) (same bool, why string) {
	ours := fmt.Sprintf("%v -> %d", r.Kind, r.New)
	fails := r.Outcome == core.Poisoned || r.Outcome == core.Guarded
	switch failed := strings.HasPrefix(theirs, "failed"); {
	case r.Kind.String() == unnamed && !r.Outcome.IsFatal():
		ours = unnamed
	case r.Outcome.IsFatal() && failed:
		return true, ""
	case r.Outcome == core.Ambiguous:
		ours = "ambiguous"
	case r.Outcome == core.Refused:
		return false, "it does not look at what an instruction can do"
	case failed && strings.Contains(theirs, "ambiguous"):
		return false, forgets
	case failed && fails:
		return false, "it refuses the program where libbpf poisons an instruction"
	case fails:
		ours = fmt.Sprintf("%v poisoned", r.Kind)
	}
	poisoned := strings.HasSuffix(theirs, " poisoned")
	switch {
	case ours == theirs:
		return true, ""
	case r.Outcome == core.Absent && poisoned:
		return false, "it poisons what asks for the size or the number of a type that is absent, which libbpf answers with 0"
	case fails && !poisoned && r.Target != "":
		return false, "it does not look at the sizes of fields"
	case fails && !poisoned && r.Reason != nil && strings.HasPrefix(r.Reason.Cause, "The object asks for"):
		return false, "it takes structs for unions of the same name"
	case fails && !poisoned:
		return false, forgets
	case r.Kind.String() == "lshift_u64" || r.Kind.String() == "byte_off" && r.OldSize == 0 && !poisoned:
		return false, "it loads a bitfield from other bytes, which have all of it, too"
	case r.Kind.String() == "type_matches":
		return false, "it compares what pointers lead to, too"
	}
	return false, ""
}
