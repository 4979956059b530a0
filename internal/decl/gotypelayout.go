package decl

import (
	"cmp"
	"strconv"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// A goPart is a member of a struct or union, or of what is within it without a
// name; or the bytes of an anonymous union.
type goPart struct {
	goType
	in   string // the declaration in C
	wish string // its name in C, or in Go if it is none of C
	off  uint64 // bits from the start of the whole
	bits uint64 // of a bitfield, or 0
	role goRole

	shared bool // other members have its bytes: it is in a union
	chars  bool // an array of char
	signed bool // a bitfield that has a sign
	truth  bool // true or false

	// Names in Go, or "".
	name   string // of the field or of the method that reads
	setter string // of the method that writes
	bytes  string // of a field besides methods
	textOf string // of the method for the text of chars
}

// A goRole is what becomes of a member in Go.
type goRole uint8

const (
	goLost   goRole = iota // a comment
	goMethod               // methods that read and write it
	goField                // a field
	goBytes                // a field of bytes, and methods
	goPlain                // a field that is no member: bytes of others, with their methods
)

// maxCopied bounds what methods copy, in bytes.
const maxCopied = 1 << 16

// A goComposite is what a struct or union of C is in Go.
type goComposite struct {
	t      btf.Type
	align  uint64 // bytes
	parts  []goPart
	fields []goFieldAt // of a struct, in order, with what is between them
	used   scope

	at   uint64 // bytes: the end of the last field
	room uint64 // the largest alignment with which its size agrees, in bytes
	bits []int  // numbers of bitfields without a field yet
}

// A goFieldAt is a field at its offset in bytes, with padding before it. part is
// its number among parts, or -1 for padding.
type goFieldAt struct {
	part int
	text string
	off  uint64
}

// compose lays out a struct or union.
func (g *GoTypes) compose(t btf.Type) *goComposite {
	size := uint64(t.Size())
	l := &goComposite{t: t, align: 1, room: goMaxAlign, used: make(scope)}
	for size%l.room != 0 {
		l.room /= 2
	}
	g.addParts(l, t, 0, t.Kind == btf.Union)
	if t.Kind == btf.Union {
		block := goBlock(size, uint64(g.alignOf(t.ID)))
		l.align = block.align
	} else {
		l.place()
	}
	l.claimNames()
	return l
}

// addParts adds the members of t, which begins at bit base of the whole. shared
// is whether it is in a union, or one itself.
func (g *GoTypes) addParts(l *goComposite, t btf.Type, base uint64, shared bool) {
	if !g.enter(t.ID) {
		return
	}
	defer g.leave()
	for i := range t.Len() {
		m := t.Member(i)
		if !g.spend(t.ID, goTypesWork+len(m.Name)) {
			return
		}
		off := base + uint64(m.Offset)
		inner, bare := g.bare(m)
		switch {
		case bare && inner.Kind == btf.Union && !shared:
			l.add(goPart{goType: goType{size: uint64(inner.Size())}, wish: "Union", off: off, role: goPlain})
			g.addParts(l, inner, off, true)
		case bare:
			g.addParts(l, inner, off, shared)
		default:
			g.addMember(l, m, off, shared)
		}
	}
}

// addMember adds a member that has a name. Bitfields without one are padding.
func (g *GoTypes) addMember(l *goComposite, m btf.Member, off uint64, shared bool) {
	t, ok := g.typeOf(m.Type)
	p := goPart{goType: t, wish: m.Name, off: off, shared: shared, role: goLost}
	c, err := g.spec.Resolve(m.Type)
	if p.bits = g.bitsOfMember(m, t.size); p.bits != 0 && m.Name == "" {
		return
	}
	p.in = cmp.Or(oneLine(Declare(g.spec, m.Type, m.Name)), "a member without a name")
	switch end := roundUp(off+max(p.bits, 8*t.size), 8) / 8; {
	case p.bits != 0:
		p.in += ": " + strconv.FormatUint(p.bits, 10)
		if c.Kind == btf.Int && m.Bits == 0 {
			_, from, _ := c.Int()
			p.off += uint64(from)
		}
		end = roundUp(p.off+p.bits, 8) / 8
		if ok && err == nil && isBits(c, p.bits) && end <= uint64(l.t.Size()) {
			p.role = goMethod
			p.signed, p.truth = isSigned(c), t.text == "bool"
		}
	case ok && t.size > 0 && end <= uint64(l.t.Size()):
		p.chars, p.truth = g.isChars(c), t.text == "bool"
		if p.role = goMethod; shared && t.size > maxCopied {
			p.role = goLost
		}
	}
	if g.spend(l.t.ID, len(p.in)/8) {
		l.add(p)
	}
}

// isBits reports whether a number or enumeration may be a bitfield of n bits.
func isBits(t btf.Type, n uint64) bool {
	switch t.Kind {
	case btf.Int, btf.Enum, btf.Enum64:
		return isNumber(uint64(t.Size())) && n <= 8*uint64(t.Size())
	}
	return false
}

// isSigned reports whether a number or enumeration has a sign.
func isSigned(t btf.Type) bool {
	if t.Kind != btf.Int {
		return t.Flag
	}
	e, _, _ := t.Int()
	return e&btf.Signed != 0 && e&btf.Bool == 0
}

// isChars reports whether a type is an array of char.
func (g *GoTypes) isChars(t btf.Type) bool {
	if t.Kind != btf.Array {
		return false
	}
	elem, _, _ := t.Array()
	c, err := g.spec.Resolve(elem)
	return err == nil && c.Kind == btf.Int && c.Name == "char" && c.Size() == 1
}

func (l *goComposite) add(p goPart) { l.parts = append(l.parts, p) }

// place finds the places of fields.
func (l *goComposite) place() {
	for i := range l.parts {
		p := &l.parts[i]
		switch {
		case p.role == goLost || p.shared:
		case p.bits != 0:
			l.bits = append(l.bits, i)
			continue
		default:
			l.placeBits()
			l.placePart(i)
		}
	}
	l.placeBits()
	if size := uint64(l.t.Size()); l.at < size {
		l.pad(size)
	}
}

// placePart makes a field of a part, if its bytes are those of no other.
func (l *goComposite) placePart(i int) {
	p := &l.parts[i]
	off, plain := p.off/8, p.role == goPlain
	if off < l.at || off+p.size > uint64(l.t.Size()) || p.size == 0 {
		if plain || p.size > maxCopied {
			p.role = goLost
		}
		return
	}
	text := p.text
	switch fits := l.fit(off); {
	case plain:
		block := goBlock(p.size, fits)
		p.align, text = block.align, block.text
		p.wish = "Union" + strconv.FormatUint(off, 10)
	case p.align > fits:
		text, p.opaque = goBlock(p.size, 1).text, true
		if p.align, p.role = 1, goBytes; p.size > maxCopied {
			p.role = goField
		}
	default:
		p.role = goField
	}
	l.field(i, text, off, p.size)
	l.align = max(l.align, p.align)
}

// fit returns the largest alignment in bytes that a field may have at an offset.
func (l *goComposite) fit(off uint64) uint64 {
	fits := l.room
	for off%fits != 0 {
		fits /= 2
	}
	return fits
}

// field adds a field of some size.
func (l *goComposite) field(part int, text string, off, size uint64) {
	if l.at < off {
		l.pad(off)
	}
	l.fields = append(l.fields, goFieldAt{part, text, off})
	l.at = off + size
}

// pad adds bytes up to an offset: Go does so too, but not the same number of them
// on all machines.
func (l *goComposite) pad(to uint64) {
	l.fields = append(l.fields, goFieldAt{-1, goBlock(to-l.at, 1).text, l.at})
	l.at = to
}

// placeBits makes a field of the bitfields that wait for one.
func (l *goComposite) placeBits() {
	if l.bits == nil {
		return
	}
	first, last := l.parts[l.bits[0]].off, uint64(0)
	for _, i := range l.bits {
		p := l.parts[i]
		first, last = min(first, p.off), max(last, p.off+p.bits)
	}
	l.bits = nil
	start, end := max(first/8, l.at), roundUp(last, 8)/8
	if start >= end {
		return // others have their bytes
	}
	l.add(goPart{wish: "Bits" + strconv.FormatUint(start, 10), off: 8 * start, role: goPlain})
	l.field(len(l.parts)-1, goBlock(end-start, 1).text, start, end-start)
}
