package btf

import (
	"fmt"
	"path"
	"slices"
)

// typeKinds are the kinds whose names are those of types in C.
var typeKinds = []Kind{Int, Struct, Union, Enum, Enum64, Typedef, Float}

// Types returns the IDs of the types of C whose names match a pattern of
// [path.Match], in increasing order. Forward declarations are not types.
//
// The error is that of a pattern that nothing matches, or that is malformed.
func (s *Spec) Types(pattern string) ([]ID, error) {
	return s.named(pattern, "type", typeKinds)
}

// Named returns the type of C with exactly that name, the first one if there are
// several.
func (s *Spec) Named(name string) (id ID, ok bool) {
	for id := ID(1); id < s.Len(); id++ {
		if !slices.Contains(typeKinds, s.Kind(id)) {
			continue
		}
		if t, err := s.Type(id); err == nil && t.Name == name {
			return id, true
		}
	}
	return 0, false
}

// Find returns the first type of a kind with exactly that name that is of s itself, not of its
// base.
func (s *Spec) Find(name string, kind Kind) (id ID, ok bool) {
	for id := s.First(); id < s.Len(); id++ {
		if s.Kind(id) == kind && s.isText(s.Shape(id).name, name) {
			return id, true
		}
	}
	return 0, false
}

// Section returns the Datasec with exactly that name, the last one if there are
// several: sections follow what they consist of.
func (s *Spec) Section(name string) (section Type, ok bool) {
	for id := s.Len() - 1; id > 0; id-- {
		if s.Kind(id) != Datasec {
			continue
		}
		if t, err := s.Type(id); err == nil && t.Name == name {
			return t, true
		}
	}
	return Type{}, false
}

// Funcs returns the IDs of the functions whose names match a pattern of
// [path.Match], in increasing order.
func (s *Spec) Funcs(pattern string) ([]ID, error) {
	return s.named(pattern, "function", []Kind{Func})
}

func (s *Spec) named(pattern, what string, kinds []Kind) ([]ID, error) {
	var found []ID
	for id := ID(1); id < s.Len(); id++ {
		t, err := s.Type(id)
		if err != nil {
			return nil, err
		}
		if t.Name == "" || !slices.Contains(kinds, t.Kind) {
			continue
		}
		ok, err := path.Match(pattern, t.Name)
		if err != nil {
			return nil, fmt.Errorf("pattern '%s': %w", pattern, err)
		}
		if ok {
			found = append(found, id)
		}
	}
	if found == nil {
		return nil, fmt.Errorf("no %s is called '%s'", what, pattern)
	}
	return found, nil
}

// Needed returns the types with the given IDs and all that a compiler must know
// to use them, in increasing order: what they are made of, but not what structs
// and unions with names are made of that they only point to.
func (s *Spec) Needed(roots []ID) ([]ID, error) {
	n := needs{spec: s, seen: make([]bool, s.Len()), named: make([]bool, s.Len())}
	for _, id := range roots {
		n.add(id, false)
	}
	for len(n.todo) > 0 {
		id := n.todo[len(n.todo)-1]
		n.todo = n.todo[:len(n.todo)-1]
		t, err := s.Type(id)
		if err != nil {
			return nil, err
		}
		n.parts(t)
	}
	var list []ID
	for id, seen := range n.seen {
		if seen || n.named[id] {
			list = append(list, ID(id))
		}
	}
	return list, nil
}

// needs is a walk over types.
type needs struct {
	spec  *Spec
	seen  []bool // by ID
	named []bool // by ID: on the way to a struct or union of which the name is enough
	todo  []ID
}

// add puts a type on the list unless it has been there. Behind a pointer, the
// name of a struct or union is enough.
func (n *needs) add(id ID, pointed bool) {
	if id == 0 || id >= ID(len(n.seen)) || n.seen[id] {
		return
	}
	if pointed {
		t, err := n.spec.Resolve(id)
		if err == nil && (t.Kind == Struct || t.Kind == Union) && t.Name != "" {
			n.passed(id, t.ID)
			return
		}
	}
	n.seen[id] = true
	n.todo = append(n.todo, id)
}

// passed notes the names and qualifiers from a type to the struct or union that
// they stand for.
func (n *needs) passed(id, end ID) {
	for ; id != end; id = n.spec.Shape(id).Ref() {
		n.named[id] = true
	}
}

// parts adds what a type refers to.
func (n *needs) parts(t Type) {
	switch t.Kind {
	case Pointer:
		n.add(t.Ref(), true)
	case Typedef, Volatile, Const, Restrict, TypeTag, Func, Var, DeclTag:
		n.add(t.Ref(), false)
	case Array:
		elem, index, _ := t.Array()
		n.add(elem, false)
		n.add(index, false)
	case Struct, Union:
		for i := range t.Len() {
			n.add(t.Member(i).Type, false)
		}
	case FuncProto:
		n.add(t.Ref(), false)
		for i := range t.Len() {
			n.add(t.Param(i).Type, false)
		}
	case Datasec:
		for i := range t.Len() {
			n.add(t.Variable(i).Type, false)
		}
	}
}
