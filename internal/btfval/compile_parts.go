package btfval

import (
	"fmt"
	"math"
	gobits "math/bits"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// members lays out a Struct or Union.
func (c *compiler) members(t btf.Type) (*layout, error) {
	l := &layout{parts: 1, depth: 1}
	o := &object{fields: make([]field, 0, t.Len()), kind: "struct", tag: strings.Clone(t.Name), size: t.Size()}
	if t.Kind == btf.Union {
		o.kind, o.shared = "union", true
	}
	end := uint64(0) // of the members so far, in bits
	for i := range t.Len() {
		m := t.Member(i)
		if err := c.read(t, m.Name); err != nil {
			return nil, err
		}
		at, part, err := c.member(t, m)
		if err != nil {
			return nil, err
		}
		o.shared = o.shared || uint64(m.Offset) < end
		end = max(end, uint64(m.Offset)+bitsOf(part))
		o.add(m.Name, at, part)
		l.include(at, part, o.fields[i].key)
		if l.size > uint64(t.Size()) {
			return nil, fmt.Errorf("type %d: member %d ends at byte %d of %d", t.ID, i, l.size, t.Size())
		}
	}
	l.node, l.size = o, uint64(t.Size())
	return l, nil
}

// add adds a field that starts at some byte.
func (o *object) add(name string, at uint64, part *layout) {
	if name == "" {
		o.unnamed = append(o.unnamed, int32(len(o.fields)))
	}
	o.fields = append(o.fields, field{quoted(name) + ":", at, part.node})
}

// bitsOf returns how many bits a part covers.
func bitsOf(l *layout) uint64 {
	if n, ok := l.node.(*bits); ok {
		return uint64(n.width)
	}
	return 8 * l.size
}

// member lays out a member of t that starts in some byte of it.
func (c *compiler) member(t btf.Type, m btf.Member) (at uint64, part *layout, err error) {
	at = uint64(m.Offset / 8)
	if m.Bits == 0 && m.Offset%8 == 0 {
		part, err = c.layout(m.Type)
		return at, part, err
	}
	typ, err := c.resolve(m.Type)
	if err != nil {
		return 0, nil, err
	}
	shift, width, signed := m.Offset%8, m.Bits, isSigned(typ)
	if width == 0 {
		// Before kind_flag, bitfields were integers of few bits at odd offsets.
		if typ.Kind != btf.Int {
			return 0, nil, fmt.Errorf("type %d: type %d at bit %d", t.ID, typ.ID, m.Offset)
		}
		_, within, bits := typ.Int()
		shift, width = shift+within, bits
	}
	n, err := c.bits(t, shift, width, signed)
	if err != nil {
		return 0, nil, err
	}
	if err := c.describe(n, typ); err != nil {
		return 0, nil, err
	}
	return at, leaf(n, uint32(n.at+n.len)), nil
}

// bits returns a number of few bits, which is t or a part of it.
func (c *compiler) bits(t btf.Type, shift, width uint32, signed bool) (*bits, error) {
	if width > maxWidth {
		return nil, fmt.Errorf("type %d: a number of %d bits", t.ID, width)
	}
	return newBits(uint(shift), uint(width), c.big, signed), nil
}

// describe notes what may be written for a bitfield of a type, besides numbers.
func (c *compiler) describe(n *bits, t btf.Type) error {
	n.isField, n.typ = true, strings.Clone(t.Name)
	switch t.Kind {
	case btf.Int:
		encoding, _, _ := t.Int()
		n.isBool = encoding&btf.Bool != 0
	case btf.Enum, btf.Enum64:
		l, err := c.layout(t.ID)
		if err != nil {
			return err
		}
		if n.names, _ = l.node.(*enumeration); n.names != nil {
			n.sign = either
		}
	}
	return nil
}

func isSigned(t btf.Type) bool {
	if t.Kind != btf.Int {
		return false
	}
	encoding, _, _ := t.Int()
	return encoding&btf.Signed != 0
}

// wrap returns the layout of an object with a single part.
func wrap(kind, name string, part *layout) *layout {
	o := &object{kind: kind, tag: strings.Clone(name)}
	o.add(name, 0, part)
	l := &layout{node: o, parts: 1}
	l.include(0, part, o.fields[0].key)
	return l
}

// section lays out a Datasec. In files, sections may have no size yet.
func (c *compiler) section(t btf.Type) (*layout, error) {
	l := &layout{size: uint64(t.Size()), parts: 1, depth: 1}
	all := make(sequence, t.Len())
	for i := range all {
		v := t.Variable(i)
		part, err := c.layout(v.Type)
		if err != nil {
			return nil, err
		}
		all[i] = place{uint64(v.Offset), part.node}
		l.include(uint64(v.Offset), part, "")
	}
	l.node = all
	return wrap("section", t.Name, l), nil
}

func (c *compiler) array(t btf.Type) (*layout, error) {
	id, _, n := t.Array()
	elem, err := c.layout(id)
	if err != nil {
		return nil, err
	}
	a := array{elem.node, elem.size, uint64(n)}
	l := &layout{&a, times(n, elem.size), times(n, elem.parts), elem.depth + 1}
	if c.isChar(id) {
		l.node = &text{a}
	}
	return l, nil
}

// isChar reports whether arrays of a type that was laid out are text: whether it
// is char or a CHAR-encoded integer, but not by way of a typedef.
func (c *compiler) isChar(id btf.ID) bool {
	for {
		switch t := c.spec.Shape(id); t.Kind {
		case btf.Const, btf.Volatile, btf.Restrict:
			id = t.Ref()
		case btf.Int:
			encoding, _, width := t.Int()
			named, err := c.spec.Type(id)
			return t.Size() == 1 && width == 8 && (encoding&btf.Char != 0 || err == nil && named.Name == "char")
		default:
			return false
		}
	}
}

// times returns a product, or more than is allowed of anything if that is too
// large for a uint64.
func times(n uint32, x uint64) uint64 {
	high, low := gobits.Mul64(uint64(n), x)
	if high != 0 {
		return math.MaxUint64
	}
	return low
}
