package loong64

import (
	"fmt"

	"github.com/gobpftool/gobpftool/internal/machine"
)

// own spells instructions that x/arch does not know, or for which objdump
// has another name; it returns "" for all others.
func own(w machine.Word) string {
	rd, rj, rk := register(w), register(w>>5), register(w>>10)
	switch {
	case w>>22 == 0x00e && w.Bits(5, 5) == 0:
		return machine.Text("li.w", ", ", rd, fmt.Sprintf("%#x", w.Bits(10, 12)))
	case w>>22 == 0x00a && w.Bits(5, 5) == 0:
		return machine.Text("li.w", ", ", rd, fmt.Sprint(w.Signed(10, 12)))
	case w>>22 == 0x00b && w.Bits(5, 5) == 0:
		return machine.Text("li.d", ", ", rd, fmt.Sprint(w.Signed(10, 12)))
	case w>>22 == 0x00d && w&0x3ff == 0 && w.Bits(10, 12) != 0: // which x/arch takes for nop
		return machine.Text("andi", ", ", rd, rj, fmt.Sprintf("%#x", w.Bits(10, 12)))
	case w>>22-0xb8 < 4:
		return machine.Text([...]string{"ldl.w", "ldr.w", "ldl.d", "ldr.d"}[w>>22-0xb8], ", ", rd, rj, fmt.Sprint(w.Signed(10, 12)))
	case w>>22-0xbc < 4:
		return machine.Text([...]string{"stl.w", "str.w", "stl.d", "str.d"}[w>>22-0xbc], ", ", rd, rj, fmt.Sprint(w.Signed(10, 12)))
	}
	return carry(w, rd, rj, rk)
}

// carry spells the arithmetic with carry, of the extension for binary
// translation.
func carry(w machine.Word, rd, rj, rk string) string {
	sizes := [...]string{".b", ".h", ".w", ".d"}
	switch w >> 17 {
	case 0x18:
		return machine.Text("adc"+sizes[w>>15&3], ", ", rd, rj, rk)
	case 0x19:
		return machine.Text("sbc"+sizes[w>>15&3], ", ", rd, rj, rk)
	case 0x1a:
		return machine.Text("rcr"+sizes[w>>15&3], ", ", rd, rj, rk)
	}
	return ""
}

// register names the general register in the lowest five bits of w.
func register(w machine.Word) string {
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
