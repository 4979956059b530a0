package btfdiff

import (
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/decl"
)

// A side is one of the two sets of types.
type side struct {
	spec    *btf.Spec
	classes [Classes][]entry
	loose   []btf.ID // enumerations that have no name, and that no other type has
}

// newSide finds what a spec has to be compared: types with names, by class.
func newSide(spec *btf.Spec, f *filter) side {
	s := side{spec: spec}
	for id := spec.First(); id < spec.Len(); id++ {
		c, ok := classOf(spec.Kind(id))
		if !ok {
			continue
		}
		t := s.get(id)
		switch {
		case t.Name == "":
			if f.all && c == Enums {
				s.loose = append(s.loose, id)
			}
		case f.wants(c, t.Name):
			s.classes[c] = append(s.classes[c], entry{key(t), int(id)})
		}
	}
	for i := range s.classes {
		sortEntries(s.classes[i])
	}
	s.dropForwards()
	s.dropUsed()
	return s
}

// key returns the name by which a type is found. The words of numbers come in
// any order, and GCC writes more of them than other compilers.
func key(t btf.Type) string {
	if t.Kind != btf.Int {
		return t.Name
	}
	words := strings.Fields(t.Name)
	slices.Sort(words)
	if len(words) > 1 {
		words = slices.DeleteFunc(words, func(w string) bool { return w == "int" })
	}
	return strings.Join(words, " ")
}

// dropForwards leaves out declarations of what is also defined.
func (s *side) dropForwards() {
	list := s.classes[Structs]
	kept := list[:0]
	for len(list) > 0 {
		n := nameRun(list)
		group := list[:n]
		list = list[n:]
		isForward := func(e entry) bool { return s.spec.Kind(btf.ID(e.at)) == btf.Forward }
		if slices.ContainsFunc(group, func(e entry) bool { return !isForward(e) }) {
			group = slices.DeleteFunc(group, isForward)
		}
		kept = append(kept, group...)
	}
	s.classes[Structs] = kept
}

// dropUsed leaves only those enumerations in s.loose that no other type has: the
// rest is compared where it is used.
func (s *side) dropUsed() {
	if s.loose == nil {
		return
	}
	used := make([]bool, s.spec.Len())
	for id := s.spec.First(); id < s.spec.Len(); id++ {
		switch t := s.spec.Shape(id); t.Kind {
		case btf.Struct, btf.Union:
			for i := range t.Len() {
				used[t.Place(i).Type] = true
			}
		case btf.Array:
			elem, _, _ := t.Array()
			used[elem] = true
		case btf.Pointer, btf.Typedef, btf.Volatile, btf.Const, btf.Restrict, btf.TypeTag:
			used[t.Ref()] = true
		}
	}
	s.loose = slices.DeleteFunc(s.loose, func(id btf.ID) bool { return used[id] })
}

// get returns a type. Its ID exists: what a Spec refers to has been checked.
func (s *side) get(id btf.ID) btf.Type {
	t, _ := s.spec.Type(id)
	return t
}

// describe returns what is known about a type that only one side has, as pairs
// that on makes.
func (s *side) describe(id btf.ID, on sides) *Finding {
	t := s.get(id)
	f := &Finding{Kind: kindName(t), Name: t.Name}
	switch t.Kind {
	case btf.Struct, btf.Union, btf.Enum, btf.Enum64, btf.Int, btf.Float, btf.Datasec:
		f.Size = one(on, t.Size())
	case btf.Forward:
		f.Defined = one(on, false)
	case btf.Typedef, btf.Var:
		f.Type = one(on, decl.Spell(s.spec, t.Ref()))
	case btf.Func:
		f.Prototype = one(on, decl.Declare(s.spec, t.Ref(), t.Name))
	}
	return f
}

// kindName returns the word for what a type is.
func kindName(t btf.Type) string {
	switch t.Kind {
	case btf.Union:
		return "union"
	case btf.Enum, btf.Enum64:
		return "enum"
	case btf.Typedef:
		return "typedef"
	case btf.Int:
		return "int"
	case btf.Float:
		return "float"
	case btf.Func:
		return "func"
	case btf.Var:
		return "var"
	case btf.Datasec:
		return "section"
	case btf.Forward:
		if t.Flag {
			return "union"
		}
	}
	return "struct"
}

// isSigned reports whether a number can be less than zero.
func isSigned(t btf.Type) bool {
	if t.Kind != btf.Int {
		return true
	}
	e, _, _ := t.Int()
	return e&btf.Signed != 0
}
