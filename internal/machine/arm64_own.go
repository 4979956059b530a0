package machine

import (
	"fmt"
	"strings"
)

// ownArm64 spells instructions that are too new for x/arch, or that it does not
// name; it returns "" for all others. They are those outside of vectors and SVE.
func ownArm64(w uint32, pc uint64) string {
	for _, spell := range []func(uint32) string{
		atomicArm64, compareArm64, orderedArm64, unscaledArm64, hintArm64, systemArm64,
		pointerArm64, signedBranchArm64, flagArm64,
	} {
		if s := spell(w); s != "" {
			return s
		}
	}
	if w&0x7f8003e0 == 0x330003e0 && w>>31 == w>>22&1 && bits(w, 10, 6) < bits(w, 16, 6) {
		size := uint32(32) << (w >> 31)
		return text("bfc", ", ", registerArm64(w, 0, w>>31 != 0, false),
			fmt.Sprintf("#%d", size-bits(w, 16, 6)), fmt.Sprintf("#%d", bits(w, 10, 6)+1))
	}
	if w>>24 == 0x54 && w&16 != 0 {
		return text("bc."+conditionsArm64[w&15], ", ", address(pc+uint64(signed(w, 5, 19)*4)))
	}
	return ""
}

var conditionsArm64 = [...]string{
	"eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al", "nv",
}

// registerArm64 names the general register in the five bits from low on: of 64 bits if
// wide, and the stack pointer, if sp, where it would be zero.
func registerArm64(w uint32, low int, wide, sp bool) string {
	n := bits(w, low, 5)
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

// memoryArm64 is the operand of an address that is in a register.
func memoryArm64(w uint32) string { return "[" + registerArm64(w, 5, true, true) + "]" }

// orderArm64 is the suffix for acquire and release, sizeArm64 that for the size.
func orderArm64(acquire, release bool) string {
	s := ""
	if acquire {
		s = "a"
	}
	if release {
		s += "l"
	}
	return s
}

func sizeArm64(w uint32) string { return [...]string{"b", "h", "", ""}[w>>30] }

// atomicArm64 spells what changes memory and returns what was there, of LSE.
func atomicArm64(w uint32) string {
	if w&0x3f200c00 != 0x38200000 {
		return ""
	}
	wide := w>>30 == 3
	acquire, release := w>>23&1 != 0, w>>22&1 != 0
	suffix := orderArm64(acquire, release) + sizeArm64(w)
	source, into := registerArm64(w, 16, wide, false), registerArm64(w, 0, wide, false)
	switch op := w >> 12 & 15; {
	case op < 8:
		name := [...]string{"add", "clr", "eor", "set", "smax", "smin", "umax", "umin"}[op]
		if w&31 == 31 && !acquire {
			return text("st"+name+suffix, ", ", source, memoryArm64(w))
		}
		return text("ld"+name+suffix, ", ", source, into, memoryArm64(w))
	case op == 8:
		return text("swp"+suffix, ", ", source, into, memoryArm64(w))
	case op == 12 && acquire && !release && w>>16&31 == 31:
		return text("ldapr"+sizeArm64(w), ", ", into, memoryArm64(w))
	}
	return ""
}

// compareArm64 spells compare and swap, of one register or of a pair.
func compareArm64(w uint32) string {
	suffix := orderArm64(w>>22&1 != 0, w>>15&1 != 0)
	switch {
	case w&0x3fa07c00 == 0x08a07c00:
		wide := w>>30 == 3
		return text("cas"+suffix+sizeArm64(w), ", ",
			registerArm64(w, 16, wide, false), registerArm64(w, 0, wide, false), memoryArm64(w))
	case w&0xbfa07c00 == 0x08207c00 && w>>16&1 == 0 && w&1 == 0:
		wide := w>>30 == 1
		next := w + 1<<16 + 1
		return text("casp"+suffix, ", ",
			registerArm64(w, 16, wide, false), registerArm64(next, 16, wide, false),
			registerArm64(w, 0, wide, false), registerArm64(next, 0, wide, false), memoryArm64(w))
	}
	return ""
}

// orderedArm64 spells loads and stores that are ordered within a limited region.
func orderedArm64(w uint32) string {
	if w&0x3fa08000 != 0x08800000 {
		return ""
	}
	name := "stllr"
	if w>>22&1 != 0 {
		name = "ldlar"
	}
	return text(name+sizeArm64(w), ", ", registerArm64(w, 0, w>>30 == 3, false), memoryArm64(w))
}

// unscaledArm64 spells ordered loads and stores with an offset.
func unscaledArm64(w uint32) string {
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
	operand := memoryArm64(w)
	if offset := signed(w, 12, 9); offset != 0 {
		operand = fmt.Sprintf("%s, #%d]", strings.TrimSuffix(operand, "]"), offset)
	}
	suffix := sizeArm64(w)
	if opc == 2 && size == 2 {
		suffix = "w"
	}
	return text(name+suffix, ", ", registerArm64(w, 0, wide, false), operand)
}
