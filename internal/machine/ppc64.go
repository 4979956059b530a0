package machine

import (
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/arch/ppc64/ppc64asm"
)

// ppc64 is Power of 64 bits, the one with the least significant byte first.
//
// Source of what x/arch does not tell: Power ISA, version 3.1, book I.
var ppc64 = Arch{Name: "ppc64le", reader: language{decodePpc64, buildPpc64, throughPpc64}.reader}

func decodePpc64(code []byte, pc uint64) Inst {
	w, ok := little(code)
	if !ok {
		return unknown(".long", code, 4)
	}
	i, err := ppc64asm.Decode(code, binary.LittleEndian)
	if err != nil || w == 0 || i.Op == 0 {
		return unknown(".long", code, 4)
	}
	inst := Inst{Len: i.Len, Ref: branchPpc64(w, pc)}
	if inst.Text = ownPpc64(i, w); inst.Text == "" {
		inst.Text = textPpc64(i, pc)
	}
	if strings.HasPrefix(inst.Text, ".") {
		return unknown(".long", code, 4)
	}
	return inst
}

// branchPpc64 tells where w at pc goes, if that stands in it.
func branchPpc64(w uint32, pc uint64) Ref {
	var offset int64
	switch w >> 26 {
	case 18: // b
		offset = signed(w&^3, 0, 26)
	case 16: // bc
		offset = signed(w&^3, 0, 16)
	default:
		return Ref{}
	}
	if w&2 != 0 {
		pc = 0
	}
	kind := Jump
	if w&1 != 0 {
		kind = Call
	}
	return Ref{kind, pc + uint64(offset)}
}

// textPpc64 spells i as objdump does.
func textPpc64(i ppc64asm.Inst, pc uint64) string {
	plain, hint := unhintedPpc64(i)
	mnemonic, list, _ := strings.Cut(ppc64asm.GNUSyntax(plain, pc), " ")
	switch {
	case list == "" && hint == 0:
		return mnemonic
	case list == "" && plain.Args[0].(ppc64asm.Imm)&0x14 == 0x14: // on no condition
		return text(mnemonic, ",", fmt.Sprint(int(hint)))
	case list == "":
		list = "cr0"
	}
	operands := strings.Split(list, ",")
	if hint != 0 {
		operands = append(operands, fmt.Sprint(int(hint)))
	}
	for at, a := range operands {
		// The target of an instruction that goes to itself is relative in x/arch.
		if strings.HasPrefix(a, ".+") {
			operands[at] = address(pc)
		}
	}
	operands = operands[:len(operands)-optionalPpc64(mnemonic, operands)]
	if second := len(operands) - 2; second >= 0 && operands[second] == "r0" && isIndexedPpc64(mnemonic) {
		operands[second] = "0"
	}
	return text(mnemonic, ",", operands...)
}

// optionalPpc64 returns how many operands at the end are not spelt, as they are zero.
func optionalPpc64(mnemonic string, operands []string) int {
	most := 0
	switch mnemonic {
	case "mtmsrd", "sc", "mtfsf", "dcbf":
		most = 1
	case "wait":
		most = 2
	case "tlbie":
		most = 3
	}
	n := 0
	for n < most && operands[len(operands)-1-n] == "0" {
		n++
	}
	return n
}

// isIndexedPpc64 reports whether r0 as the first part of an address means zero, in
// those instructions where x/arch does not tell.
func isIndexedPpc64(mnemonic string) bool {
	switch mnemonic {
	case "stbcx.", "sthcx.", "stwcx.", "stdcx.", "ldbrx", "stdbrx", "lwbrx", "stwbrx", "stxvrhx", "stxvx",
		"dcbf", "dcbz", "icbi":
		return true
	}
	return false
}

// registerPpc64 names the general register in the five bits from low on.
func registerPpc64(w uint32, low int) string { return fmt.Sprintf("r%d", bits(w, low, 5)) }
