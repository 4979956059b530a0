package machine

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// A number is what consecutive instructions have put together in a register, as no
// instruction of a fixed width has room for an address. The zero value is none.
type number struct {
	reg   int // of the architecture's numbering; 0 is none
	value uint64
}

// A stage is what an instruction does to a [number].
type stage uint8

const (
	other  stage = iota // nothing: the number is not followed any further
	begun               // begins with a number of its own
	paged               // begins with the upper part of a number, which is not of use alone
	more                // puts more into the register that has the number
	copied              // copies it into another register
)

// A language is how the machine code of one architecture is read.
type language struct {
	// decode reads the first instruction of code, at the address pc. It knows where
	// jumps and calls go that have the address in themselves.
	decode func(code []byte, pc uint64) Inst

	// build tells what the same instruction does to n, and the result.
	build func(code []byte, pc uint64, n number) (number, stage)

	// through returns the register and what is added to it for the address to which
	// the instruction goes, by [Jump] or [Call]; or else [NoRef].
	through func(code []byte) (kind RefKind, reg int, offset int64)
}

// reader follows numbers only while one instruction after the other builds them,
// so that none is believed in that another path leaves in the register.
func (l language) reader() func(code []byte, pc uint64) Inst {
	var n number
	return func(code []byte, pc uint64) Inst {
		inst := l.decode(code, pc)
		if kind, reg, offset := l.through(code); kind != NoRef && reg == n.reg {
			inst.Ref = Ref{kind, n.value + uint64(offset)}
		}
		built, s := l.build(code, pc, n)
		if s == other {
			n = number{}
			return inst
		}
		n = built
		if n.value>>31 != 0 && (s == begun || s == more) && !l.goesOn(code[inst.Len:], pc+uint64(inst.Len), n) {
			inst.Ref = Ref{Const, n.value}
		}
		return inst
	}
}

// goesOn reports whether the next instruction adds more to n.
func (l language) goesOn(code []byte, pc uint64, n number) bool {
	if len(code) == 0 {
		return false
	}
	kind, reg, offset := l.through(code)
	_, s := l.build(code, pc, n)
	return s == more || kind != NoRef && reg == n.reg && offset != 0
}

// little returns the first four bytes of code as a word, and whether there are as many.
func little(code []byte) (word uint32, ok bool) {
	if len(code) < 4 {
		return 0, false
	}
	return binary.LittleEndian.Uint32(code), true
}

// unknown is up to n bytes that are no instruction: a word in the directive of that
// name, or else the first byte.
func unknown(directive string, code []byte, n int) Inst {
	if len(code) < n {
		return Inst{Len: 1, Text: fmt.Sprintf(".byte\t%#02x", code[0])}
	}
	value := uint64(0)
	for i := n - 1; i >= 0; i-- {
		value = value<<8 | uint64(code[i])
	}
	return Inst{Len: n, Text: fmt.Sprintf("%s\t%#0*x", directive, 2*n, value)}
}

// text joins a mnemonic and its operands.
func text(mnemonic, separator string, operands ...string) string {
	if len(operands) == 0 {
		return mnemonic
	}
	return mnemonic + "\t" + strings.Join(operands, separator)
}

// address is how operands spell where a jump goes.
func address(a uint64) string { return fmt.Sprintf("%#x", a) }

// signed returns the n bits of word from bit low on, with their sign.
func signed(word uint32, low, n int) int64 {
	return int64(word) << (64 - low - n) >> (64 - n)
}

// bits returns the n bits of word from bit low on.
func bits(word uint32, low, n int) uint32 { return word >> low & (1<<n - 1) }
