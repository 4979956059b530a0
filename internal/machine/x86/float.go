package x86

import "golang.org/x/arch/x86/x86asm"

// floating writes what a number in memory is for the floating point unit.
func (w *writer) floating(whole bool) {
	switch n := w.in.MemBytes; {
	case n == 2, n == 4 && !whole:
		w.str("s")
	case n == 4, n == 8 && !whole:
		w.str("l")
	case n == 8:
		w.str("ll")
	default:
		w.str("t")
	}
}

// stackRegister reports whether operand i of an instruction of the floating point
// unit is a register that it names, not the top of the stack that it implies.
func (w *writer) stackRegister(i int) bool {
	if w.in.Args[1] == nil {
		return true
	}
	toTop := w.opcode()&4 == 0 || w.opcode() == 0xdf
	return toTop == (i == 1)
}

// reversed returns the name of a difference or a quotient whose result is not on
// the top of the stack: assemblers of AT&T had these the wrong way round, which
// everyone keeps.
func (w *writer) reversed() string {
	if c := w.opcode(); c != 0xdc && c != 0xde || w.hasMemory() {
		return ""
	}
	switch w.in.Op {
	case x86asm.FSUB:
		return "fsubr"
	case x86asm.FSUBR:
		return "fsub"
	case x86asm.FSUBP:
		return "fsubrp"
	case x86asm.FSUBRP:
		return "fsubp"
	case x86asm.FDIV:
		return "fdivr"
	case x86asm.FDIVR:
		return "fdiv"
	case x86asm.FDIVP:
		return "fdivrp"
	case x86asm.FDIVRP:
		return "fdivp"
	}
	return ""
}
