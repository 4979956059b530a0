package decl

import (
	"io"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// GoTypes collects the Go types that generated code uses. Each type is asked for
// with [GoTypes.Type]; then [GoTypes.Write] declares them all.
//
// Everything that it declares begins with a prefix, in small letters where it is
// not public. The text is as gofmt leaves it.
type GoTypes struct {
	printer
}

// NewGoTypes returns a collection without types. prefix begins every name at
// package level ("TraceOpen"); taken are names that are not to be used.
func NewGoTypes(spec *btf.Spec, prefix string, taken ...string) *GoTypes {
	return &GoTypes{printer: newPrinter(io.Discard, spec)}
}

// Type returns how a type is written where it is used ("uint32", "[16]byte",
// "TraceOpenEvent"), its size in bytes, and whether it has values at all in Go.
// What it needs will be declared. Typedefs and variables are what they stand for.
func (g *GoTypes) Type(id btf.ID) (text string, size uint64, ok bool) {
	size, err := g.spec.SizeOf(id)
	return "[0]byte", size, err == nil
}

// Imports returns the packages that the declarations need, in order: some of
// "strconv", "structs" and "unsafe". It is to be called when all types have been
// asked for.
func (g *GoTypes) Imports() []string { return nil }

// Write writes the declarations of all types that were asked for, in an order
// that depends on nothing but names and content. Each begins with an empty line.
//
// The error is that of w, or names the type for which there would be too much to
// do, or that contains itself.
func (g *GoTypes) Write(w io.Writer) error { return g.err }

// GoName returns the public name in Go of a name of C: its words, which
// underscores separate, and capitals within them, begin with capitals.
func GoName(c string) string { return goName(c) }
