package core

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/gobpftool/gobpftool/internal/bytecode"
)

// An answer is what an instruction is to become.
type answer struct {
	local, target reading
	poison        bool // the instruction must not be run
	resize        bool // the field has another size
	adaptable     bool // to which a load or store can be adapted
}

// poisonCall is a helper that no kernel has, which libbpf puts in the place of an
// instruction that must not be run.
const poisonCall = 195896080

// The instructions that can be relocated, and what they become.
//
// Source: Documentation/bpf/standardization/instruction-set.rst of the kernel.
const (
	classMask   = 0x07
	classLD     = 0x00
	classLDX    = 0x01
	classST     = 0x02
	classSTX    = 0x03
	classALU    = 0x04
	classALU64  = 0x07
	sizeMask    = 0x18
	registerBit = 0x08
	callCode    = 0x85
	wideCode    = 0x18 // of two slots
)

// A patch is one instruction of some code that is to be changed.
type patch struct {
	code  []byte // from the instruction on
	order binary.ByteOrder
}

// decode returns the instruction, and the slot that follows.
func (p patch) decode() (in, next bytecode.Insn) {
	list, _ := bytecode.Decode(p.code[:min(len(p.code), 2*bytecode.Size)], p.order)
	if list == nil { // it ends with half of a wide load
		list, _ = bytecode.Decode(p.code[:bytecode.Size], p.order)
	}
	if len(list) > 1 {
		next = list[1]
	}
	if len(list) > 0 {
		in = list[0]
	}
	return in, next
}

// apply changes the instruction to what an answer says, and returns the value that it had
// before. The error is that of an instruction for which that makes no sense.
func (p patch) apply(a *answer) (old uint64, err error) {
	in, next := p.decode()
	old, err = operand(in, next)
	switch {
	case a.poison:
		p.poison(in)
		return old, nil
	case err != nil:
		return old, err
	case !a.local.vague && old != a.local.value:
		return old, fmt.Errorf("the instruction has %d, where the compiler should have put %d", int64(old), int64(a.local.value))
	}
	switch in.Code & classMask {
	case classALU, classALU64:
		p.setImm(0, uint32(a.target.value))
	case classLD:
		p.setImm(0, uint32(a.target.value))
		p.setImm(1, uint32(a.target.value>>32))
	default:
		err = p.applyMemory(in, a)
	}
	return old, err
}

// operand returns the value of an instruction that a relocation changes.
func operand(in, next bytecode.Insn) (uint64, error) {
	switch in.Code & classMask {
	case classALU, classALU64:
		if in.Code&registerBit != 0 {
			return 0, fmt.Errorf("the instruction, with code %#02x, has no number", in.Code)
		}
		return uint64(int64(in.Imm)), nil
	case classLDX, classST, classSTX:
		return uint64(int64(in.Off)), nil
	case classLD:
		if in.Wide() && in.Src == 0 && in.Off == 0 && next == (bytecode.Insn{Imm: next.Imm}) {
			return uint64(uint32(next.Imm))<<32 | uint64(uint32(in.Imm)), nil
		}
	}
	return 0, fmt.Errorf("the instruction, with code %#02x, cannot be relocated", in.Code)
}

// applyMemory changes the offset of a load or store, and its size.
func (p patch) applyMemory(in bytecode.Insn, a *answer) error {
	if a.target.value > math.MaxInt16 {
		return limitf("the offset %d is too large for the instruction, %d at most", a.target.value, math.MaxInt16)
	}
	if a.resize && !a.adaptable {
		a.poison = true
		p.poison(in)
		return nil
	}
	if a.local.size != a.target.size {
		if n := accessSize(in.Code); n != a.local.size {
			return limitf("the instruction accesses %d bytes of a field that has %d in the object", n, a.local.size)
		}
		code, ok := sizeCode(a.target.size)
		if !ok {
			return limitf("the field has %d bytes, which no instruction accesses at once", a.target.size)
		}
		p.code[0] = in.Code&^sizeMask | code
	}
	p.order.PutUint16(p.code[2:], uint16(a.target.value))
	return nil
}

// A limitError is of what no instruction can do.
type limitError struct{ text string }

func (e *limitError) Error() string { return e.text }

func limitf(format string, a ...any) error { return &limitError{fmt.Sprintf(format, a...)} }

// setImm sets the number of an instruction, or of the slot behind it.
func (p patch) setImm(slot int, n uint32) { p.order.PutUint32(p.code[slot*bytecode.Size+4:], n) }

// poison makes the instruction, of two slots if it is wide, one that no kernel accepts.
func (p patch) poison(in bytecode.Insn) {
	slots := 1
	if in.Wide() && len(p.code) >= 2*bytecode.Size {
		slots = 2
	}
	for i := range slots {
		b := p.code[i*bytecode.Size:][:bytecode.Size]
		clear(b)
		b[0] = callCode
		p.setImm(i, poisonCall)
	}
}

// accessSize returns how many bytes a load or store accesses.
func accessSize(code uint8) uint32 {
	return [...]uint32{4, 2, 1, 8}[code&sizeMask>>3]
}

// sizeCode is the opposite of accessSize.
func sizeCode(size uint32) (code uint8, ok bool) {
	switch size {
	case 1:
		return 0x10, true
	case 2:
		return 0x08, true
	case 4:
		return 0x00, true
	case 8:
		return 0x18, true
	}
	return 0, false
}
