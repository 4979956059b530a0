package decl

import (
	"strconv"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// A goLayout is what a struct of C is in Go.
//
// A member is a field, if Go can have its type at its place, or bytes. Bitfields
// that follow each other are bytes too. What has no bytes, overlaps what is
// before it, or ends beyond the struct is only a comment: an array without
// elements at the end would make the struct longer in Go.
type goLayout struct {
	slots []goSlot
	align uint64 // bytes
	tabs  int

	t    btf.Type
	at   uint64   // bytes: the end of the last field
	room uint64   // the largest alignment with which its size agrees, in bytes
	bits []goSlot // bitfields without a field yet
	anon int      // members without a name so far
	used scope
}

// A goSlot is a field, or a comment that stands for a member.
type goSlot struct {
	member int    // its number in C, or -1 for bytes that are not those of one member
	name   string // "" for a comment
	goType
	off  uint64 // bytes from the start of the struct
	from uint64 // bits from the start of the field, for a bitfield
	bits uint64 // of a bitfield, or 0
}

// layout lays out a struct. Those within it are indented by tabs.
func (p *goPrinter) layout(t btf.Type, tabs int) *goLayout {
	l := &goLayout{t: t, tabs: tabs, align: 1, room: goMaxAlign, used: make(scope)}
	for uint64(t.Size())%l.room != 0 {
		l.room /= 2
	}
	for i := range t.Len() {
		if !p.spend(t.ID, 1+len(t.Member(i).Name)) {
			break
		}
		l.add(p, i)
	}
	l.addBits()
	if size := uint64(t.Size()); roundUp(l.at, l.align) < size {
		l.pad(size)
	}
	return l
}

// add adds a member.
func (l *goLayout) add(p *goPrinter, i int) {
	m := l.t.Member(i)
	g, ok := p.typeOf(m.Type, l.tabs+1)
	s := goSlot{member: i, goType: g, off: uint64(m.Offset) / 8, from: uint64(m.Offset), bits: p.bitsOfMember(m, g.size)}
	if s.bits == 0 {
		l.addBits()
	}
	switch {
	case !ok || !l.hasRoom(s):
		s.bits = 0
		l.slots = append(l.slots, s)
	case s.bits != 0:
		l.bits = append(l.bits, s)
	default:
		l.addField(m, s)
	}
}

// bitsOfMember returns the number of bits of a bitfield, or 0 for others, by the
// size of its type in bytes. Old compilers have them as numbers of a few bits;
// what does not begin with a byte is one, too.
func (p *printer) bitsOfMember(m btf.Member, size uint64) uint64 {
	if m.Bits != 0 {
		return uint64(m.Bits)
	}
	if t, err := p.spec.Resolve(m.Type); err == nil && t.Kind == btf.Int {
		if _, _, bits := t.Int(); bits != 0 && uint64(bits) != 8*size {
			return uint64(bits)
		}
	}
	if m.Offset%8 != 0 {
		return 8 * size
	}
	return 0
}

// hasRoom reports whether a member has bytes that are those of no other.
func (l *goLayout) hasRoom(s goSlot) bool {
	end := s.off + s.size
	if s.bits != 0 {
		end = roundUp(s.from+s.bits, 8) / 8
	}
	return l.at <= s.off && s.off < end && end <= uint64(l.t.Size())
}

// addField adds a member that is a field.
func (l *goLayout) addField(m btf.Member, s goSlot) {
	if s.off%s.align != 0 || s.align > l.room {
		s.goType = goBlock(s.size, 1)
		s.opaque = true
	}
	s.name = l.used.claim(l.nameOf(m))
	l.place(s)
}

// nameOf returns the name of a member in Go.
func (l *goLayout) nameOf(m btf.Member) string {
	if m.Name != "" {
		return goName(m.Name)
	}
	l.anon++
	return "Anon" + strconv.Itoa(l.anon-1)
}

// addBits adds the bitfields that wait for a field, and a field for them.
func (l *goLayout) addBits() {
	if l.bits == nil {
		return
	}
	first, last := l.bits[0].from, uint64(0)
	for _, s := range l.bits {
		first, last = min(first, s.from), max(last, s.from+s.bits)
	}
	start, end := first/8, roundUp(last, 8)/8
	if l.at < start {
		l.pad(start)
	}
	for _, s := range l.bits {
		s.from -= 8 * start
		l.slots = append(l.slots, s)
	}
	l.bits = nil
	name := l.used.claim("Bits" + strconv.FormatUint(start, 10))
	l.place(goSlot{member: -1, name: name, goType: goBlock(end-start, 1), off: start})
}

// place adds a field at its offset.
func (l *goLayout) place(s goSlot) {
	if roundUp(l.at, s.align) != s.off {
		l.pad(s.off)
	}
	l.slots = append(l.slots, s)
	l.at = s.off + s.size
	l.align = max(l.align, s.align)
}

// pad adds bytes up to an offset.
func (l *goLayout) pad(to uint64) {
	l.slots = append(l.slots, goSlot{member: -1, name: "_", goType: goBlock(to-l.at, 1), off: l.at})
	l.at = to
}
