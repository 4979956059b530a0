package btf

import (
	"hash/maphash"
	"iter"
)

// A table finds types by a signature, which is the same for those that might be
// the same.
//
// If several known types could stand for another one, which happens where a base
// has types twice, the order in which they are found decides. It is that of the
// reference: the youngest first, but all that there are turn round whenever the
// table doubles. Source: hashmap.c of libbpf.
type table struct {
	heads []ID     // by the lowest bits of a signature: the first of a chain, or 0
	next  []ID     // by ID: the next of its chain, or 0
	sums  []uint64 // by ID: the signature
	len   int
	seed  maphash.Seed
}

// newTable returns a table for types with IDs below n.
func newTable(n int) table {
	return table{next: make([]ID, n), sums: make([]uint64, n), seed: maphash.MakeSeed()}
}

// add adds a type.
func (t *table) add(id ID, sum uint64) {
	if t.len++; t.len*4/3 > len(t.heads) {
		t.grow()
	}
	t.sums[id] = sum
	t.push(id)
}

// push puts a type at the start of its chain.
func (t *table) push(id ID) {
	head := &t.heads[t.sums[id]&uint64(len(t.heads)-1)]
	t.next[id], *head = *head, id
}

// grow doubles the number of chains.
func (t *table) grow() {
	old := t.heads
	t.heads = make([]ID, max(4, 2*len(old)))
	for _, id := range old {
		for id != 0 {
			next := t.next[id]
			t.push(id)
			id = next
		}
	}
}

// with yields the types with a signature.
func (t *table) with(sum uint64) iter.Seq[ID] {
	return func(yield func(ID) bool) {
		if len(t.heads) == 0 {
			return
		}
		for id := t.heads[sum&uint64(len(t.heads)-1)]; id != 0; id = t.next[id] {
			if t.sums[id] == sum && !yield(id) {
				return
			}
		}
	}
}

// signature returns the signature of a type: of its name if it is an
// enumeration, of all but what it refers to for structs, unions and typedefs,
// and of all that there is for others, which are known once what they refer to
// is settled.
func (m *merger) signature(id ID) uint64 {
	b := m.records[id]
	switch m.kind(id) {
	case Enum, Enum64:
		b = b[:4]
	case Struct, Union, Typedef:
		b = m.shape(id, func(ID) {})
	}
	return maphash.Bytes(m.known.seed, b)
}
