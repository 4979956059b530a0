package s390x

import (
	"encoding/binary"

	"github.com/gobpftool/gobpftool/internal/machine"
)

// branch tells where w at pc goes, if that stands in it.
func branch(w, pc uint64) machine.Ref {
	near := func(kind machine.RefKind, half uint64) machine.Ref { return kind.To(pc + uint64(int64(int16(half))*2)) }
	far := func(kind machine.RefKind) machine.Ref { return kind.To(pc + uint64(int64(int32(w))*2)) }
	if w>>32 == 0 {
		switch op, sub, mask := w>>24, w>>16&15, w>>20&15; {
		case op == 0xa7 && sub == 4 && mask != 0, op == 0xa7 && sub == 6, op == 0xa7 && sub == 7, op == 0x84, op == 0x85:
			return near(machine.Jump, w) // brc, brct, brctg, brxh, brxle
		case op == 0xa7 && sub == 5: // bras
			return near(machine.Call, w)
		}
		return machine.Ref{}
	}
	switch op, sub, mask := w>>40, w>>32&15, w>>36&15; {
	case op == 0xc0 && sub == 4 && mask != 0: // brcl
		return far(machine.Jump)
	case op == 0xc0 && sub == 5: // brasl
		return far(machine.Call)
	case op == 0xec && isCompare(byte(w)):
		return near(machine.Jump, w>>16)
	}
	return machine.Ref{}
}

// isCompare reports whether what begins with 0xec compares and branches, or
// counts and branches.
func isCompare(last byte) bool {
	switch last {
	case 0x44, 0x45, 0x64, 0x65, 0x76, 0x77, 0x7c, 0x7d, 0x7e, 0x7f:
		return true
	}
	return false
}

// build follows addresses that are relative to pc, loads of a number that stands
// behind them in code, and what puts 32 bits into place.
func build(code []byte, pc uint64, n machine.Number) machine.Number {
	w, ok := word(code)
	if !ok || length(code[0]) != 6 {
		return machine.Number{}
	}
	reg := int(w>>36&15) + 1 // as zero is none
	imm := uint64(uint32(w))
	relative := int64(int32(w)) * 2
	switch w>>40<<4&0xff0 | w>>32&15 {
	case 0xc00: // larl
		return machine.Begun(reg, pc+uint64(relative))
	case 0xc01: // lgfi
		return machine.Begun(reg, machine.Extended(imm))
	case 0xc0e: // llihf
		return machine.Begun(reg, imm<<32)
	case 0xc0f: // llilf
		return machine.Begun(reg, imm)
	case 0xc48: // lgrl
		if relative > 0 && relative+8 <= int64(len(code)) {
			return machine.Begun(reg, binary.BigEndian.Uint64(code[relative:]))
		}
	}
	if n.Reg != reg {
		return machine.Number{}
	}
	switch w>>40<<4&0xff0 | w>>32&15 {
	case 0xc08: // iihf
		return n.More(n.Value&0xffffffff | imm<<32)
	case 0xc09: // iilf
		return n.More(n.Value&^0xffffffff | imm)
	case 0xc0c: // oihf
		return n.More(n.Value | imm<<32)
	case 0xc0d: // oilf
		return n.More(n.Value | imm)
	case 0xc28: // agfi
		return n.More(n.Value + machine.Extended(imm))
	}
	return machine.Number{}
}

// through knows basr, and br, which is bcr on any condition.
func through(code []byte) (kind machine.RefKind, reg int, offset int64) {
	w, ok := word(code)
	switch {
	case !ok || w>>16 != 0 || w&15 == 0:
	case w>>8 == 0x0d:
		kind = machine.Call
	case w>>4 == 0x07f:
		kind = machine.Jump
	}
	return kind, int(w&15) + 1, 0
}
