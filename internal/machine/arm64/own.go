package arm64

import (
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/machine"
)

// own spells instructions that are too new for x/arch, or that it does not
// name; it returns "" for all others. They are those outside of vectors and SVE.
func own(w machine.Word, pc uint64) string {
	for _, try := range []func(machine.Word) string{
		atomic, compare, ordered, unscaled, hint, system, pointer, signedBranch, flag,
	} {
		if s := try(w); s != "" {
			return s
		}
	}
	if w&0x7f8003e0 == 0x330003e0 && w>>31 == w>>22&1 && w.Bits(10, 6) < w.Bits(16, 6) {
		size := machine.Word(32) << (w >> 31)
		return machine.Text("bfc", ", ", register(w, 0, w>>31 != 0, false),
			fmt.Sprintf("#%d", size-w.Bits(16, 6)), fmt.Sprintf("#%d", w.Bits(10, 6)+1))
	}
	if w>>24 == 0x54 && w&16 != 0 {
		return machine.Text("bc."+conditions[w&15], ", ", machine.Address(pc+uint64(w.Signed(5, 19)*4)))
	}
	return ""
}

var conditions = [...]string{
	"eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al", "nv",
}

// register names the general register in the five bits from low on: of 64 bits if
// wide, and the stack pointer, if sp, where it would be zero.
func register(w machine.Word, low int, wide, sp bool) string {
	n := w.Bits(low, 5)
	switch {
	case n == 31 && sp:
		return "sp"
	case n == 31 && wide:
		return "xzr"
	case n == 31:
		return "wzr"
	case wide:
		return fmt.Sprintf("x%d", n)
	}
	return fmt.Sprintf("w%d", n)
}

// memory is the operand of an address that is in a register.
func memory(w machine.Word) string { return "[" + register(w, 5, true, true) + "]" }

// orderSuffix is the suffix for acquire and release, sizeSuffix that for the size.
func orderSuffix(acquire, release bool) string {
	s := ""
	if acquire {
		s = "a"
	}
	if release {
		s += "l"
	}
	return s
}

func sizeSuffix(w machine.Word) string { return [...]string{"b", "h", "", ""}[w>>30] }

// atomic spells what changes memory and returns what was there, of LSE.
func atomic(w machine.Word) string {
	if w&0x3f200c00 != 0x38200000 {
		return ""
	}
	wide := w>>30 == 3
	acquire, release := w>>23&1 != 0, w>>22&1 != 0
	suffix := orderSuffix(acquire, release) + sizeSuffix(w)
	source, into := register(w, 16, wide, false), register(w, 0, wide, false)
	switch op := w >> 12 & 15; {
	case op < 8:
		name := [...]string{"add", "clr", "eor", "set", "smax", "smin", "umax", "umin"}[op]
		if w&31 == 31 && !acquire {
			return machine.Text("st"+name+suffix, ", ", source, memory(w))
		}
		return machine.Text("ld"+name+suffix, ", ", source, into, memory(w))
	case op == 8:
		return machine.Text("swp"+suffix, ", ", source, into, memory(w))
	case op == 12 && acquire && !release && w>>16&31 == 31:
		return machine.Text("ldapr"+sizeSuffix(w), ", ", into, memory(w))
	}
	return ""
}

// compare spells compare and swap, of one register or of a pair.
func compare(w machine.Word) string {
	suffix := orderSuffix(w>>22&1 != 0, w>>15&1 != 0)
	switch {
	case w&0x3fa07c00 == 0x08a07c00:
		wide := w>>30 == 3
		return machine.Text("cas"+suffix+sizeSuffix(w), ", ",
			register(w, 16, wide, false), register(w, 0, wide, false), memory(w))
	case w&0xbfa07c00 == 0x08207c00 && w>>16&1 == 0 && w&1 == 0:
		wide := w>>30 == 1
		next := w + 1<<16 + 1
		return machine.Text("casp"+suffix, ", ",
			register(w, 16, wide, false), register(next, 16, wide, false),
			register(w, 0, wide, false), register(next, 0, wide, false), memory(w))
	}
	return ""
}

// ordered spells loads and stores that are ordered within a limited region.
func ordered(w machine.Word) string {
	if w&0x3fa08000 != 0x08800000 {
		return ""
	}
	name := "stllr"
	if w>>22&1 != 0 {
		name = "ldlar"
	}
	return machine.Text(name+sizeSuffix(w), ", ", register(w, 0, w>>30 == 3, false), memory(w))
}

// unscaled spells ordered loads and stores with an offset.
func unscaled(w machine.Word) string {
	if w&0x3f200c00 != 0x19000000 {
		return ""
	}
	size, opc := w>>30, w>>22&3
	if opc == 3 && size > 1 || opc == 2 && size == 3 {
		return ""
	}
	name, wide := "stlur", size == 3
	if opc > 0 {
		name = "ldapur"
	}
	if opc > 1 {
		name, wide = name+"s", opc == 2
	}
	operand := memory(w)
	if offset := w.Signed(12, 9); offset != 0 {
		operand = fmt.Sprintf("%s, #%d]", strings.TrimSuffix(operand, "]"), offset)
	}
	suffix := sizeSuffix(w)
	if opc == 2 && size == 2 {
		suffix = "w"
	}
	return machine.Text(name+suffix, ", ", register(w, 0, wide, false), operand)
}
