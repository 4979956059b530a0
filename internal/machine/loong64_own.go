package machine

import "fmt"

// ownLoong64 spells instructions that x/arch does not know, or for which objdump
// has another name; it returns "" for all others.
func ownLoong64(w uint32) string {
	rd, rj, rk := registerLoong64(w), registerLoong64(w>>5), registerLoong64(w>>10)
	switch {
	case w>>22 == 0x00e && bits(w, 5, 5) == 0:
		return text("li.w", ", ", rd, fmt.Sprintf("%#x", bits(w, 10, 12)))
	case w>>22 == 0x00a && bits(w, 5, 5) == 0:
		return text("li.w", ", ", rd, fmt.Sprint(signed(w, 10, 12)))
	case w>>22 == 0x00b && bits(w, 5, 5) == 0:
		return text("li.d", ", ", rd, fmt.Sprint(signed(w, 10, 12)))
	case w>>22 == 0x00d && w&0x3ff == 0 && bits(w, 10, 12) != 0: // which x/arch takes for nop
		return text("andi", ", ", rd, rj, fmt.Sprintf("%#x", bits(w, 10, 12)))
	case w>>22-0xb8 < 4:
		return text([...]string{"ldl.w", "ldr.w", "ldl.d", "ldr.d"}[w>>22-0xb8], ", ", rd, rj, fmt.Sprint(signed(w, 10, 12)))
	case w>>22-0xbc < 4:
		return text([...]string{"stl.w", "str.w", "stl.d", "str.d"}[w>>22-0xbc], ", ", rd, rj, fmt.Sprint(signed(w, 10, 12)))
	}
	return carryLoong64(w, rd, rj, rk)
}

// carryLoong64 spells the arithmetic with carry, of the extension for binary
// translation.
func carryLoong64(w uint32, rd, rj, rk string) string {
	sizes := [...]string{".b", ".h", ".w", ".d"}
	switch w >> 17 {
	case 0x18:
		return text("adc"+sizes[w>>15&3], ", ", rd, rj, rk)
	case 0x19:
		return text("sbc"+sizes[w>>15&3], ", ", rd, rj, rk)
	case 0x1a:
		return text("rcr"+sizes[w>>15&3], ", ", rd, rj, rk)
	}
	return ""
}

// registerLoong64 names the general register in the lowest five bits of w.
func registerLoong64(w uint32) string {
	switch n := w & 31; {
	case n < 4:
		return [...]string{"$zero", "$ra", "$tp", "$sp"}[n]
	case n < 12:
		return fmt.Sprintf("$a%d", n-4)
	case n < 21:
		return fmt.Sprintf("$t%d", n-12)
	case n == 21:
		return "$r21"
	case n == 22:
		return "$fp"
	default:
		return fmt.Sprintf("$s%d", n-23)
	}
}
