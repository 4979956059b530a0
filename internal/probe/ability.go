package probe

import (
	"github.com/gobpftool/gobpftool/internal/names"
)

// An Ability is something that the kernel can do with programs of any type.
type Ability struct {
	Name string // such as bounded_loops
	Outcome

	code []byte // of a program that needs it
}

// oldLimit is how many instructions a program could have before Linux 5.3.
//
// Source: BPF_MAXINSNS, include/uapi/linux/bpf_common.h.
const oldLimit = 4096

// The codes of jumps: while not equal, if less, and the same for 32 bits, as well as one that always jumps,
// as far as its number says.
const (
	jumpNotEqual = 0x55
	jumpLess     = 0xa5
	jumpLess32   = 0xa6
	jumpEqual32  = 0x16
	jumpFar      = 0x06
)

// abilities returns what is asked about.
func abilities() []Ability {
	return []Ability{
		{Name: "large_insn_limit", code: code(tooLong()...)},
		{Name: "bounded_loops", code: code(move(10), subtract(1), jump(jumpNotEqual, -2, 0), exit)},
		{Name: "v2_isa_extension", code: code(move(0), jump(jumpLess, 1, 0), move(1), exit)},
		{Name: "v3_isa_extension", code: code(move(0), jump(jumpLess32, 1, 0), move(1), exit)},
		{Name: "v4_isa_extension", code: code(move(0), jump(jumpEqual32, 1, 1), jump(jumpFar, 0, 1), move(1), exit)},
	}
}

// ability finds out whether the kernel takes a program.
func (s Scope) ability(code []byte) Outcome {
	const socketFilter = names.ProgType(1)
	return taken(s.load(socketFilter, trial{}, code, nil))
}
