package decl

import (
	"io"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// An Aligner tells what the types of a Spec ask for where they are put.
type Aligner struct{ p *printer }

// NewAligner returns an Aligner.
func NewAligner(spec *btf.Spec) Aligner {
	p := newPrinter(io.Discard, spec)
	if p.pointer == wide {
		p.widest = 2 * wide // __int128
	}
	return Aligner{&p}
}

// Align returns the alignment in bytes that the values of a type, which exists,
// have by what they are made of, or 1 if they need none, as for what contains
// itself.
func (a Aligner) Align(id btf.ID) uint32 { return a.p.alignOf(id) }

// Err returns the first error: that of types within each other without end.
// All that is asked after it has an alignment of 1.
func (a Aligner) Err() error { return a.p.err }

// Packed reports whether t is a struct that has its layout only if it is told to
// leave no holes.
func (a Aligner) Packed(t btf.Type) bool { return a.p.packed(t) }
