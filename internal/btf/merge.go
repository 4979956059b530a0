package btf

import (
	"fmt"
	"math"
)

// Merge returns the types of parts, which are split BTF on the same base, as one
// split BTF on it. What several of them have, or the base has, is there once:
// the types of the base stand for those of the parts, and those of the first
// part for those of later ones. What is left keeps its order.
//
// base and parts are as [Open] returns them. The error has the numbers of a part,
// from 1, and of a type in it.
func Merge(base *Spec, parts []*Spec) (*Spec, error) {
	s, err := join(base, parts)
	if err != nil {
		return nil, err
	}
	m := newMerger(s)
	m.each(m.plain)
	m.each(m.composite)
	m.forwards()
	m.each(m.derived)
	if m.err != nil {
		part, id := place(parts, m.at)
		return nil, fmt.Errorf("part %d: type %d: %w", part+1, id, m.err)
	}
	return m.result(), nil
}

// place returns the part that type id of all of them is in, and its number there.
func place(parts []*Spec, id ID) (int, ID) {
	for i, p := range parts {
		if id < p.Len() {
			return i, id
		}
		id -= ID(len(p.offsets))
	}
	return len(parts) - 1, id
}

// A merger finds out which types are the same. The types that it is for, those
// that are not of the base, are its own.
//
// What is the same follows from what a type refers to, and types refer to each
// other in circles, but these lead through structs and unions. So the types
// that refer to no other are settled first, then structs and unions, by a
// comparison of all that they lead to, and the rest by what it refers to.
type merger struct {
	s       *Spec    // the base, and the types of all parts
	records [][]byte // by ID
	same    []ID     // by ID: what stands for a type, itself, or one of the marks below
	known   table    // the types that stand for themselves
	scratch []byte

	graph   graph
	guesses []ID // by ID: the own type that a known one is compared with, or undecided
	guessed []ID // which have a guess, the oldest first
	todo    []pair
	onBase  bool // the guesses are right only if the base changes

	left int64 // steps
	at   ID    // the type that is worked at
	err  error
}

// Marks in merger.same.
const (
	undecided ID = math.MaxUint32 - iota
	busy
)

// Work is limited: few bytes can describe types that look alike for as long as
// they are looked at.
const (
	minSteps     = 1 << 24
	stepsPerType = 1 << 10
	maxSteps     = 1 << 32
)

func newMerger(s *Spec) *merger {
	n := int(s.Len())
	m := &merger{
		s: s, records: s.appendRecords(make([][]byte, 0, n)),
		same: make([]ID, n), guesses: make([]ID, n),
		known: newTable(n),
		graph: graph{nodes: make([]node, n), shapes: make(map[string]uint32)},
		left:  min(minSteps+stepsPerType*int64(n), maxSteps),
	}
	for i := range m.records {
		id := ID(i)
		m.same[id], m.guesses[id] = undecided, undecided
		kind := m.kind(id)
		based, single := id < s.First(), kind == Void || kind == Var || kind == Datasec
		if based || single {
			m.same[id] = id
		}
		if based && !single {
			m.known.add(id, m.signature(id))
		}
	}
	return m
}

// appendRecords appends the bytes of each type of s, and of void.
func (s *Spec) appendRecords(list [][]byte) [][]byte {
	if s.base == nil {
		list = append(list, make([]byte, recordLen))
	} else {
		list = s.base.appendRecords(list)
	}
	for i, off := range s.offsets {
		end := uint32(len(s.types))
		if i+1 < len(s.offsets) {
			end = s.offsets[i+1]
		}
		list = append(list, s.types[off:end:end])
	}
	return list
}

// each settles own types, in their order.
func (m *merger) each(settle func(ID)) {
	for id := m.s.First(); id < m.s.Len() && m.err == nil; id++ {
		m.at = id
		settle(id)
	}
}

// fail ends the work.
func (m *merger) fail(format string, words ...any) {
	if m.err == nil {
		m.err = fmt.Errorf(format, words...)
	}
}

// spend counts steps and reports whether they may be done.
func (m *merger) spend(n int) bool {
	if m.left -= int64(n); m.left < 0 {
		m.fail("there are too many types like it")
	}
	return m.err == nil
}

// root returns what stands for a type.
func (m *merger) root(id ID) ID {
	for {
		to := m.same[id]
		if to == id || to >= busy {
			return id
		}
		id = to
	}
}

// result returns the own types that stand for themselves.
func (m *merger) result() *Spec {
	s := &Spec{big: m.s.big, strings: m.s.strings, base: m.s.base, pointer: m.s.pointer}
	first := s.First()
	numbers := make([]ID, len(m.records)-int(first))
	for i := range numbers {
		if id := first + ID(i); m.same[id] == id {
			numbers[i] = s.Len()
			s.offsets = append(s.offsets, uint32(len(s.types)))
			s.types = append(s.types, m.records[id]...)
		}
	}
	for _, off := range s.offsets {
		s.renumber(s.types[off:], func(id ID) ID {
			if id = m.root(id); id < first {
				return id
			}
			return numbers[id-first]
		})
	}
	return s
}
