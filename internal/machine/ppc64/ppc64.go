// Package ppc64 reads machine code of Power of 64 bits, the one with the least significant byte first.
//
// Source of what x/arch does not tell: Power ISA, version 3.1, book I.
package ppc64

import (
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/arch/ppc64/ppc64asm"

	"github.com/gobpftool/gobpftool/internal/machine"
)

// Arch is Power of 64 bits.
var Arch = machine.Arch{
	Name:   "ppc64le",
	Reader: machine.Language{Decode: decode, Build: build, Through: through}.Reader,
}

func decode(code []byte, pc uint64) machine.Inst {
	w, ok := machine.Little(code)
	if !ok {
		return machine.Unknown(".long", code, 4)
	}
	i, err := ppc64asm.Decode(code, binary.LittleEndian)
	if err != nil || w == 0 || i.Op == 0 {
		return machine.Unknown(".long", code, 4)
	}
	inst := machine.Inst{Len: i.Len, Ref: branch(w, pc)}
	if inst.Text = own(i, w); inst.Text == "" {
		inst.Text = spell(i, pc)
	}
	if strings.HasPrefix(inst.Text, ".") {
		return machine.Unknown(".long", code, 4)
	}
	return inst
}

// branch tells where w at pc goes, if that stands in it.
func branch(w machine.Word, pc uint64) machine.Ref {
	var offset int64
	switch w >> 26 {
	case 18: // b
		offset = (w &^ 3).Signed(0, 26)
	case 16: // bc
		offset = (w &^ 3).Signed(0, 16)
	default:
		return machine.Ref{}
	}
	if w&2 != 0 {
		pc = 0
	}
	kind := machine.Jump
	if w&1 != 0 {
		kind = machine.Call
	}
	return kind.To(pc + uint64(offset))
}

// spell writes i as objdump does.
func spell(i ppc64asm.Inst, pc uint64) string {
	plain, hint := unhinted(i)
	mnemonic, list, _ := strings.Cut(ppc64asm.GNUSyntax(plain, pc), " ")
	switch {
	case list == "" && hint == 0:
		return mnemonic
	case list == "" && plain.Args[0].(ppc64asm.Imm)&0x14 == 0x14: // on no condition
		return machine.Text(mnemonic, ",", fmt.Sprint(int(hint)))
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
			operands[at] = machine.Address(pc)
		}
	}
	operands = operands[:len(operands)-optional(mnemonic, operands)]
	if second := len(operands) - 2; second >= 0 && operands[second] == "r0" && isIndexed(mnemonic) {
		operands[second] = "0"
	}
	return machine.Text(mnemonic, ",", operands...)
}

// optional returns how many operands at the end are not spelt, as they are zero.
func optional(mnemonic string, operands []string) int {
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

// isIndexed reports whether r0 as the first part of an address means zero, in
// those instructions where x/arch does not tell.
func isIndexed(mnemonic string) bool {
	switch mnemonic {
	case "stbcx.", "sthcx.", "stwcx.", "stdcx.", "ldbrx", "stdbrx", "lwbrx", "stwbrx", "stxvrhx", "stxvx",
		"dcbf", "dcbz", "icbi":
		return true
	}
	return false
}

// register names the general register in the five bits from low on.
func register(w machine.Word, low int) string { return fmt.Sprintf("r%d", w.Bits(low, 5)) }
