package btf

// maxRow bounds how many types may be derived from each other in a row.
const maxRow = 1 << 15

// derived settles a type that is what it refers to, with a few bits: a pointer, a
// qualifier, an array, a prototype, a function, a tag.
func (m *merger) derived(id ID) { m.derive(id, maxRow) }

// derive is derived for a type that others are derived from. It returns what
// stands for it.
func (m *merger) derive(id ID, row int) ID {
	switch m.same[id] {
	default:
		return m.root(id)
	case busy:
		m.fail("refers to itself")
		return id
	case undecided:
	}
	if row == 0 {
		m.fail("more than %d types in a row", maxRow)
		return id
	}
	m.same[id] = busy
	m.s.renumber(m.records[id], func(to ID) ID {
		if m.err != nil {
			return to
		}
		return m.derive(to, row-1)
	})
	if m.err != nil {
		return id
	}
	m.settle(id)
	return m.same[id]
}
