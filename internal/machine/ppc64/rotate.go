package ppc64

import (
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/machine"
)

// named joins the name of a rotation, the dot of op if it has one, the two
// registers and another operand.
func named(name, op string, w machine.Word, last any) string {
	if strings.HasSuffix(op, ".") {
		name += "."
	}
	return machine.Text(name, ",", register(w, 16), register(w, 21), fmt.Sprint(last))
}

// rotateWord spells rotations of 32 bits that are shifts or clear one end.
func rotateWord(op string, w machine.Word) string {
	by, from, to := w.Bits(11, 5), w.Bits(6, 5), w.Bits(1, 5)
	switch {
	case strings.HasPrefix(op, "rlwnm"):
		if from == 0 && to == 31 {
			return named("rotlw", op, w, register(w, 11))
		}
	case from == 0 && to == 31:
		return named("rotlwi", op, w, by)
	case by == 0 && to == 31:
		return named("clrlwi", op, w, from)
	case by == 0 && from == 0:
		return named("clrrwi", op, w, 31-to)
	case from == 0 && to == 31-by:
		return named("slwi", op, w, by)
	case to == 31 && from == 32-by:
		return named("srwi", op, w, from)
	}
	return ""
}

// rotate does the same for 64 bits.
func rotate(op string, w machine.Word) string {
	by := w.Bits(11, 5) | w.Bits(1, 1)<<5
	end := w.Bits(6, 5) | w.Bits(5, 1)<<5
	switch {
	case strings.HasPrefix(op, "rldcl"):
		if end == 0 {
			return named("rotld", op, w, register(w, 11))
		}
	case strings.HasPrefix(op, "rldicr"):
		if by == 0 {
			return named("clrrdi", op, w, 63-end)
		}
		if end == 63-by {
			return named("sldi", op, w, by)
		}
	case end == 0:
		return named("rotldi", op, w, by)
	case by == 0:
		return named("clrldi", op, w, end)
	case by == 64-end:
		return named("srdi", op, w, end)
	}
	return ""
}

// trap spells traps by the comparison that they make.
func trap(op string, w machine.Word) string {
	var compare string
	switch w.Bits(21, 5) {
	case 1:
		compare = "lgt"
	case 2:
		compare = "llt"
	case 4:
		compare = "eq"
	case 5:
		compare = "lge"
	case 6:
		compare = "lle"
	case 8:
		compare = "gt"
	case 12:
		compare = "ge"
	case 16:
		compare = "lt"
	case 20:
		compare = "le"
	case 24:
		compare = "ne"
	case 31:
		compare = "u"
	default:
		return ""
	}
	if op == "tw" && w&0x03fff800 == 0x03e00000 {
		return "trap"
	}
	left, right := register(w, 16), register(w, 11)
	name, immediate := strings.CutSuffix(op, "i")
	if immediate {
		return machine.Text(name+compare+"i", ",", left, fmt.Sprint(w.Signed(0, 16)))
	}
	return machine.Text(name+compare, ",", left, right)
}
