package decl

import (
	"bytes"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// A Speller spells types of a Spec one by one, as C does in the declaration of a
// name, such as "int (*fn)(void *)".
//
// Names are those of the types, though several may have the same. What is in a
// struct, union or enumeration without a name is [Omitted].
type Speller struct {
	p    *printer
	text spelling
}

// Omitted stands for what is between braces.
const Omitted = "{ ... }"

// NewSpeller returns a Speller of the types of spec. The error is that of a type
// that refers to types or names that do not exist.
func NewSpeller(spec *btf.Spec) (*Speller, error) {
	s := new(Speller)
	s.p = newPrinter(&s.text, spec)
	s.p.brief = true
	return s, s.p.err
}

// Declare returns the declaration of a name of some type; without a name, that
// is the type alone. A function or variable is declared by its own name.
//
// The result is "" once something could not be declared: see [Speller.Err]. All
// results of a Speller together are limited, so that a loop of types ends.
func (s *Speller) Declare(id btf.ID, name string) string {
	s.text.Reset()
	if id >= s.p.spec.Len() {
		s.p.fail(fmt.Errorf("type %d of %d", id, s.p.spec.Len()))
		return ""
	}
	if k := s.p.spec.Kind(id); k == btf.Func || k == btf.Var {
		t := s.p.get(id)
		id, name = t.Ref(), t.Name
	}
	s.p.cDeclare(id, name, 0)
	s.p.flush()
	return s.text.String()
}

// Align returns the alignment in bytes that the values of a type have by what
// they are made of, which is at least 1.
func (s *Speller) Align(id btf.ID) uint32 {
	if id >= s.p.spec.Len() {
		return 1
	}
	return s.p.alignOf(id)
}

// Packed reports whether a type is a struct that has its layout only if it is
// told to leave no holes.
func (s *Speller) Packed(id btf.ID) bool {
	return id < s.p.spec.Len() && s.p.packed(s.p.get(id))
}

// Err returns the first error, which names the type that could not be declared.
func (s *Speller) Err() error { return s.p.err }

// A spelling is a single declaration.
type spelling struct{ bytes.Buffer }

// maxSpelling is the length of a single declaration, in bytes. The longest of a
// kernel is below 500.
const maxSpelling = 1 << 16

func (s *spelling) Write(b []byte) (int, error) {
	if s.Len()+len(b) > maxSpelling {
		return 0, fmt.Errorf("a type of more than %d bytes", maxSpelling)
	}
	return s.Buffer.Write(b)
}
