package machine

import (
	"fmt"
	"strings"

	"golang.org/x/arch/ppc64/ppc64asm"
)

// ownPpc64 spells the instructions for which objdump has a shorter name than
// x/arch; it returns "" for all others.
func ownPpc64(i ppc64asm.Inst, w uint32) string {
	op := i.Op.String()
	switch op {
	case "rlwinm", "rlwinm.", "rlwnm", "rlwnm.":
		return rotateWordPpc64(op, w)
	case "rldicl", "rldicl.", "rldicr", "rldicr.", "rldcl", "rldcl.":
		return rotatePpc64(op, w)
	case "twi", "tdi", "tw", "td":
		return trapPpc64(op, w)
	case "or", "or.", "nor", "nor.":
		if bits(w, 21, 5) == bits(w, 11, 5) {
			name := strings.NewReplacer("nor", "not", "or", "mr").Replace(op)
			return text(name, ",", registerPpc64(w, 16), registerPpc64(w, 21))
		}
	case "crxor", "creqv", "cror", "crnor":
		return conditionPpc64(i)
	case "xxpermdi", "xxlnor":
		return vectorPpc64(i)
	case "sync":
		if w>>21&3 == 2 && w>>16&3 == 0 {
			return "ptesync"
		}
	case "xori":
		if w == 0x68000000 {
			return "xnop"
		}
	case "isel":
		if bit := bits(w, 6, 5); bit < 3 && w&1 == 0 {
			return text("isel"+[...]string{"lt", "gt", "eq"}[bit], ",",
				registerPpc64(w, 21), orZeroPpc64(w), registerPpc64(w, 11))
		}
	}
	return ""
}

// conditionPpc64 spells operations on bits of conditions of which two are the same.
func conditionPpc64(i ppc64asm.Inst) string {
	into, left, right := i.Args[0], i.Args[1], i.Args[2]
	switch {
	case left != right:
	case i.Op == ppc64asm.CRXOR && into == left:
		return text("crclr", ",", bitPpc64(into))
	case i.Op == ppc64asm.CREQV && into == left:
		return text("crset", ",", bitPpc64(into))
	case i.Op == ppc64asm.CROR:
		return text("crmove", ",", bitPpc64(into), bitPpc64(left))
	case i.Op == ppc64asm.CRNOR:
		return text("crnot", ",", bitPpc64(into), bitPpc64(left))
	}
	return ""
}

// bitPpc64 names a bit of the condition register.
func bitPpc64(a ppc64asm.Arg) string {
	bit, _ := a.(ppc64asm.CondReg)
	n := int(bit - ppc64asm.Cond0LT)
	name := [...]string{"lt", "gt", "eq", "so"}[n&3]
	if n < 4 {
		return name
	}
	return fmt.Sprintf("4*cr%d+%s", n>>2, name)
}

// vectorPpc64 spells combinations of two vector registers that have a name.
func vectorPpc64(i ppc64asm.Inst) string {
	into, left, right := i.Args[0].String(), i.Args[1].String(), i.Args[2].String()
	if i.Op == ppc64asm.XXLNOR {
		if left != right {
			return ""
		}
		return text("xxlnot", ",", into, left)
	}
	switch i.Args[3] {
	case ppc64asm.Imm(0):
		if left == right {
			return text("xxspltd", ",", into, left, "0")
		}
		return text("xxmrghd", ",", into, left, right)
	case ppc64asm.Imm(2):
		if left == right {
			return text("xxswapd", ",", into, left)
		}
	case ppc64asm.Imm(3):
		if left == right {
			return text("xxspltd", ",", into, left, "1")
		}
		return text("xxmrgld", ",", into, left, right)
	}
	return ""
}

// orZeroPpc64 names the register in the field RA, where the number 0 means zero.
func orZeroPpc64(w uint32) string {
	if bits(w, 16, 5) == 0 {
		return "0"
	}
	return registerPpc64(w, 16)
}

// unhintedPpc64 takes out of a branch a hint that is reserved, and one on what the
// address in a register is: that is hint.
func unhintedPpc64(i ppc64asm.Inst) (plain ppc64asm.Inst, hint ppc64asm.Imm) {
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
