package btf

// rename replaces the name of the record at the start of b and those of its
// elements, which are offsets in the strings.
func (s *Spec) rename(b []byte, name func(uint32) uint32) {
	kind, _, vlen := split(s.uint32(b[4:]))
	s.replace(b, name)
	if !links[kind].named {
		return
	}
	b = b[recordLen:]
	for i := range uint64(vlen) {
		s.replace(b[i*tails[kind].each:], name)
	}
}

// renumber replaces the IDs in the record at the start of b, in their order
// there.
func (s *Spec) renumber(b []byte, id func(ID) ID) {
	kind, _, vlen := split(s.uint32(b[4:]))
	number := func(n uint32) uint32 { return uint32(id(ID(n))) }
	l := links[kind]
	if l.ref {
		s.replace(b[8:], number)
	}
	b = b[recordLen:]
	if kind == Array {
		s.replace(b, number)
		s.replace(b[4:], number)
	}
	if l.id < 0 {
		return
	}
	for i := range uint64(vlen) {
		s.replace(b[i*tails[kind].each+uint64(l.id):], number)
	}
}

// replace replaces the number at the start of b.
func (s *Spec) replace(b []byte, by func(uint32) uint32) {
	s.ByteOrder().PutUint32(b, by(s.uint32(b)))
}
