package btf

import "bytes"

// plain settles a type that refers to no other.
func (m *merger) plain(id ID) {
	switch m.kind(id) {
	case Int, Forward, Float:
		m.settle(id)
	case Enum, Enum64:
		m.enum(id)
	}
}

// settle looks for a known type that is the same bit by bit.
func (m *merger) settle(id ID) {
	sum := m.signature(id)
	for other := range m.known.with(sum) {
		if !m.spend(1) {
			return
		}
		if m.identical(id, other) {
			m.same[id] = other
			return
		}
	}
	m.add(id, sum)
}

// add makes a type known, which stands for itself.
func (m *merger) add(id ID, sum uint64) {
	m.same[id] = id
	m.known.add(id, sum)
}

// enum settles an enumeration. One without values is a declaration of that with
// the same name.
func (m *merger) enum(id ID) {
	sum := m.signature(id)
	for other := range m.known.with(sum) {
		if !m.spend(1 + m.vlen(id)) {
			return
		}
		if !m.declares(id, other) {
			continue
		}
		if m.identical(id, other) || m.vlen(id) == 0 {
			m.same[id] = other
			return
		}
		m.same[other] = id // which was known by its declaration
	}
	m.add(id, sum)
}

// declares reports whether two types are the same enumeration, one of which may
// be without values.
func (m *merger) declares(a, b ID) bool {
	isEnum := func(k Kind) bool { return k == Enum || k == Enum64 }
	return isEnum(m.kind(a)) && isEnum(m.kind(b)) && m.name(a) == m.name(b) &&
		(m.vlen(a) == 0 || m.vlen(b) == 0 || m.identical(a, b))
}

// identical reports whether two types are the same bit by bit.
func (m *merger) identical(a, b ID) bool { return bytes.Equal(m.records[a], m.records[b]) }

// kind returns the kind of a type.
func (m *merger) kind(id ID) Kind {
	kind, _, _ := split(m.s.uint32(m.records[id][4:]))
	return kind
}

// vlen returns how many elements a type has.
func (m *merger) vlen(id ID) int {
	_, _, n := split(m.s.uint32(m.records[id][4:]))
	return int(n)
}

// name returns the offset of the name of a type.
func (m *merger) name(id ID) uint32 { return m.s.uint32(m.records[id]) }
