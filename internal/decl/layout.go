package decl

import "github.com/gobpftool/gobpftool/internal/btf"

// alignOf returns the alignment of the values of a type in bytes, or 1 if they
// need none.
func (p *printer) alignOf(id btf.ID) uint32 {
	if p.aligns[id] == 0 && p.enter(id) {
		p.aligns[id] = 1 // for types that contain themselves
		p.aligns[id] = max(p.align(p.spec.Shape(id)), 1)
		p.leave()
	}
	return max(p.aligns[id], 1)
}

func (p *printer) align(t btf.Type) uint32 {
	switch t.Kind {
	case btf.Int, btf.Enum, btf.Enum64, btf.Float:
		return min(p.pointer, t.Size())
	case btf.Pointer:
		return p.pointer
	case btf.Array:
		elem, _, _ := t.Array()
		return p.alignOf(elem)
	case btf.Typedef, btf.Volatile, btf.Const, btf.Restrict, btf.TypeTag:
		return p.alignOf(t.Ref())
	case btf.Struct, btf.Union:
		if most, natural := p.membersAlign(t); natural {
			return most
		}
	}
	return 1
}

// membersAlign returns the largest alignment of a member of a struct or union,
// in bytes, and whether its size and the places of its members are as they are
// by themselves.
func (p *printer) membersAlign(t btf.Type) (most uint32, natural bool) {
	most, natural = 1, true
	for i := range t.Len() {
		m := t.Place(i)
		align := p.alignOf(m.Type)
		if m.Bits == 0 && uint64(m.Offset)%(8*uint64(align)) != 0 {
			natural = false
		}
		most = max(most, align)
	}
	return most, natural && t.Size()%most == 0
}

// packed reports whether a struct has its layout only if it is told to leave no
// holes.
func (p *printer) packed(t btf.Type) bool {
	_, natural := p.membersAlign(t)
	return t.Kind == btf.Struct && !natural
}

// bitsOf returns the size of the values of a type in bits, or 0 if they have
// none.
func (p *printer) bitsOf(id btf.ID) uint64 {
	n, err := p.spec.SizeOf(id)
	if err != nil {
		return 0
	}
	return 8 * n
}

// A gap is space between the fields of a struct, or behind them.
type gap struct {
	from, to uint64 // bits from the start of the struct
	align    uint64 // bits, of what follows
	bitfield bool   // it is between two bitfields
}

// A filler is a type of padding.
type filler struct {
	name string
	bits uint64
}

// fillers returns the types of padding, the largest first.
func (p *printer) fillers() [4]filler {
	return [4]filler{{"long", 8 * uint64(p.pointer)}, {"int", 32}, {"short", 16}, {"char", 8}}
}

// fill yields the unnamed bitfields that make the fields of a struct come where
// they are. One of 0 bits goes on at the next multiple of its type.
//
// Alignment makes some holes by itself, which are left to it.
func (p *printer) fill(g gap, yield func(name string, bits uint64) bool) {
	if g.from >= g.to {
		return
	}
	fillers := p.fillers()
	unit := fillers[len(fillers)-1]
	for _, f := range fillers {
		if roundUp(g.from, f.bits) <= g.to {
			unit = f
			break
		}
	}
	if next := roundUp(g.from, unit.bits); next > g.from && next <= g.to {
		bits, needed := g.start(next)
		if needed && !yield(unit.name, bits) {
			return
		}
		g.from = next
	}
	for ; g.to-g.from >= unit.bits; g.from += unit.bits {
		if !yield(unit.name, unit.bits) {
			return
		}
	}
	rest := g.to - g.from
	for i := len(fillers) - 1; i >= 0 && rest > 0; i-- {
		if fillers[i].bits >= rest {
			yield(fillers[i].name, rest)
			return
		}
	}
}

// start returns the bitfield that takes a gap to next, the first multiple of its
// type, and whether one is needed.
func (g gap) start(next uint64) (bits uint64, needed bool) {
	switch {
	case g.bitfield:
		return next - g.from, true
	case next == g.to:
		return 0, roundUp(g.from, g.align) != next
	}
	return 0, g.to-next <= next-g.from
}

func roundUp(n, multiple uint64) uint64 { return (n + multiple - 1) / multiple * multiple }
