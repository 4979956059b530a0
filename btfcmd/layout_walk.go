package btfcmd

import (
	"errors"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/decl"
)

// Structs come from anywhere, and a few of them can have any number of members.
const (
	maxInner  = 64      // blocks within each other
	maxPlaces = 1 << 16 // members of a struct, with those of inner blocks
	maxText   = 1 << 24 // bytes of their types
	maxAll    = 1 << 24 // members of all structs; a kernel has some 100,000
)

// A walk goes through the members of structs and unions, in order.
type walk struct {
	spec  *btf.Spec
	align decl.Aligner
	all   int // members

	// Of the struct that is being described.
	places int
	text   int    // bytes
	line   uint64 // the cache line that the last member begins in
}

// newWalk returns a walk through the types of spec.
func newWalk(spec *btf.Spec) *walk { return &walk{spec: spec, align: decl.NewAligner(spec)} }

// layout describes a struct or union.
//
// The error names the type that has no layout: one without a size, or in a loop.
func (k *walk) layout(id btf.ID) (*Layout, error) {
	t, err := k.spec.Type(id)
	if err != nil {
		return nil, err
	}
	k.places, k.text, k.line = 0, 0, 0
	block, sums, err := k.block(t, 0, 0)
	if err != nil {
		return nil, err
	}
	l := &Layout{ID: id, Name: t.Name, Cacheline: cacheline, Block: *block}
	l.Summary = Summary{
		Cachelines: (uint64(t.Size()) + cacheline - 1) / cacheline,
		Last:       t.Size() % cacheline,
		Members:    t.Len(),
		Sums:       sums,
	}
	return l, k.align.Err()
}

// block describes a struct or union that begins at an offset in bytes, within
// some others. The sums are nil for a union.
func (k *walk) block(t btf.Type, base uint64, depth int) (*Block, *Sums, error) {
	if depth > maxInner {
		return nil, nil, fmt.Errorf("type %d: more than %d structs within each other", t.ID, maxInner)
	}
	b := &Block{Kind: keyword(t.Kind), Size: t.Size(), Packed: k.align.Packed(t), Members: []*Place{}, Holes: []Hole{}}
	s := space{base: base, block: b}
	first := k.line
	for i := range t.Len() {
		p, err := k.place(t.Member(i), base, depth)
		if err != nil {
			return nil, nil, fmt.Errorf("type %d: member %d: %w", t.ID, i, err)
		}
		if t.Kind == btf.Struct {
			s.add(p, k.align.Align(p.TypeID))
		} else {
			k.line = first // all members begin where the union does
		}
		b.Members = append(b.Members, p)
	}
	if t.Kind == btf.Union {
		return b, nil, nil
	}
	s.finish(k.align.Align(t.ID))
	return b, &s.Sums, nil
}

// place describes a member of a block that begins at an offset in bytes.
func (k *walk) place(m btf.Member, base uint64, depth int) (*Place, error) {
	size, err := k.spec.SizeOf(m.Type)
	if err != nil {
		return nil, err
	}
	p := &Place{
		Name:        m.Name,
		Type:        decl.Spell(k.spec, m.Type),
		TypeID:      m.Type,
		Offset:      base + memberOffset(m, size),
		Size:        size,
		declaration: decl.Declare(k.spec, m.Type, m.Name),
	}
	if err := k.count(p); err != nil {
		return nil, err
	}
	if m.Bits != 0 {
		p.Bits = &Bits{8*base + uint64(m.Offset), m.Bits}
	}
	if line := p.Offset / cacheline; line > k.line {
		k.line = line
		p.Line = &Line{line, line * cacheline}
	}
	if t, ok := k.inner(m.Type); ok {
		p.Inner, _, err = k.block(t, p.Offset, depth+1)
	}
	return p, err
}

// count fails if there is more than anybody reads.
func (k *walk) count(p *Place) error {
	k.places++
	k.all++
	k.text += len(p.Type) + len(p.declaration)
	switch {
	case p.Type == decl.Invalid, p.declaration == decl.Invalid:
		return fmt.Errorf("type %d has no name that ends", p.TypeID)
	case k.places > maxPlaces, k.all > maxAll:
		return errors.New("there are too many members")
	case k.text > maxText:
		return errors.New("the names of types are too long")
	}
	return nil
}

// memberOffset returns the offset of a member of some size in bytes: for a
// bitfield that of the storage it begins in, which is aligned in packed structs,
// too.
func memberOffset(m btf.Member, size uint64) uint64 {
	if m.Bits == 0 || size == 0 {
		return uint64(m.Offset) / 8
	}
	return uint64(m.Offset) / (8 * size) * size
}

// inner returns the struct or union without a name that a member is of, or has an
// array of.
func (k *walk) inner(id btf.ID) (btf.Type, bool) {
	for range maxInner {
		t, err := k.spec.Type(id)
		if err != nil {
			return t, false
		}
		switch t.Kind {
		case btf.Const, btf.Volatile, btf.Restrict, btf.TypeTag:
			id = t.Ref()
		case btf.Array:
			id, _, _ = t.Array()
		default:
			return t, t.Name == "" && keyword(t.Kind) != ""
		}
	}
	return btf.Type{}, false
}
