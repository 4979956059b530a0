package machine

import (
	"encoding/binary"
	"strings"

	"golang.org/x/arch/arm64/arm64asm"
)

// arm64 is AArch64.
//
// Source of what x/arch does not tell: Arm Architecture Reference Manual for
// A-profile, DDI 0487, chapters C4 (encodings) and C6 (instructions).
var arm64 = Arch{Name: "aarch64", reader: language{decodeArm64, buildArm64, throughArm64}.reader}

func decodeArm64(code []byte, pc uint64) Inst {
	w, ok := little(code)
	if !ok {
		return unknown(".inst", code, 4)
	}
	inst := Inst{Len: 4, Ref: branchArm64(w, pc)}
	if inst.Text = ownArm64(w, pc); inst.Text != "" {
		return inst
	}
	i, err := arm64asm.Decode(code)
	if err != nil {
		return unknown(".inst", code, 4)
	}
	inst.Text = textArm64(i, pc)
	return inst
}

// branchArm64 tells where w at pc goes, if that stands in it.
func branchArm64(w uint32, pc uint64) Ref {
	to := func(kind RefKind, offset int64) Ref { return Ref{kind, pc + uint64(offset*4)} }
	switch {
	case w>>26 == 0b100101: // bl
		return to(Call, signed(w, 0, 26))
	case w>>26 == 0b000101: // b
		return to(Jump, signed(w, 0, 26))
	case w>>24 == 0x54, w>>25&0x3f == 0b011010: // b.cond, bc.cond; cbz, cbnz
		return to(Jump, signed(w, 5, 19))
	case w>>25&0x3f == 0b011011: // tbz, tbnz
		return to(Jump, signed(w, 5, 14))
	}
	return Ref{}
}

// textArm64 spells i as objdump does.
func textArm64(i arm64asm.Inst, pc uint64) string {
	mnemonic := strings.ToLower(i.Op.String())
	var operands []string
	for at, a := range i.Args {
		if a == nil {
			break
		}
		s := operandArm64(i, a, pc)
		if c, ok := a.(arm64asm.Cond); ok && at == 0 && i.Op == arm64asm.B {
			mnemonic += "." + conditionArm64(c)
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
	return text(mnemonic, ", ", operands...)
}

func operandArm64(i arm64asm.Inst, a arm64asm.Arg, pc uint64) string {
	switch a := a.(type) {
	case arm64asm.PCRel:
		if i.Op == arm64asm.ADRP {
			pc &^= 1<<12 - 1
		}
		return address(pc + uint64(a))
	case arm64asm.Cond:
		return conditionArm64(a)
	}
	s := strings.ToLower(a.String())
	if strings.HasPrefix(s, "[") {
		return strings.ReplaceAll(strings.ReplaceAll(s, ", ", ","), ",", ", ")
	}
	if strings.HasPrefix(s, "{") {
		return rangeArm64(s)
	}
	return s
}

// conditionArm64 spells a condition. The one that x/arch takes for "always", too,
// has a name of its own.
func conditionArm64(c arm64asm.Cond) string {
	if c.Value == 0b1111 && !c.Invert {
		return "nv"
	}
	return strings.ToLower(c.String())
}

// rangeArm64 spells a list of vector registers by its ends.
func rangeArm64(list string) string {
	inner, rest, _ := strings.Cut(list[1:], "}")
	names := strings.Split(inner, ", ")
	if len(names) < 2 {
		return list
	}
	return "{" + names[0] + "-" + names[len(names)-1] + "}" + rest
}

// buildArm64 follows movz, movn and movk of 64 bits, adr and adrp, and loads of a
// number that stands behind them in code.
func buildArm64(code []byte, pc uint64, n number) (number, stage) {
	w, ok := little(code)
	if !ok {
		return n, other
	}
	reg := int(w&31) + 1 // as zero is none
	if reg == 32 {
		return n, other
	}
	imm, shift := uint64(w>>5&0xffff), w>>21&3*16
	switch w >> 23 {
	case 0b110100101: // movz
		return number{reg, imm << shift}, begun
	case 0b100100101: // movn
		return number{reg, ^(imm << shift)}, begun
	case 0b111100101: // movk
		if n.reg == reg {
			return number{reg, n.value&^(0xffff<<shift) | imm<<shift}, more
		}
	}
	switch {
	case w>>24&0x9f == 0x10: // adr
		return number{reg, pc + uint64(signed(w, 5, 19)<<2|int64(w>>29&3))}, begun
	case w>>24&0x9f == 0x90: // adrp
		return number{reg, pc&^0xfff + uint64((signed(w, 5, 19)<<2|int64(w>>29&3))<<12)}, paged
	case w>>22 == 0b1001000100 && n.reg == reg && w>>5&31 == w&31: // add of an immediate number
		return number{reg, n.value + uint64(w>>10&0xfff)}, more
	case w>>24 == 0x58: // ldr
		if at := signed(w, 5, 19) * 4; at > 0 && at+8 <= int64(len(code)) {
			return number{reg, binary.LittleEndian.Uint64(code[at:])}, begun
		}
	}
	return n, other
}

// throughArm64 knows br and blr.
func throughArm64(code []byte) (kind RefKind, reg int, offset int64) {
	w, _ := little(code)
	switch w &^ (31 << 5) {
	case 0xd61f0000:
		kind = Jump
	case 0xd63f0000:
		kind = Call
	}
	return kind, int(w>>5&31) + 1, 0
}
