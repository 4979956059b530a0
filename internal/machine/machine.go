// Package machine reads machine code such as the kernel's JIT compilers make of
// BPF programs, one instruction after the other.
//
// It has what architectures have in common. Each is a package below this one:
// instructions are decoded by golang.org/x/arch; what that does not know, and the
// spelling of all, is of these packages. As decoders take time whenever a program
// starts, package host links only the one that it can need.
package machine

import "iter"

// An Arch is an architecture whose machine code can be read.
type Arch struct {
	Name string // as uname -m has it

	// Reader returns what reads the instructions of one function, in order: it
	// may remember what registers were set to. code is not empty; pc is the
	// address of its first byte.
	Reader func() func(code []byte, pc uint64) Inst

	// Parallel says that readers keep nothing in common, nor from one instruction to
	// the next.
	Parallel bool
}

// An Inst is one instruction, or bytes that are none.
type Inst struct {
	Len int // bytes, at least one

	// Text is the mnemonic, and behind a tabulator the operands, as
	// objdump and LLVM spell them; bytes that are no instruction are data, as in
	// ".byte\t0x06".
	Text string
	Ref  Ref
}

// A Ref is what an instruction refers to.
type Ref struct {
	Kind  RefKind
	Value uint64
}

// A RefKind says how an instruction uses the value of a [Ref].
type RefKind uint8

// The kinds of references.
const (
	NoRef  RefKind = iota
	Jump           // goes to the address, always or on a condition
	Call           // calls the code at the address
	Const          // puts the number, which is longer than 32 bits, into a register: it may be an address
	PerCPU         // uses what the processor it runs on has at the address of a per-CPU variable
)

// To returns the reference of this kind to a value.
func (k RefKind) To(value uint64) Ref { return Ref{k, value} }

// Insts yields the instructions of a function, each with its offset from the start
// in bytes. pc is the address of the function. All bytes belong to one of them.
func (a *Arch) Insts(code []byte, pc uint64) iter.Seq2[int, Inst] {
	return func(yield func(int, Inst) bool) {
		read := a.Reader()
		for off := 0; off < len(code); {
			inst := read(code[off:], pc+uint64(off))
			if !yield(off, inst) {
				return
			}
			off += inst.Len
		}
	}
}
