package decl

import (
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// maxDeclared is how long all declarations of a [Declarer] may be together, in bytes. Those of the
// variables of any program are shorter by far.
const maxDeclared = 1 << 26

// A Declarer declares names in C, one after the other, such as the members of a struct that a
// skeleton makes of variables. What has a name is only referred to; two types that share one are
// told apart as by [C], whichever is met first keeping it.
type Declarer struct{ p *cPrinter }

// NewDeclarer returns a Declarer for types of a Spec.
func NewDeclarer(spec *btf.Spec) Declarer { return Declarer{newC(&room{left: maxDeclared}, spec)} }

// Declare returns the declaration of a name, which may be empty, of a type that exists, without
// its semicolon. tabs is the indent of the line on which it stands.
//
// Bare leaves out all qualifiers and tags: a process may write where a program may not.
func (d Declarer) Declare(id btf.ID, name string, tabs int, bare bool) (string, error) {
	d.p.bare = bare
	d.p.cDeclare(id, name, tabs)
	d.p.flush()
	r := d.p.w.(*room)
	defer r.Reset()
	return r.String(), d.p.err
}

// A room takes text as long as there is room for it.
type room struct {
	strings.Builder
	left int // bytes
}

func (r *room) Write(b []byte) (int, error) {
	if r.left -= len(b); r.left < 0 {
		return 0, fmt.Errorf("more than %d bytes of declarations", maxDeclared)
	}
	return r.Builder.Write(b)
}
