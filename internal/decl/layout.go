package decl

import "github.com/gobpftool/gobpftool/internal/btf"

// wide is the size of the pointers of most machines, in bytes.
const wide = 8

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
		return min(p.widest, t.Size())
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

func roundUp(n, multiple uint64) uint64 { return (n + multiple - 1) / multiple * multiple }
