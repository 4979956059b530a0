package decl

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// A request is a type to be written, and what its place among the others
// depends on. All but the rank and the names comes into play only for types that
// agree in them.
type request struct {
	prefix uint64 // of the name to sort by
	id     btf.ID
	target btf.ID // the type whose name that is: at the end of references
}

// Ranks of kinds of types. Typedefs and such stand with what they are for.
const (
	anonymousEnums = iota
	enums
	numbers
	structs
	signatures
	others
	ranks
)

// A sorter compares requests.
type sorter struct {
	spec   *btf.Spec
	hashes []uint64 // by ID; 0 if not yet known
}

// requests returns the types in the order in which they are to be asked for, so
// that those of two kernels can be compared: it depends on names and, where
// they are equal, on what they are made of, before it depends on IDs. Types that
// have no declaration are left out.
func requests(spec *btf.Spec) []request {
	s := sorter{spec, make([]uint64, spec.Len())}
	placed := make([]uint8, spec.Len()) // rank + 1
	var counts [ranks]int
	for id := btf.ID(1); id < spec.Len(); id++ {
		switch t := s.get(id); t.Kind {
		case btf.Func, btf.Var, btf.Datasec, btf.DeclTag:
		default:
			rank, _ := s.place(t)
			placed[id] = uint8(rank + 1)
			counts[rank]++
		}
	}
	var starts [ranks]int
	total := 0
	for rank, n := range counts {
		starts[rank], total = total, total+n
	}
	all, ends := make([]request, total), starts
	for id, rank := range placed {
		if rank > 0 {
			all[ends[rank-1]] = s.request(btf.ID(id))
			ends[rank-1]++
		}
	}
	for rank := range ranks {
		slices.SortFunc(all[starts[rank]:ends[rank]], s.compare)
	}
	return all
}

func (s *sorter) get(id btf.ID) btf.Type {
	t, _ := s.spec.Type(id) // the zero Type is void
	return t
}

// place returns the rank of a type, and the type at the end of its references.
//
// A type is ranked by what it refers to as long as there is a name on the way:
// a pointer to a struct has none before it.
func (s *sorter) place(t btf.Type) (rank int, target btf.ID) {
	named, lost := t.Name != "", false
	for range maxDepth {
		next, ok := reference(t)
		if !ok {
			break
		}
		lost = lost || !named
		t = s.get(next)
		named = named || t.Name != ""
	}
	switch {
	case lost:
		return others, t.ID
	case t.Kind == btf.Enum || t.Kind == btf.Enum64:
		if !named {
			return anonymousEnums, t.ID
		}
		return enums, t.ID
	case t.Kind == btf.Int || t.Kind == btf.Float:
		return numbers, t.ID
	case named && (t.Kind == btf.Struct || t.Kind == btf.Union):
		return structs, t.ID
	case named && t.Kind == btf.FuncProto:
		return signatures, t.ID
	}
	return others, t.ID
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
	_, target := s.place(s.get(id))
	r := request{id: id, target: target}
	var start [8]byte
	copy(start[:], s.name(r))
	r.prefix = binary.BigEndian.Uint64(start[:])
	return r
}

// name returns the name by which a request is sorted first.
func (s *sorter) name(r request) string {
	t := s.get(r.target)
	isEnum := t.Kind == btf.Enum || t.Kind == btf.Enum64
	if t.Name == "" && r.target == r.id && isEnum && t.Len() > 0 {
		return t.Enumerator(0).Name
	}
	return t.Name
}

// compare compares requests of one rank.
func (s *sorter) compare(a, b request) int {
	if c := cmp.Compare(a.prefix, b.prefix); c != 0 {
		return c
	}
	if a.target != b.target {
		if c := strings.Compare(s.name(a), s.name(b)); c != 0 {
			return c
		}
	}
	if c := strings.Compare(s.get(a.id).Name, s.get(b.id).Name); c != 0 {
		return c
	}
	if c := cmp.Compare(s.hash(a.id), s.hash(b.id)); c != 0 {
		return c
	}
	return cmp.Compare(a.id, b.id)
}
