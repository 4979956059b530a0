package btfdiff

import (
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/decl"
)

// A place is a field of a struct or union, or a variable of a section.
type place struct {
	name string
	typ  btf.ID // void for a variable, which is compared by itself
	off  uint64 // bits from the start of the outermost struct
	bits uint32 // width of a bitfield, or 0
}

// anonymous is the name of what has none.
const anonymous = "(anon)"

// A frame is a struct, union or section somewhere within another.
type frame struct {
	t    btf.Type
	base uint64 // its place in bits
}

// fields adds what changed between the fields of two structs, whose names follow
// a path.
func (d *Diff) fields(f *Finding, path string, old, new frame) {
	if !d.enter(old.t.ID, new.t.ID) {
		return
	}
	defer d.leave()
	a, b := d.places(&d.old, nil, old, 0), d.places(&d.new, nil, new, 0)
	if !d.step(old.t.ID, new.t.ID) {
		return
	}
	name := func(p place) string { return p.name }
	matches := d.parts(named(a, name), named(b, name), func(i, j int) bool {
		return a[i].spot() == b[j].spot() && d.same(a[i].typ, b[j].typ, true)
	})
	matches = rename(&d.limit, matches,
		func(i int) spot { return a[i].spot() },
		func(j int) spot { return b[j].spot() },
		func(i, j int) bool { return a[i].typ != 0 && d.same(a[i].typ, b[j].typ, true) })
	for _, m := range matches {
		switch {
		case m.new == none:
			f.Fields = append(f.Fields, d.old.field(path, Removed, a[m.old], onOld))
		case m.old == none:
			f.Fields = append(f.Fields, d.new.field(path, Added, b[m.new], onNew))
		default:
			d.field(f, path, a[m.old], b[m.new])
		}
	}
}

// places appends the fields of a struct to list. Those of structs and unions in
// it that are no field with a name count as its own, as in C.
func (d *Diff) places(s *side, list []place, in frame, depth int) []place {
	if depth == maxDepth {
		d.fail(in.t.ID, in.t.ID, "it has no end")
		return list
	}
	for i := range in.t.Len() {
		if !d.step(in.t.ID, in.t.ID) {
			break
		}
		if in.t.Kind == btf.Datasec {
			v := in.t.Variable(i)
			list = append(list, place{name: s.get(v.Type).Name, off: 8 * uint64(v.Offset)})
			continue
		}
		m := in.t.Member(i)
		p := place{m.Name, m.Type, in.base + uint64(m.Offset), m.Bits}
		if m.Name == "" {
			t, err := s.spec.Resolve(m.Type)
			if err == nil && (t.Kind == btf.Struct || t.Kind == btf.Union) {
				list = d.places(s, list, frame{t, p.off}, depth+1)
				continue
			}
			p.name = anonymous
		}
		if !in.t.Flag {
			s.oldBitfield(&p)
		}
		list = append(list, p)
	}
	return list
}

// oldBitfield completes a bitfield as it was described before kind_flag: by an
// integer of few bits.
func (s *side) oldBitfield(p *place) {
	t, err := s.spec.Resolve(p.typ)
	if err != nil || t.Kind != btf.Int {
		return
	}
	if _, shift, bits := t.Int(); bits != 8*t.Size() {
		p.off += uint64(shift)
		p.bits = bits
	}
}

// A spot is where a field is, and how wide a bitfield is.
type spot struct {
	off  uint64
	bits uint32
}

func (p place) spot() spot { return spot{p.off, p.bits} }

// field adds what changed between two fields that go together, and in what they
// are made of.
func (d *Diff) field(f *Finding, path string, a, b place) {
	p := Field{Offset: pair(a.off, b.off), Bits: pair(a.bits, b.bits)}
	if !d.same(a.typ, b.typ, true) {
		p.Type = d.spelled(a.typ, b.typ)
	}
	switch {
	case a.name != b.name:
		p.Change, p.Was = Renamed, path+a.name
	case p.Type != nil || p.Bits != nil:
		p.Change = Changed
	case p.Offset != nil:
		p.Change = Moved
	}
	if p.Change != "" {
		p.Name = path + b.name
		f.Fields = append(f.Fields, p)
	}
	d.inPlace(f, path, a, b)
}

// inPlace adds what changed in what two fields are made of, if that has no name.
func (d *Diff) inPlace(f *Finding, path string, a, b place) {
	t, how, ok := d.old.inner(a.typ)
	u, new, fits := d.new.inner(b.typ)
	if !ok || !fits || how != new || kindName(t) != kindName(u) {
		return
	}
	path += b.name
	said := len(f.Fields) + len(f.Values)
	if kindName(t) == "enum" {
		d.values(f, t, u)
	} else {
		d.fieldsInPlace(f, path, how, frame{t, a.off}, frame{u, b.off})
	}
	switch size := pair(t.Size(), u.Size()); {
	case size == nil:
	case path == "" && !strings.Contains(how, "->"): // of a typedef
		f.Size = size
	case path != "" && len(f.Fields)+len(f.Values) == said:
		f.Fields = append(f.Fields, Field{Change: Changed, Name: path, Size: size})
	}
}

func (d *Diff) fieldsInPlace(f *Finding, path, how string, x, y frame) {
	if strings.Contains(how, "->") {
		x.base, y.base = 0, 0
	}
	if path == "" {
		how = strings.TrimPrefix(how, ".") // of a typedef
	}
	d.fields(f, path+how, x, y)
}

// field describes a field that only one side has.
func (s *side) field(path string, c Change, p place, on sides) Field {
	f := Field{Change: c, Name: path + p.name, Offset: one(on, p.off)}
	if p.typ != 0 {
		f.Type = one(on, decl.Spell(s.spec, p.typ))
	}
	if p.bits != 0 {
		f.Bits = one(on, p.bits)
	}
	return f
}
