package decl

import (
	"io"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// A Declarer declares names in C, one after the other, such as the members of a struct that a
// skeleton makes of variables. What has a name is only referred to; two types that share one are
// told apart as by [C], whichever is met first keeping it.
type Declarer struct{ p *cPrinter }

// NewDeclarer returns a Declarer for types of a Spec.
func NewDeclarer(spec *btf.Spec) Declarer { return Declarer{newC(io.Discard, spec)} }

// Declare returns the declaration of a name, which may be empty, of a type that exists, without
// its semicolon. tabs is the indent of the line on which it stands.
//
// Bare leaves out all qualifiers and tags: a process may write where a program may not.
func (d Declarer) Declare(id btf.ID, name string, tabs int, bare bool) (string, error) {
	var b strings.Builder
	d.p.w, d.p.bare = &b, bare
	d.p.cDeclare(id, name, tabs)
	d.p.flush()
	return b.String(), d.p.err
}
