package machine

// A Number is what consecutive instructions have put together in a register, as no
// instruction of a fixed width has room for an address. The zero value is none.
type Number struct {
	Reg   int // of the architecture's numbering; 0 is none
	Value uint64
	stage stage
}

// A stage is what the last instruction did to a [Number].
type stage uint8

const (
	other  stage = iota // nothing: the number is not followed any further
	begun               // began with a number of its own
	paged               // began with the upper part of a number, which is not of use alone
	more                // put more into the register that has the number
	copied              // copied it into another register
)

// Begun is a number with which an instruction begins.
func Begun(reg int, value uint64) Number { return Number{reg, value, begun} }

// Paged is the upper part of a number, which is not of use alone.
func Paged(reg int, value uint64) Number { return Number{reg, value, paged} }

// More is what n becomes in its register when an instruction adds to it.
func (n Number) More(value uint64) Number { return Number{n.Reg, value, more} }

// Copied is n in another register.
func (n Number) Copied(reg int) Number { return Number{reg, n.Value, copied} }

// A Language is how the machine code of one architecture is read, if its instructions
// build addresses one after the other.
type Language struct {
	// Decode reads the first instruction of code, at the address pc. It knows where
	// jumps and calls go that have the address in themselves.
	Decode func(code []byte, pc uint64) Inst

	// Build tells what the same instruction makes of n, or of a number of its own; it
	// is none if the instruction does something else.
	Build func(code []byte, pc uint64, n Number) Number

	// Through returns the register and what is added to it for the address to which
	// the instruction goes, by [Jump] or [Call]; or else [NoRef].
	Through func(code []byte) (kind RefKind, reg int, offset int64)
}

// Reader is for [Arch.Reader].
//
// It follows numbers only while one instruction after the other builds them, so that
// none is believed in that another path leaves in the register.
func (l Language) Reader() func(code []byte, pc uint64) Inst {
	var n Number
	return func(code []byte, pc uint64) Inst {
		inst := l.Decode(code, pc)
		if kind, reg, offset := l.Through(code); kind != NoRef && reg == n.Reg {
			inst.Ref = kind.To(n.Value + uint64(offset))
		}
		n = l.Build(code, pc, n)
		whole := n.stage == begun || n.stage == more
		if n.Value>>31 != 0 && whole && !l.goesOn(code[inst.Len:], pc+uint64(inst.Len), n) {
			inst.Ref = Const.To(n.Value)
		}
		return inst
	}
}

// goesOn reports whether the next instruction adds more to n.
func (l Language) goesOn(code []byte, pc uint64, n Number) bool {
	if len(code) == 0 {
		return false
	}
	kind, reg, offset := l.Through(code)
	return l.Build(code, pc, n).stage == more || kind != NoRef && reg == n.Reg && offset != 0
}
