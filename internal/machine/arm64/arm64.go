// Package arm64 reads machine code of AArch64.
//
// Source of what x/arch does not tell: Arm Architecture Reference Manual for
// A-profile, DDI 0487, chapters C4 (encodings) and C6 (instructions).
package arm64

import (
	"encoding/binary"
	"strings"

	"golang.org/x/arch/arm64/arm64asm"

	"github.com/gobpftool/gobpftool/internal/machine"
)

// Arch is AArch64.
var Arch = machine.Arch{
	Name:   "aarch64",
	Reader: machine.Language{Decode: decode, Build: build, Through: through}.Reader,
}

func decode(code []byte, pc uint64) machine.Inst {
	w, ok := machine.Little(code)
	if !ok {
		return machine.Unknown(".inst", code, 4)
	}
	inst := machine.Inst{Len: 4, Ref: branch(w, pc)}
	if inst.Text = own(w, pc); inst.Text != "" {
		return inst
	}
	i, err := arm64asm.Decode(code)
	if err != nil {
		return machine.Unknown(".inst", code, 4)
	}
	inst.Text = spell(i, pc)
	return inst
}

// branch tells where w at pc goes, if that stands in it.
func branch(w machine.Word, pc uint64) machine.Ref {
	to := func(kind machine.RefKind, offset int64) machine.Ref { return kind.To(pc + uint64(offset*4)) }
	switch {
	case w>>26 == 0b100101: // bl
		return to(machine.Call, w.Signed(0, 26))
	case w>>26 == 0b000101: // b
		return to(machine.Jump, w.Signed(0, 26))
	case w>>24 == 0x54, w>>25&0x3f == 0b011010: // b.cond, bc.cond; cbz, cbnz
		return to(machine.Jump, w.Signed(5, 19))
	case w>>25&0x3f == 0b011011: // tbz, tbnz
		return to(machine.Jump, w.Signed(5, 14))
	}
	return machine.Ref{}
}

// spell writes i as objdump does.
func spell(i arm64asm.Inst, pc uint64) string {
	mnemonic := strings.ToLower(i.Op.String())
	var operands []string
	for at, a := range i.Args {
		if a == nil {
			break
		}
		s := operand(i, a, pc)
		if c, ok := a.(arm64asm.Cond); ok && at == 0 && i.Op == arm64asm.B {
			mnemonic += "." + condition(c)
			continue
		}
		if s != "" {
			operands = append(operands, s)
		}
	}
	switch {
	case i.Op == arm64asm.RET && operands[0] == "x30", i.Op == arm64asm.ISB && operands[0] == "sy":
		operands = nil
	case i.Op == arm64asm.SYSL:
		// Names of coprocessor registers are the only capital letters.
		operands[2], operands[3] = strings.ToUpper(operands[2]), strings.ToUpper(operands[3])
	}
	return machine.Text(mnemonic, ", ", operands...)
}

func operand(i arm64asm.Inst, a arm64asm.Arg, pc uint64) string {
	switch a := a.(type) {
	case arm64asm.PCRel:
		if i.Op == arm64asm.ADRP {
			pc &^= 1<<12 - 1
		}
		return machine.Address(pc + uint64(a))
	case arm64asm.Cond:
		return condition(a)
	}
	s := strings.ToLower(a.String())
	if strings.HasPrefix(s, "[") {
		return strings.ReplaceAll(strings.ReplaceAll(s, ", ", ","), ",", ", ")
	}
	if strings.HasPrefix(s, "{") {
		return ends(s)
	}
	return s
}

// condition spells a condition. The one that x/arch takes for "always", too,
// has a name of its own.
func condition(c arm64asm.Cond) string {
	if c.Value == 0b1111 && !c.Invert {
		return "nv"
	}
	return strings.ToLower(c.String())
}

// ends spells a list of vector registers by its ends.
func ends(list string) string {
	inner, rest, _ := strings.Cut(list[1:], "}")
	names := strings.Split(inner, ", ")
	if len(names) < 2 {
		return list
	}
	return "{" + names[0] + "-" + names[len(names)-1] + "}" + rest
}

// build follows movz, movn and movk of 64 bits, adr and adrp, and loads of a
// number that stands behind them in code.
func build(code []byte, pc uint64, n machine.Number) machine.Number {
	w, ok := machine.Little(code)
	if !ok {
		return machine.Number{}
	}
	reg := int(w&31) + 1 // as zero is none
	if reg == 32 {
		return machine.Number{}
	}
	imm, shift := uint64(w>>5&0xffff), w>>21&3*16
	switch w >> 23 {
	case 0b110100101: // movz
		return machine.Begun(reg, imm<<shift)
	case 0b100100101: // movn
		return machine.Begun(reg, ^(imm << shift))
	case 0b111100101: // movk
		if n.Reg == reg {
			return n.More(n.Value&^(0xffff<<shift) | imm<<shift)
		}
	}
	switch {
	case w>>24&0x9f == 0x10: // adr
		return machine.Begun(reg, pc+uint64(w.Signed(5, 19)<<2|int64(w>>29&3)))
	case w>>24&0x9f == 0x90: // adrp
		return machine.Paged(reg, pc&^0xfff+uint64((w.Signed(5, 19)<<2|int64(w>>29&3))<<12))
	case w>>22 == 0b1001000100 && n.Reg == reg && w>>5&31 == w&31: // add of an immediate number
		return n.More(n.Value + uint64(w>>10&0xfff))
	case w>>24 == 0x58: // ldr
		if at := w.Signed(5, 19) * 4; at > 0 && at+8 <= int64(len(code)) {
			return machine.Begun(reg, binary.LittleEndian.Uint64(code[at:]))
		}
	}
	return machine.Number{}
}

// through knows br and blr.
func through(code []byte) (kind machine.RefKind, reg int, offset int64) {
	w, _ := machine.Little(code)
	switch w &^ (31 << 5) {
	case 0xd61f0000:
		kind = machine.Jump
	case 0xd63f0000:
		kind = machine.Call
	}
	return kind, int(w>>5&31) + 1, 0
}
