// Package x86 reads machine code of the 64-bit mode of x86 processors.
//
// The spelling is that of LLVM: sizes are part of mnemonics, numbers are decimal,
// targets are addresses. Prefixes that change nothing are left out.
package x86

import (
	"strings"

	"golang.org/x/arch/x86/x86asm"

	"github.com/gobpftool/gobpftool/internal/machine"
)

// Arch is the 64-bit mode of x86 processors.
var Arch = machine.Arch{
	Name:     "x86_64",
	Reader:   func() func([]byte, uint64) machine.Inst { return new(writer).read },
	Parallel: true,
}

// maxLen is how many bytes an instruction has at most: processors refuse more.
const maxLen = 15

// read reads one instruction. Nothing stays of the one before but memory to use.
func (w *writer) read(code []byte, pc uint64) machine.Inst {
	code = code[:min(len(code), maxLen)]
	p := scan(code)
	in, name, ok := p.extra(code)
	if !ok && isVector(code[p.len:]) {
		in, name, ok = p.vector(code)
	} else if !ok {
		in, name, ok = p.decode(code)
	}
	if !ok {
		return data(code[:p.length(code)])
	}
	*w = writer{prefixes: p, in: in, name: name, pc: pc, code: code[:in.Len], text: w.text[:0], kept: w.kept}
	w.mnemonic()
	w.operands()
	return machine.Inst{Len: in.Len, Text: w.keep(), Ref: w.ref}
}

// keptLen is how much text shares one piece of memory, in bytes.
const keptLen = 1 << 14

// keep returns the text of the instruction, for good.
func (w *writer) keep() string {
	if w.kept == nil || w.kept.Cap()-w.kept.Len() < len(w.text) {
		w.kept = new(strings.Builder)
		w.kept.Grow(max(keptLen, len(w.text)))
	}
	start := w.kept.Len()
	w.kept.Write(w.text)
	return w.kept.String()[start:]
}

// length returns how many bytes belong to an instruction that is not known: one
// if not even that is.
func (p *prefixes) length(code []byte) int {
	op := code[p.len:]
	n := 0
	if isVector(op) {
		n = vectorLen(op)
	} else {
		n = mapLen(op)
	}
	if n == 0 {
		return 1
	}
	return p.len + n
}

// decode reads an instruction that has neither VEX nor EVEX. The length of the
// result counts all prefixes.
func (p *prefixes) decode(code []byte) (in x86asm.Inst, name spelling, ok bool) {
	in, err := p.decodeAs(code, p.rep)
	if (err != nil || in.Op == 0) && p.rep != 0 {
		// Where it has no meaning, it is no reason to refuse the rest.
		in, err = p.decodeAs(code, 0)
	}
	name = nameOf(in.Op)
	if in.Op == x86asm.WBINVD && p.rep == 0xf3 {
		name.name = "wbnoinvd"
	}
	return in, name, err == nil && in.Op != 0 && nameable(&in) && !p.mistaken(code)
}

// nameable reports whether all registers of an instruction exist.
func nameable(in *x86asm.Inst) bool {
	for _, a := range in.Args {
		if r, ok := a.(x86asm.Reg); ok && int(r) >= len(regs) {
			return false // TR0 to TR7, which the 486 was the last to have
		}
	}
	return true
}

// decodeAs decodes the instruction with those of its prefixes that count, each
// once and in the one order that x86asm reads.
func (p *prefixes) decodeAs(code []byte, rep byte) (x86asm.Inst, error) {
	var buf [maxLen + 5]byte
	b := buf[:0]
	if p.data16 {
		b = append(b, 0x66)
	}
	if p.addr32 {
		b = append(b, 0x67)
	}
	if rep != 0 {
		b = append(b, rep)
	}
	if p.rex != 0 {
		b = append(b, p.rex)
	}
	n := len(b)
	b = append(b, code[p.len:]...)
	if op := b[n:]; len(op) > 2 && op[0] == 0x0f && op[1]&0xfc == 0x20 {
		op[2] |= 0xc0 // control and debug registers are never moved to memory
	}
	in, err := x86asm.Decode(b, 64)
	in.Len += p.len - n
	return in, err
}

// data is bytes that are no instruction, or one that has no name here.
func data(code []byte) machine.Inst {
	const digits = "0123456789abcdef"
	text := append(make([]byte, 0, 96), ".byte\t"...)
	for i, c := range code {
		if i > 0 {
			text = append(text, ", "...)
		}
		text = append(text, '0', 'x', digits[c>>4], digits[c&15])
	}
	return machine.Inst{Len: len(code), Text: string(text)}
}
