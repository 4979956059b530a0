package btf

// A pair is what might be the same.
type pair struct{ own, known ID }

// composite settles a struct, a union or a typedef, unless it turned out already
// what stands for it.
func (m *merger) composite(id ID) {
	switch kind := m.kind(id); {
	case m.same[id] != undecided:
		return
	case kind != Struct && kind != Union && kind != Typedef:
		return
	}
	sum := m.signature(id)
	for other := range m.known.with(sum) {
		if m.node(id).shape != m.node(other).shape || !m.equivalent(id, other) {
			continue
		}
		m.learn()
		if !m.onBase {
			m.same[id] = other
			return
		}
	}
	m.add(id, sum)
}

// equivalent reports whether two types are the same, by all that they lead to.
// It guesses that they are, and looks for a contradiction.
func (m *merger) equivalent(own, known ID) bool {
	for _, id := range m.guessed {
		m.guesses[id] = undecided
	}
	m.guessed, m.onBase = m.guessed[:0], false
	m.todo = append(m.todo[:0], pair{own, known})
	for len(m.todo) > 0 {
		last := len(m.todo) - 1
		p := m.todo[last]
		m.todo = m.todo[:last]
		if !m.spend(1) || !m.agree(p.own, p.known) {
			return false
		}
	}
	return true
}

// agree reports whether two types, which are not known to be the same, agree with
// each other and with the guesses made so far. What they refer to is put on the
// list.
func (m *merger) agree(own, known ID) bool {
	if guess := m.guesses[known]; guess != undecided {
		// A part may have a type twice.
		return guess == own || m.twins(guess, own, twinDepth)
	}
	m.guesses[known] = own
	m.guessed = append(m.guessed, known)

	a, b := m.node(own), m.node(known)
	switch {
	case !m.fit(a, b, own, known):
		return false
	case a.kind == Var || a.kind == Datasec || a.kind == DeclTag:
		m.fail("leads to a type of kind %d, which is none of values", a.kind)
		return false
	case a.kind != Forward && b.kind == Forward:
		m.onBase = m.onBase || known < m.s.First()
		return true
	}
	return a.shape != b.shape || m.push(m.refs(a), m.refs(b))
}

// fit reports whether two types are the same but for what they refer to, or one
// is a declaration of the other.
func (m *merger) fit(a, b node, own, known ID) bool {
	switch {
	case a.shape == b.shape:
		return true
	case a.kind == Forward || b.kind == Forward:
		return a.kind != b.kind && m.name(own) == m.name(known) && m.meant(own) == m.meant(known)
	}
	return a.kind == b.kind && m.declares(own, known)
}

// push puts what two types refer to on the list, so that the first comes out
// first, and reports whether that may agree.
//
// It would take long to come to what does not fit if it is far down the list. No
// guess can help it, unless it is an enumeration that is there with and without
// values.
func (m *merger) push(own, known []ID) bool {
	for i := len(own) - 1; i >= 0; i-- {
		x, y := own[i], known[i]
		if m.root(x) == m.root(y) {
			continue
		}
		y = m.declared(y)
		if a := m.node(x); a.kind != Enum && a.kind != Enum64 && !m.fit(a, m.node(y), x, y) {
			return false
		}
		m.todo = append(m.todo, pair{x, y})
	}
	return true
}

// declared returns the struct or union that a forward declaration is known to
// be for, and other types as they are.
func (m *merger) declared(id ID) ID {
	if m.node(id).kind == Forward {
		if to := m.root(id); m.kind(to) != Forward {
			return to
		}
	}
	return id
}

// meant returns the kind of what a forward declaration is for, and that of other
// types.
func (m *merger) meant(id ID) Kind {
	kind, flag, _ := split(m.s.uint32(m.records[id][4:]))
	switch {
	case kind != Forward:
		return kind
	case flag:
		return Union
	}
	return Struct
}

// learn keeps what follows from guesses that turned out right: what forward
// declarations are for, and what stands for structs and unions. If they are
// right only for another base, they tell just what its declarations are for.
func (m *merger) learn() {
	for _, known := range m.guessed {
		own, known := m.root(m.guesses[known]), m.root(known)
		kind, other := m.kind(own), m.kind(known)
		switch {
		case other == Forward && kind != Forward:
			m.same[known] = own
		case m.onBase:
		case kind == Forward && other != Forward:
			m.same[own] = known
		case (kind == Struct || kind == Union) && other != Forward && m.same[known] < busy && m.same[own] >= busy:
			m.same[own] = known
		}
	}
}
