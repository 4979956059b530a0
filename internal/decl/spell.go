package decl

import (
	"io"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// maxSpelling is how many types one spelling may consist of.
const maxSpelling = 1 << 12

// Invalid stands for a type that cannot be spelled. No type looks like it.
const Invalid = "(invalid)"

// Spell returns the type as it is written in C without a declared name, such as
// "struct sock *". What has no name itself is shortened to "struct {...}".
//
// The result is [Invalid] for what has no end, such as a pointer to itself.
func Spell(spec *btf.Spec, id btf.ID) string { return Declare(spec, id, "") }

// Declare returns the declaration of a name of a type, spelled as by [Spell],
// such as "int close(int fd)" for a prototype.
func Declare(spec *btf.Spec, id btf.ID, name string) string {
	p := printer{spec: spec, brief: true, w: io.Discard, limit: limit{steps: maxSpelling}}
	p.cDeclare(id, name, 0)
	if p.err != nil || p.wrote > 0 { // or it is longer than anybody reads
		return Invalid
	}
	return string(p.b)
}
