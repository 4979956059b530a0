package btf

// forwards finds what the own forward declarations are for that stand for
// themselves: the struct or union with the name, if there is just one.
func (m *merger) forwards() {
	var open []ID
	named := make(map[uint32]ID) // by name: the only one, or one of those below
	const none, several ID = 0, undecided
	m.each(func(id ID) {
		if m.kind(id) == Forward && m.same[id] == id {
			open = append(open, id)
			named[m.name(id)] = none
		}
	})
	if open == nil || m.err != nil {
		return
	}
	for i := range m.records {
		id := ID(i)
		if kind := m.kind(id); kind != Struct && kind != Union || m.same[id] != id {
			continue
		}
		switch n, ok := named[m.name(id)]; {
		case !ok:
		case n == none:
			named[m.name(id)] = id
		default:
			named[m.name(id)] = several
		}
	}
	for _, id := range open {
		if to := named[m.name(id)]; to != none && to != several && m.meant(id) == m.meant(to) {
			m.same[id] = to
		}
	}
}
