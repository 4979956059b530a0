package core

import "github.com/gobpftool/gobpftool/internal/bytecode"

// Operations, in the highest four bits of the code of an instruction.
//
// Source: Documentation/bpf/standardization/instruction-set.rst of the kernel.
const (
	opMask = 0xf0

	opAdd = 0x00
	opSub = 0x10
	opMul = 0x20
	opOr  = 0x40
	opAnd = 0x50
	opLsh = 0x60
	opRsh = 0x70
	opNeg = 0x80
	opXor = 0xa0
	opMov = 0xb0
	opARS = 0xc0

	opJEQ  = 0x10
	opJGT  = 0x20
	opJGE  = 0x30
	opJSET = 0x40
	opJNE  = 0x50
	opJSGT = 0x60
	opJSGE = 0x70
	opJLT  = 0xa0
	opJLE  = 0xb0
	opJSLT = 0xc0
	opJSLE = 0xd0

	classJMP   = 0x05
	classJMP32 = 0x06
)

// A number is what a register has: a number that is known, or the zero value.
type number struct {
	known bool
	n     uint64
}

func known(n uint64) number { return number{true, n} }

// compute returns what an instruction that computes leaves in its register, which had a.
func compute(in bytecode.Insn, a, b number) number {
	op := in.Code & opMask
	// Numbers with an offset are those that extend signs or divide with signs.
	if in.Off != 0 || !b.known || !a.known && op != opMov {
		return number{}
	}
	x, y, bits := a.n, b.n, uint64(64)
	narrow := in.Code&classMask == classALU
	if narrow {
		x, y, bits = uint64(uint32(x)), uint64(uint32(y)), 32
	}
	switch op {
	case opAdd:
		x += y
	case opSub:
		x -= y
	case opMul:
		x *= y
	case opOr:
		x |= y
	case opAnd:
		x &= y
	case opXor:
		x ^= y
	case opMov:
		x = y
	case opNeg:
		x = -x
	case opLsh:
		x <<= y & (bits - 1)
	case opRsh:
		x >>= y & (bits - 1)
	case opARS:
		if narrow {
			x = uint64(int64(int32(x)) >> (y & (bits - 1)))
		} else {
			x = uint64(int64(x) >> (y & (bits - 1)))
		}
	default:
		return number{}
	}
	if narrow {
		x = uint64(uint32(x))
	}
	return known(x)
}

// jumps returns whether a jump on a condition is taken, if that is known.
func jumps(in bytecode.Insn, a, b number) (yes, sure bool) {
	if !a.known || !b.known {
		return false, false
	}
	x, y := a.n, b.n
	s, t := int64(x), int64(y)
	if in.Code&classMask == classJMP32 {
		x, y = uint64(uint32(x)), uint64(uint32(y))
		s, t = int64(int32(x)), int64(int32(y))
	}
	switch in.Code & opMask {
	case opJEQ:
		return x == y, true
	case opJNE:
		return x != y, true
	case opJSET:
		return x&y != 0, true
	case opJGT:
		return x > y, true
	case opJGE:
		return x >= y, true
	case opJLT:
		return x < y, true
	case opJLE:
		return x <= y, true
	case opJSGT:
		return s > t, true
	case opJSGE:
		return s >= t, true
	case opJSLT:
		return s < t, true
	case opJSLE:
		return s <= t, true
	}
	return false, false
}
