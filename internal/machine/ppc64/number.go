package ppc64

import "github.com/gobpftool/gobpftool/internal/machine"

// counter is the number that the register ctr has among those of build.
const counter = 33

// build follows li, lis, ori, oris, sldi, addi, pli and pla, and mtctr.
func build(code []byte, pc uint64, n machine.Number) machine.Number {
	w, ok := machine.Little(code)
	if !ok {
		return machine.Number{}
	}
	// The results of what is logical are in the field of what else is the first operand.
	first, second := int(w.Bits(21, 5))+1, int(w.Bits(16, 5))+1 // as zero is none
	imm := uint64(w.Signed(0, 16))
	switch op := w >> 26; {
	case op == 1:
		return prefixed(code, pc, n)
	case op == 14 && second == 1: // li
		return machine.Begun(first, imm)
	case op == 15 && second == 1: // lis
		return machine.Begun(first, imm<<16)
	case w&0xfc1fffff == 0x7c0903a6 && first == n.Reg: // mtctr
		return n.Copied(counter)
	case first != second || first != n.Reg:
	case op == 14: // addi
		return n.More(n.Value + imm)
	case op == 15: // addis
		return n.More(n.Value + imm<<16)
	case op == 24: // ori
		return n.More(n.Value | imm&0xffff)
	case op == 25: // oris
		return n.More(n.Value | imm&0xffff<<16)
	case w&0xfc00001d == 0x78000004: // rldicr
		by := w.Bits(11, 5) | w.Bits(1, 1)<<5
		if end := w.Bits(6, 5) | w.Bits(5, 1)<<5; end == 63-by {
			return n.More(n.Value << by)
		}
	}
	return machine.Number{}
}

// prefixed follows pli and pla, which have 34 bits of the number.
func prefixed(code []byte, pc uint64, n machine.Number) machine.Number {
	prefix, _ := machine.Little(code)
	suffix, ok := machine.Little(code[4:])
	if !ok || prefix>>18&^4 != 0x06000000>>18 || suffix>>26 != 14 || suffix.Bits(16, 5) != 0 {
		return machine.Number{}
	}
	value := uint64(prefix.Signed(0, 18)<<16 | int64(suffix&0xffff))
	if prefix.Bits(20, 1) != 0 {
		value += pc
	}
	return machine.Begun(int(suffix.Bits(21, 5))+1, value)
}

// through knows bctr and bctrl.
func through(code []byte) (kind machine.RefKind, reg int, offset int64) {
	switch w, _ := machine.Little(code); w {
	case 0x4e800420:
		return machine.Jump, counter, 0
	case 0x4e800421:
		return machine.Call, counter, 0
	}
	return machine.NoRef, 0, 0
}
