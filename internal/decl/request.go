package decl

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// A request is a type to be written, and what its place among others of its rank
// depends on first.
type request struct {
	prefix uint64 // of the name
	name   string // to sort by: that of the type at the end of references
	id     btf.ID
}

// Ranks of types. Typedefs and such stand with what they are for.
const (
	anonymousEnums uint8 = iota
	enums
	numbers
	structs
	signatures
	others
	undeclared // types that have no declaration
)

// A sorter puts types in an order that depends on their names and, where these
// are equal, on what the types are made of, before it depends on their IDs: so
// the declarations of two kernels can be compared.
type sorter struct {
	spec   *btf.Spec
	ranks  []uint8           // by ID
	hashes map[btf.ID]uint64 // of those that have been needed
}

func newSorter(spec *btf.Spec) *sorter {
	s := &sorter{spec, make([]uint8, spec.Len()), make(map[btf.ID]uint64)}
	s.ranks[0] = undeclared
	for id := btf.ID(1); id < spec.Len(); id++ {
		s.ranks[id] = s.rank(id)
	}
	return s
}

// sorted returns the requests of one rank for which keep is true.
func (s *sorter) sorted(rank uint8, keep func(btf.ID) bool) []request {
	var rs []request
	for id, r := range s.ranks {
		if id := btf.ID(id); r == rank && keep(id) {
			rs = append(rs, s.request(id))
		}
	}
	slices.SortFunc(rs, s.compare)
	return rs
}

func (s *sorter) get(id btf.ID) btf.Type {
	t, _ := s.spec.Type(id) // the zero Type is void
	return t
}

// rank returns the rank of a type.
//
// A type is ranked by what it refers to as long as there is a name on the way:
// a pointer to a struct has none before it.
func (s *sorter) rank(id btf.ID) uint8 {
	switch s.spec.Kind(id) {
	case btf.Func, btf.Var, btf.Datasec, btf.DeclTag:
		return undeclared
	case btf.Int, btf.Float:
		return numbers
	}
	t := s.get(id)
	named := t.Name != ""
	if _, ok := reference(t); ok {
		if !named {
			return others
		}
		t = s.get(s.target(id))
	}
	named = named || t.Name != ""
	switch t.Kind {
	case btf.Enum, btf.Enum64:
		if named {
			return enums
		}
		return anonymousEnums
	case btf.Int, btf.Float:
		return numbers
	case btf.Struct, btf.Union:
		if named {
			return structs
		}
	case btf.FuncProto:
		if named {
			return signatures
		}
	}
	return others
}

// target returns the type at the end of what a type refers to.
func (s *sorter) target(id btf.ID) btf.ID {
	for range maxDepth {
		next, ok := reference(s.spec.Shape(id))
		if !ok {
			break
		}
		id = next
	}
	return id
}

// reference returns the type that t is a pointer to, an array of, a name of, or
// that it qualifies or tags.
func reference(t btf.Type) (btf.ID, bool) {
	if t.Kind == btf.Array {
		elem, _, _ := t.Array()
		return elem, true
	}
	return t.Ref(), isReference(t.Kind)
}

func (s *sorter) request(id btf.ID) request {
	r := request{id: id, name: s.name(id)}
	var start [8]byte
	copy(start[:], r.name)
	r.prefix = binary.BigEndian.Uint64(start[:])
	return r
}

// name returns the name by which a type is sorted first.
func (s *sorter) name(id btf.ID) string {
	t := s.get(s.target(id))
	isEnum := t.Kind == btf.Enum || t.Kind == btf.Enum64
	if t.Name == "" && t.ID == id && isEnum && t.Len() > 0 {
		return t.Enumerator(0).Name
	}
	return t.Name
}

// compare compares requests of one rank.
func (s *sorter) compare(a, b request) int {
	if c := cmp.Compare(a.prefix, b.prefix); c != 0 {
		return c
	}
	if c := strings.Compare(a.name, b.name); c != 0 {
		return c
	}
	if c := strings.Compare(s.get(a.id).Name, s.get(b.id).Name); c != 0 {
		return c
	}
	if c := cmp.Compare(s.hash(a.id), s.hash(b.id)); c != 0 {
		return c
	}
	return cmp.Compare(a.id, b.id)
}
