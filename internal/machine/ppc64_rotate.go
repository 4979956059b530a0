package machine

import (
	"fmt"
	"strings"
)

// namedPpc64 joins the name of a rotation, the dot of op if it has one, the two
// registers and another operand.
func namedPpc64(name, op string, w uint32, last any) string {
	if strings.HasSuffix(op, ".") {
		name += "."
	}
	return text(name, ",", registerPpc64(w, 16), registerPpc64(w, 21), fmt.Sprint(last))
}

// rotateWordPpc64 spells rotations of 32 bits that are shifts or clear one end.
func rotateWordPpc64(op string, w uint32) string {
	by, from, to := bits(w, 11, 5), bits(w, 6, 5), bits(w, 1, 5)
	switch {
	case strings.HasPrefix(op, "rlwnm"):
		if from == 0 && to == 31 {
			return namedPpc64("rotlw", op, w, registerPpc64(w, 11))
		}
	case from == 0 && to == 31:
		return namedPpc64("rotlwi", op, w, by)
	case by == 0 && to == 31:
		return namedPpc64("clrlwi", op, w, from)
	case by == 0 && from == 0:
		return namedPpc64("clrrwi", op, w, 31-to)
	case from == 0 && to == 31-by:
		return namedPpc64("slwi", op, w, by)
	case to == 31 && from == 32-by:
		return namedPpc64("srwi", op, w, from)
	}
	return ""
}

// rotatePpc64 does the same for 64 bits.
func rotatePpc64(op string, w uint32) string {
	by := bits(w, 11, 5) | bits(w, 1, 1)<<5
	end := bits(w, 6, 5) | bits(w, 5, 1)<<5
	switch {
	case strings.HasPrefix(op, "rldcl"):
		if end == 0 {
			return namedPpc64("rotld", op, w, registerPpc64(w, 11))
		}
	case strings.HasPrefix(op, "rldicr"):
		if by == 0 {
			return namedPpc64("clrrdi", op, w, 63-end)
		}
		if end == 63-by {
			return namedPpc64("sldi", op, w, by)
		}
	case end == 0:
		return namedPpc64("rotldi", op, w, by)
	case by == 0:
		return namedPpc64("clrldi", op, w, end)
	case by == 64-end:
		return namedPpc64("srdi", op, w, end)
	}
	return ""
}

// trapPpc64 spells traps by the comparison that they make.
func trapPpc64(op string, w uint32) string {
	var compare string
	switch bits(w, 21, 5) {
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
	left, right := registerPpc64(w, 16), registerPpc64(w, 11)
	name, immediate := strings.CutSuffix(op, "i")
	if immediate {
		return text(name+compare+"i", ",", left, fmt.Sprint(signed(w, 0, 16)))
	}
	return text(name+compare, ",", left, right)
}
