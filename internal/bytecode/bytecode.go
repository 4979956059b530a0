// Package bytecode reads the instructions of BPF: it decodes them, spells them as the
// kernel's verifier does, and finds how control flows between them.
//
// Source: Documentation/bpf/standardization/instruction-set.rst of the kernel.
package bytecode

import (
	"encoding/binary"
	"fmt"
)

// Size is the size of a slot in bytes. An instruction takes one, or two if it is
// [Insn.Wide].
const Size = 8

// An Insn is an instruction, or the second half of a wide one.
type Insn struct {
	Code     uint8
	Dst, Src uint8 // registers, of four bits
	Off      int16
	Imm      int32
}

// Decode returns the instructions in code, which are in a byte order: one for each
// slot.
func Decode(code []byte, order binary.ByteOrder) ([]Insn, error) {
	if len(code)%Size != 0 {
		return nil, fmt.Errorf("instruction %d: %d bytes, want %d", len(code)/Size, len(code)%Size, Size)
	}
	big := order.Uint16([]byte{0, 1}) == 1
	list := make([]Insn, len(code)/Size)
	for i := range list {
		b := code[i*Size:][:Size]
		in := &list[i]
		in.Code, in.Dst, in.Src = b[0], b[1]&0xf, b[1]>>4
		if big {
			in.Dst, in.Src = in.Src, in.Dst
		}
		in.Off, in.Imm = int16(order.Uint16(b[2:])), int32(order.Uint32(b[4:]))
	}
	for i := 0; i < len(list); i += Slots(list, i) {
		if list[i].Wide() && i+1 == len(list) {
			return nil, fmt.Errorf("instruction %d: the second half is missing", i)
		}
	}
	return list, nil
}

// Slots returns how many slots instruction i of a list takes, no more than there
// are.
func Slots(list []Insn, i int) int {
	if list[i].Wide() && i+1 < len(list) {
		return 2
	}
	return 1
}

// The classes of instructions, in the lowest three bits of their code.
const (
	classLD = iota
	classLDX
	classST
	classSTX
	classALU // on the lower half of registers
	classJMP
	classJMP32
	classALU64
)

// Operations of the classes JMP and JMP32, in the highest four bits of the code.
const (
	opJA   = 0x00
	opCall = 0x80
	opExit = 0x90
	opCond = 0xe0
)

// What the source register of an instruction means that refers to something.
//
// Source: BPF_PSEUDO_* in include/uapi/linux/bpf.h.
const (
	LoadMap        = 1 // of a wide load: the map with an ID or descriptor
	LoadValue      = 2 // an offset in the only value of such a map
	LoadVariable   = 3 // a variable of the kernel, by the ID of its type
	LoadFunc       = 4 // a function of the program, as CallFunc
	LoadMapIndex   = 5 // as LoadMap, by its place in a list
	LoadValueIndex = 6
	CallHelper     = 0 // of a call: the helper with a number
	CallFunc       = 1 // a function of the program, so many slots from the next one
	CallKfunc      = 2 // a function of the kernel, by the ID of its type
)

func (in Insn) class() uint8 { return in.Code & 7 }

// op is the operation of an instruction that computes or jumps.
func (in Insn) op() uint8 { return in.Code & 0xf0 }

// register reports whether the second operand is a register.
func (in Insn) register() bool { return in.Code&8 != 0 }

// mode is how an instruction that loads or stores addresses memory.
func (in Insn) mode() uint8 { return in.Code & 0xe0 }

// Wide reports whether the instruction loads 64 bits, the higher ones of which are in
// the slot that follows.
func (in Insn) Wide() bool { return in.Code == 0x18 }

// IsCall reports whether the instruction calls a function.
func (in Insn) IsCall() bool { return in.jumps() && in.op() == opCall }

// jumps reports whether the instruction is of one of the classes of jumps.
func (in Insn) jumps() bool { return in.class() == classJMP || in.class() == classJMP32 }

// Long returns the 64 bits that the wide load at loads.
func Long(list []Insn, at int) uint64 {
	return uint64(uint32(list[at+1].Imm))<<32 | uint64(uint32(list[at].Imm))
}
