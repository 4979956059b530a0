// Package decl writes BTF types as declarations, in dependency order.
//
// What to write and when is decided without regard to a language: the order in
// which types are asked for (request.go), what must precede what (order.go,
// emit.go), where padding goes (layout.go), which names are taken (names.go) and
// what headers define beside the declarations (beside.go).
// How it looks in C is in the files whose names start with c.
package decl

import (
	"fmt"
	"io"

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
)

// A printer writes types of a Spec. All that it knows about them is in arrays
// indexed by their IDs.
type printer struct {
	spec    *btf.Spec
	pointer uint32 // size of pointers, in bytes

	states []state
	aligns []uint32 // in bytes; 0 until known
	queue  []btf.ID // to be written at top level
	names  names
	beside *beside    // what is left out, or nil
	chain  []btf.Type // of the declarators being written, one after the other

	w     io.Writer
	b     []byte // text not yet given to w
	wrote uint64 // bytes given to w
	err   error  // the first error; nothing is written after it
	limit
}

func newPrinter(w io.Writer, spec *btf.Spec) *printer {
	n := int(spec.Len())
	p := &printer{
		spec:    spec,
		pointer: spec.PointerSize(),
		states:  make([]state, n),
		aligns:  make([]uint32, n),
		names:   newNames(n),
		w:       w,
		limit:   limit{steps: minSteps + stepsPerType*n},
	}
	p.states[0] = ordered | emitted // void needs no declaration
	p.err = p.check()
	return p
}

// request writes a type and what it needs, unless that has been done.
func (p *printer) request(id btf.ID) {
	p.order(id, false)
	for _, id := range p.queue {
		p.emit(id, 0)
	}
	p.queue = p.queue[:0]
}

// requestAll writes the types that o asks for.
func (p *printer) requestAll(o Options) {
	switch {
	case o.Roots != nil:
		for _, id := range o.Roots {
			if id >= p.spec.Len() {
				p.fail(fmt.Errorf("type %d of %d", id, p.spec.Len()))
				return
			}
			p.request(id)
			p.include(p.get(id), nil)
			if o.Functions && p.spec.Kind(id) == btf.Func {
				p.requestFunction(id)
			}
		}
	case o.Unsorted:
		for id := btf.ID(1); id < p.spec.Len(); id++ {
			p.request(id)
		}
	default:
		p.requestSorted()
	}
}

// requestFunction writes the declaration of a function and what it needs.
func (p *printer) requestFunction(id btf.ID) {
	t := p.get(id)
	p.request(t.Ref())
	p.emit(t.Ref(), id)
	p.cDeclare(t.Ref(), t.Name, 0)
	p.end()
}

func (p *printer) requestSorted() {
	s := newSorter(p.spec)
	for rank := anonymousEnums; rank < undeclared; rank++ {
		for _, r := range s.sorted(rank, func(id btf.ID) bool { return rank != others || !p.idle(id) }) {
			p.request(r.id)
		}
	}
}

// get returns a type. Its ID has been checked.
func (p *printer) get(id btf.ID) btf.Type {
	t, err := p.spec.Type(id)
	if err != nil {
		p.fail(err)
	}
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
