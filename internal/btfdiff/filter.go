package btfdiff

import (
	"fmt"
	"path"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// Wanted says what to compare: all if it is empty, else only what matches one of
// the patterns of [path.Match].
type Wanted struct {
	Types []string // of structs, unions, enumerations, typedefs and numbers
	Funcs []string
}

// A filter is what is wanted, and what of it has been seen.
type filter struct {
	all          bool
	types, funcs []pattern
}

type pattern struct {
	text string
	seen bool
}

func newFilter(w Wanted) (*filter, error) {
	f := &filter{all: w.Types == nil && w.Funcs == nil}
	for _, l := range []struct {
		from []string
		to   *[]pattern
	}{{w.Types, &f.types}, {w.Funcs, &f.funcs}} {
		for _, text := range l.from {
			if _, err := path.Match(text, ""); err != nil {
				return nil, fmt.Errorf("pattern '%s': %w", text, err)
			}
			*l.to = append(*l.to, pattern{text: text})
		}
	}
	return f, nil
}

// wants reports whether a type is to be compared.
func (f *filter) wants(c Class, name string) bool {
	switch c {
	case Structs, Enums, Typedefs, Numbers:
		return matchAny(f.types, name) || f.all
	case Functions:
		return matchAny(f.funcs, name) || f.all
	}
	return f.all
}

// matchAny reports whether a name matches a pattern. It marks all that match.
func matchAny(list []pattern, name string) bool {
	found := false
	for i := range list {
		if ok, _ := path.Match(list[i].text, name); ok {
			list[i].seen, found = true, true
		}
	}
	return found
}

// unmatched returns the error for a pattern that nothing matched.
func (f *filter) unmatched() error {
	for _, l := range []struct {
		what string
		list []pattern
	}{{"type", f.types}, {"function", f.funcs}} {
		for _, p := range l.list {
			if !p.seen {
				return fmt.Errorf("no %s is called '%s' on either side", l.what, p.text)
			}
		}
	}
	return nil
}

// classOf returns the class of the types of a kind, and whether there is one.
func classOf(k btf.Kind) (Class, bool) {
	switch k {
	case btf.Struct, btf.Union, btf.Forward:
		return Structs, true
	case btf.Enum, btf.Enum64:
		return Enums, true
	case btf.Typedef:
		return Typedefs, true
	case btf.Int, btf.Float:
		return Numbers, true
	case btf.Func:
		return Functions, true
	case btf.Var:
		return Variables, true
	case btf.Datasec:
		return Sections, true
	}
	return 0, false
}
