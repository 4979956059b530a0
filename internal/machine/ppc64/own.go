package ppc64

import (
	"fmt"
	"strings"

	"golang.org/x/arch/ppc64/ppc64asm"

	"github.com/gobpftool/gobpftool/internal/machine"
)

// own spells the instructions for which objdump has a shorter name than
// x/arch; it returns "" for all others.
func own(i ppc64asm.Inst, w machine.Word) string {
	op := i.Op.String()
	switch op {
	case "rlwinm", "rlwinm.", "rlwnm", "rlwnm.":
		return rotateWord(op, w)
	case "rldicl", "rldicl.", "rldicr", "rldicr.", "rldcl", "rldcl.":
		return rotate(op, w)
	case "twi", "tdi", "tw", "td":
		return trap(op, w)
	case "or", "or.", "nor", "nor.":
		if w.Bits(21, 5) == w.Bits(11, 5) {
			name := strings.NewReplacer("nor", "not", "or", "mr").Replace(op)
			return machine.Text(name, ",", register(w, 16), register(w, 21))
		}
	case "crxor", "creqv", "cror", "crnor":
		return condition(i)
	case "xxpermdi", "xxlnor":
		return vector(i)
	case "sync":
		if w>>21&3 == 2 && w>>16&3 == 0 {
			return "ptesync"
		}
	case "xori":
		if w == 0x68000000 {
			return "xnop"
		}
	case "isel":
		if bit := w.Bits(6, 5); bit < 3 && w&1 == 0 {
			return machine.Text("isel"+[...]string{"lt", "gt", "eq"}[bit], ",",
				register(w, 21), orZero(w), register(w, 11))
		}
	}
	return ""
}

// condition spells operations on bits of conditions of which two are the same.
func condition(i ppc64asm.Inst) string {
	into, left, right := i.Args[0], i.Args[1], i.Args[2]
	switch {
	case left != right:
	case i.Op == ppc64asm.CRXOR && into == left:
		return machine.Text("crclr", ",", bit(into))
	case i.Op == ppc64asm.CREQV && into == left:
		return machine.Text("crset", ",", bit(into))
	case i.Op == ppc64asm.CROR:
		return machine.Text("crmove", ",", bit(into), bit(left))
	case i.Op == ppc64asm.CRNOR:
		return machine.Text("crnot", ",", bit(into), bit(left))
	}
	return ""
}

// bit names a bit of the condition register.
func bit(a ppc64asm.Arg) string {
	bit, _ := a.(ppc64asm.CondReg)
	n := int(bit - ppc64asm.Cond0LT)
	name := [...]string{"lt", "gt", "eq", "so"}[n&3]
	if n < 4 {
		return name
	}
	return fmt.Sprintf("4*cr%d+%s", n>>2, name)
}

// vector spells combinations of two vector registers that have a name.
func vector(i ppc64asm.Inst) string {
	into, left, right := i.Args[0].String(), i.Args[1].String(), i.Args[2].String()
	if i.Op == ppc64asm.XXLNOR {
		if left != right {
			return ""
		}
		return machine.Text("xxlnot", ",", into, left)
	}
	switch i.Args[3] {
	case ppc64asm.Imm(0):
		if left == right {
			return machine.Text("xxspltd", ",", into, left, "0")
		}
		return machine.Text("xxmrghd", ",", into, left, right)
	case ppc64asm.Imm(2):
		if left == right {
			return machine.Text("xxswapd", ",", into, left)
		}
	case ppc64asm.Imm(3):
		if left == right {
			return machine.Text("xxspltd", ",", into, left, "1")
		}
		return machine.Text("xxmrgld", ",", into, left, right)
	}
	return ""
}

// orZero names the register in the field RA, where the number 0 means zero.
func orZero(w machine.Word) string {
	if w.Bits(16, 5) == 0 {
		return "0"
	}
	return register(w, 16)
}

// unhinted takes out of a branch a hint that is reserved, and one on what the
// address in a register is: that is hint.
func unhinted(i ppc64asm.Inst) (plain ppc64asm.Inst, hint ppc64asm.Imm) {
	switch i.Op {
	case ppc64asm.BCLR, ppc64asm.BCLRL, ppc64asm.BCCTR, ppc64asm.BCCTRL, ppc64asm.BCTAR, ppc64asm.BCTARL:
		hint, _ = i.Args[2].(ppc64asm.Imm)
		i.Args[2] = ppc64asm.Imm(0)
	case ppc64asm.BC, ppc64asm.BCL, ppc64asm.BCA, ppc64asm.BCLA:
	default:
		return i, 0
	}
	bo, ok := i.Args[0].(ppc64asm.Imm)
	if ok && (bo&0x14 == 0x04 && bo&3 == 1 || bo&0x14 == 0x10 && bo&9 == 1) {
		i.Args[0] = bo &^ 1
	}
	return i, hint
}
