package skeleton

import (
	"cmp"
	"fmt"
	"go/token"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// Bpf2go asks for what programs find in the code that bpf2go of cilium/ebpf v0.22 writes, before the skeleton
// itself. Names and types are those of that code, so that they compile with either.
//
// The functions that load read the object as it was compiled, as bpf2go's do; the skeleton reads the adapted one.
type Bpf2go struct {
	Ident      string   // what all names begin with; if it is public, so are they
	Constraint string   // what a build must have, without "//go:build ", or ""
	Types      []string // names in C of types that are declared
	Global     bool     // the types of keys, values and variables are declared as well
}

// A face is what is written for that.
type face struct {
	Bpf2go
	maps, progs, vars []named // by their names
	types             *faceTypes
	shared            bool // the adapted object is the same
	taken             map[string]string
}

// A named is part of an object, by its name there and the one in Go.
type named struct{ name, ident string }

// field is the name of the field for it. bpf2go has none where that would begin with a digit.
func (n named) field() string { return fieldName(n.ident) }

// newFace finds the names. No two may be the same in Go.
func newFace(o *elfobj.Object, leave map[string]bool, want Bpf2go) (*face, error) {
	if !token.IsIdentifier(want.Ident) {
		return nil, fmt.Errorf("'%s' is no identifier in Go", want.Ident)
	}
	f := &face{Bpf2go: want, taken: make(map[string]string)}
	for _, name := range f.own() {
		f.taken[name] = "what is in every such file"
	}
	for _, m := range o.Maps {
		if m.Kind == elfobj.Defined || m.Kind == elfobj.Legacy || m.Kind == elfobj.StructOps && m.Section[0] != '?' {
			f.maps = append(f.maps, named{m.Name, bpf2goName(m.Name)})
		}
	}
	for _, p := range o.Programs {
		if !leave[p.Name] {
			f.progs = append(f.progs, named{p.Name, bpf2goName(p.Name)})
		}
	}
	for _, v := range o.Variables {
		if isShown(v) {
			f.vars = append(f.vars, named{v.Name, bpf2goName(v.Name)})
		}
	}
	for _, list := range []struct {
		what, word string
		names      *[]named
	}{{"map", "Map", &f.maps}, {"program", "Prog", &f.progs}, {"variable", "Var", &f.vars}} {
		slices.SortFunc(*list.names, func(a, b named) int { return cmp.Compare(a.name, b.name) })
		for _, n := range *list.names {
			if err := f.claim(f.Ident+list.word+n.ident, list.what+" "+n.name); err != nil {
				return nil, err
			}
		}
	}
	var err error
	f.types, err = newFaceTypes(o, f)
	return f, err
}

// isShown reports whether programs reach a variable by its name.
func isShown(v *elfobj.Variable) bool {
	switch v.Map.Kind {
	case elfobj.Data, elfobj.Rodata, elfobj.BSS:
		return v.Linkage == btf.Global && !v.Hidden && !strings.HasPrefix(v.Name, ".")
	}
	return false
}

// claim takes a name at package level.
func (f *face) claim(name, what string) error {
	if before := f.taken[name]; before != "" {
		return fmt.Errorf("%s would have the name %s in Go, which is that of %s", oneLine(what), name, oneLine(before))
	}
	f.taken[name] = what
	return nil
}

// own returns the names that do not depend on the object.
func (f *face) own() []string {
	list := []string{f.load(), f.load() + "Objects", f.bytes(), f.closer()}
	for _, word := range strings.Fields("Specs ProgramSpecs MapSpecs VariableSpecs Objects Maps Variables Programs") {
		list = append(list, f.Ident+word)
	}
	return list
}

// load is the name of the function that reads the object.
func (f *face) load() string {
	if token.IsExported(f.Ident) {
		return "Load" + f.Ident
	}
	return "load" + upperFirst(f.Ident)
}

func (f *face) bytes() string  { return "_" + upperFirst(f.Ident) + "Bytes" }
func (f *face) closer() string { return "_" + upperFirst(f.Ident) + "Close" }

// skeletonName returns what the skeleton is called, whose names all begin with that: it is none with which a name here
// begins.
func (f *face) skeletonName() string {
	name := f.Ident + "_skel"
	for n := 2; f.begins(name); n++ {
		name = fmt.Sprintf("%s_skel%d", f.Ident, n)
	}
	return name
}

func (f *face) begins(skeleton string) bool {
	public, private := skeletonNames(skeleton)
	for name := range f.taken {
		if strings.HasPrefix(name, public) || strings.HasPrefix(name, private) || name == "Open"+public {
			return true
		}
	}
	return false
}

// Identifiers tells what of the object programs may name, such as "map events", in order.
func (s *Skeleton) Identifiers() []string {
	if s.face == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Sorted(maps.Values(s.face.taken)), func(what string) bool {
		return !strings.HasPrefix(what, "map ") && !strings.HasPrefix(what, "program ") && !strings.HasPrefix(what, "variable ")
	})
}

// bpf2goName returns the public name that bpf2go makes of a name in C: underscores go after a small letter or a digit, and at
// the start, and what follows them is a capital.
func bpf2goName(c string) string {
	var b strings.Builder
	begins, keeps := true, false // what comes next begins a word; an underscore would stay
	for _, r := range c {
		switch {
		case r == '_' && !keeps:
			begins = true
			continue
		case unicode.IsLetter(r):
			if begins {
				r = unicode.ToUpper(r)
			}
			keeps = !unicode.IsLower(r)
		case unicode.IsDigit(r):
			keeps = false
		case r == '_':
		default:
			continue
		}
		begins = false
		b.WriteRune(r)
	}
	return b.String()
}

// fieldName makes an identifier of a name by [bpf2goName], which may begin with a digit.
func fieldName(name string) string {
	if name == "" || '0' <= name[0] && name[0] <= '9' {
		return "X" + name
	}
	return name
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
