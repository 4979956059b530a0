// Package decl writes BTF types as declarations, in C and in Go.
//
// What to write and when is decided without regard to a language: the order in
// which types are asked for (request.go), how they are laid out (layout.go) and
// how much work is done for them (limit.go).
// Each dialect is the files whose names start with c or go. C has declarations
// in an order in which they compile; Go has them in the order asked for, since
// it needs no other, and in the same places and sizes.
package decl

import (
	"fmt"
	"io"
	"iter"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/uapi"
)

// Options say which types to write.
type Options struct {
	Roots     []btf.ID // only these and what they need, in this order; nil for all
	Functions bool     // functions among the roots are declared; bpftool leaves them out
	Unsorted  bool     // in order of their IDs, not of their names

	// Beside are headers that programs include together with the declarations:
	// these leave out what they define. Nil for none.
	Beside *uapi.Headers
}

// state is what is known about a type, as bits.
type state uint8

const (
	referenced state = 1 << iota // another type refers to it
	ordering                     // its members are being put in order
	ordered                      // what it needs is in the queue
	emitting                     // what it needs is being written
	emitted                      // it is written
	forwarded                    // its name is declared
	searched                     // what it is made of has names
)

// A printer is what the dialects share. All that it knows about the types of a
// Spec is in arrays indexed by their IDs.
type printer struct {
	spec    *btf.Spec
	pointer uint32 // size of pointers, in bytes
	widest  uint32 // alignment that no number exceeds, in bytes

	states []state
	aligns []uint32 // in bytes; 0 until known

	w     io.Writer
	b     []byte // text not yet given to w
	wrote uint64 // bytes given to w
	err   error  // the first error; nothing is written after it
	limit
}

func newPrinter(w io.Writer, spec *btf.Spec) printer {
	n := int(spec.Len())
	return printer{
		spec:    spec,
		pointer: spec.PointerSize(),
		widest:  spec.PointerSize(), // for bpftool, of __int128 too
		states:  make([]state, n),
		aligns:  make([]uint32, n),
		w:       w,
		limit:   limit{steps: minSteps + stepsPerType*n},
	}
}

// A dialect is a language to write types in.
type dialect interface {
	request(id btf.ID)                // writes a type and what it needs, unless that has been done
	requestRoot(id btf.ID, o Options) // the same for one of the roots, which may be a function
	requestSorted()                   // writes all types, in the order of sorted
}

// requestAll writes the types that o asks for.
func (p *printer) requestAll(d dialect, o Options) {
	switch {
	case o.Roots != nil:
		for _, id := range o.Roots {
			if id >= p.spec.Len() {
				p.fail(fmt.Errorf("type %d of %d", id, p.spec.Len()))
				return
			}
			d.requestRoot(id, o)
		}
	case o.Unsorted:
		for id := btf.ID(1); id < p.spec.Len(); id++ {
			d.request(id)
		}
	default:
		d.requestSorted()
	}
}

// sorted yields all types that have declarations, in order of rank and name. idle
// says of those of the last rank which need not be asked for.
func (p *printer) sorted(idle func(btf.ID) bool) iter.Seq2[uint8, btf.ID] {
	return func(yield func(uint8, btf.ID) bool) {
		s := newSorter(p.spec)
		for rank := anonymousEnums; rank < undeclared; rank++ {
			for _, r := range s.sorted(rank, func(id btf.ID) bool { return rank != others || !idle(id) }) {
				if !yield(rank, r.id) {
					return
				}
			}
		}
	}
}

// get returns a type, which exists.
func (p *printer) get(id btf.ID) btf.Type {
	t, _ := p.spec.Type(id)
	return t
}

// is reports whether a type is in a state.
func (p *printer) is(id btf.ID, s state) bool { return p.states[id]&s != 0 }

func (p *printer) set(id btf.ID, s state)   { p.states[id] |= s }
func (p *printer) clear(id btf.ID, s state) { p.states[id] &^= s }

// fail keeps the first error.
func (p *printer) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

const (
	chunk     = 1 << 15 // bytes of text to collect
	maxOutput = 1 << 30 // bytes; that of a kernel has a few millions
)

// put appends text.
func (p *printer) put(parts ...string) {
	for _, s := range parts {
		p.b = append(p.b, s...)
	}
	if len(p.b) >= chunk {
		p.flush()
	}
}

// flush gives the text to the writer.
func (p *printer) flush() {
	if p.err != nil {
		p.b = p.b[:0]
		return
	}
	n, err := p.w.Write(p.b)
	if p.wrote += uint64(n); err == nil && p.wrote > maxOutput {
		err = fmt.Errorf("more than %d bytes of declarations", maxOutput)
	}
	p.fail(err)
	p.b = p.b[:0]
}
