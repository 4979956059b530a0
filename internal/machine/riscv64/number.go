package riscv64

import "github.com/gobpftool/gobpftool/internal/machine"

// build follows lui, auipc, addi, addiw and slli, and their short forms.
func build(code []byte, pc uint64, n machine.Number) machine.Number {
	size := length(code[0])
	if size == 0 || len(code) < size {
		return machine.Number{}
	}
	if size == 2 {
		return buildShort(machine.Word(code[0])|machine.Word(code[1])<<8, n)
	}
	w, _ := machine.Little(code)
	rd, rs, imm := int(w.Bits(7, 5)), int(w.Bits(15, 5)), w.Signed(20, 12)
	upper := uint64(w.Signed(12, 20) << 12)
	switch {
	case rd == 0:
	case w&0x7f == 0x37: // lui
		return machine.Begun(rd, upper)
	case w&0x7f == 0x17: // auipc
		return machine.Paged(rd, pc+upper)
	case w&0x707f == 0x13 && rs == 0: // li
		return machine.Begun(rd, uint64(imm))
	case rs != rd || n.Reg != rd:
	case w&0x707f == 0x13: // addi
		return n.More(n.Value + uint64(imm))
	case w&0x707f == 0x1b: // addiw
		return n.More(machine.Extended(n.Value + uint64(imm)))
	case w&0xfc00707f == 0x1013: // slli
		return n.More(n.Value << w.Bits(20, 6))
	}
	return machine.Number{}
}

func buildShort(w machine.Word, n machine.Number) machine.Number {
	rd := int(w.Bits(7, 5))
	imm := w.Bits(12, 1)<<5 | w.Bits(2, 5)
	small := uint64(imm.Signed(0, 6))
	switch {
	case rd == 0:
	case w&0xe003 == 0x4001: // c.li
		return machine.Begun(rd, small)
	case w&0xe003 == 0x6001 && rd != 2: // c.lui
		return machine.Begun(rd, small<<12)
	case n.Reg != rd:
	case w&0xe003 == 0x0001: // c.addi
		return n.More(n.Value + small)
	case w&0xe003 == 0x2001: // c.addiw
		return n.More(machine.Extended(n.Value + small))
	case w&0xe003 == 0x0002: // c.slli
		return n.More(n.Value << imm)
	}
	return machine.Number{}
}

// through knows jalr: it is a call if it keeps where it came from.
func through(code []byte) (kind machine.RefKind, reg int, offset int64) {
	if length(code[0]) == 2 && len(code) >= 2 {
		switch w := machine.Word(code[0]) | machine.Word(code[1])<<8; w & 0xf07f {
		case 0x8002: // c.jr
			kind, reg = machine.Jump, int(w.Bits(7, 5))
		case 0x9002: // c.jalr
			kind, reg = machine.Call, int(w.Bits(7, 5))
		}
	} else if w, _ := machine.Little(code); w&0x707f == 0x67 {
		kind, reg, offset = machine.Call, int(w.Bits(15, 5)), w.Signed(20, 12)
		if w.Bits(7, 5) == 0 {
			kind = machine.Jump
		}
	}
	if reg == 0 {
		return machine.NoRef, 0, 0
	}
	return kind, reg, offset
}
