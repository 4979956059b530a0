package decl

import "github.com/gobpftool/gobpftool/internal/btf"

// hash returns a number that differs for types that differ although they have
// one name. It is the same in every kernel that has the type.
func (s *sorter) hash(id btf.ID) uint64 {
	h, ok := s.hashes[id]
	if !ok {
		h = s.hashOf(id, true, maxDepth)
		s.hashes[id] = h
	}
	return h
}

// hashOf computes the hash of a type. members is whether those of structs are
// of interest, depth how many more references to follow.
func (s *sorter) hashOf(id btf.ID, members bool, depth int) uint64 {
	t := s.get(id)
	var h uint64
	if t.Name != "" {
		h = hashString(t.Name)
	}
	if depth == 0 {
		return h
	}
	switch t.Kind {
	case btf.Enum, btf.Enum64:
		for i := range t.Len() {
			h = mix(h, hashString(t.Enumerator(i).Name))
		}
	case btf.Struct, btf.Union:
		for i := 0; members && i < t.Len(); i++ {
			m := t.Member(i)
			if m.Name != "" {
				h = mix(h, hashString(m.Name))
			}
			h = mix(h, s.hashOf(m.Type, false, depth-1))
		}
	case btf.Array:
		elem, _, n := t.Array()
		h = mix(mix(h, uint64(n)), s.hashOf(elem, members, depth-1))
	default:
		if isReference(t.Kind) {
			h = mix(h, s.hashOf(t.Ref(), members, depth-1))
		}
	}
	return h
}

func mix(h, v uint64) uint64 { return h*31 + v }

// hashString returns the hash of a name, whose bytes count as signed.
func hashString(name string) uint64 {
	var h uint64
	for i := range len(name) {
		h = mix(h, uint64(int8(name[i])))
	}
	return h
}
