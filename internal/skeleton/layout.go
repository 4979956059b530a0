package skeleton

import (
	"fmt"
	"hash/fnv"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// layouts are numbers for where types have which members, the same as file layout of directory support finds.
type layouts struct {
	spec  *btf.Spec
	known map[btf.ID]uint64
	depth int
}

// deepest is how many structs within structs are looked at: compiled ones have less.
const deepest = 100

// of returns the number of a type. It is 0 if it has no members.
func (l *layouts) of(id btf.ID) uint64 {
	t, err := l.spec.Resolve(id)
	if err != nil || id == 0 || l.depth == deepest {
		return 0
	}
	l.depth++
	defer func() { l.depth-- }()
	if n, ok := l.known[t.ID]; ok {
		return n
	}
	l.known[t.ID] = 0 // types may contain themselves in files that nobody has compiled
	switch t.Kind {
	case btf.Array:
		elem, _, _ := t.Array()
		l.known[t.ID] = l.of(elem)
	case btf.Struct, btf.Union:
		l.known[t.ID] = l.ofMembers(t)
	}
	return l.known[t.ID]
}

func (l *layouts) ofMembers(t btf.Type) uint64 {
	if t.Len() == 0 {
		return 0
	}
	h := fnv.New64a()
	for i := range t.Len() {
		m := t.Member(i)
		size, err := l.spec.SizeOf(m.Type)
		if err != nil {
			size = 0
		}
		fmt.Fprintf(h, "%s %d %d %d %x\n", m.Name, m.Offset, m.Bits, size, l.of(m.Type))
	}
	return h.Sum64()
}

// text returns the number of a type as it is written.
func (l *layouts) text(id btf.ID) string {
	if n := l.of(id); n != 0 {
		return fmt.Sprintf("%#x", n)
	}
	return "0"
}
