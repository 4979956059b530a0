package decl

import (
	"fmt"
	"strconv"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// A goType is how a type is written in Go.
type goType struct {
	text   string
	size   uint64 // bytes
	align  uint64 // bytes, on machines of 64 bits
	opaque bool   // C says more about it
}

// goMaxAlign is the largest alignment that a type of Go has, in bytes.
const goMaxAlign = 8

// typeOf returns a type as it is used, which mentions it, and whether it has values. Structs
// without a name end on a line that is indented by tabs.
func (p *goPrinter) typeOf(id btf.ID, tabs int) (g goType, ok bool) {
	if !p.enter(id) {
		return g, false
	}
	defer p.leave()
	t := p.get(id)
	name := p.mention(t)
	switch t.Kind {
	case btf.Int:
		return goInt(t), true
	case btf.Float:
		return goFloat(t), true
	case btf.Pointer:
		g = goNumber("uint", uint64(p.pointer))
		g.opaque = true
		return g, true
	case btf.Array:
		elem, _, n := t.Array()
		g, ok = p.typeOf(elem, tabs)
		return goArray(g, uint64(n)), ok && uint64(n) <= goMaxSize/max(g.size, 1)
	case btf.Struct:
		g, ok = p.structOf(t, tabs)
	case btf.Union:
		g, ok = goBlock(uint64(t.Size()), uint64(p.alignOf(id))), true
		g.opaque = true
		if name == "" {
			p.mentionMembers(t)
		}
	case btf.Enum, btf.Enum64:
		g, ok = goEnum(t), true
	case btf.Typedef:
		if same := p.names.same[id]; same != id && same != 0 {
			return p.typeOf(same, tabs)
		}
		g, ok = p.typeOf(t.Ref(), tabs)
	default:
		if !isQualifier(t.Kind) {
			return g, false
		}
		return p.typeOf(t.Ref(), tabs)
	}
	if name != "" {
		g.text, g.opaque = name, false
	}
	return g, ok
}

// goMaxSize bounds the size of an array in bytes.
const goMaxSize = 1 << 40

// structOf is typeOf for a struct. It leaves out the text of one with a name.
func (p *goPrinter) structOf(t btf.Type, tabs int) (g goType, ok bool) {
	g = goType{size: uint64(t.Size()), align: uint64(p.goAligns[t.ID])}
	named := p.names.same[t.ID] != 0
	if named && g.align > 0 {
		return g, true
	}
	if p.is(t.ID, ordering) {
		p.fail(containsItself(t.ID))
		return g, false
	}
	p.set(t.ID, ordering)
	l := p.layout(t, tabs)
	p.clear(t.ID, ordering)
	p.goAligns[t.ID] = uint8(l.align)
	g.align = l.align
	if !named {
		g.text = p.structText(l)
	}
	return g, p.err == nil
}

func containsItself(id btf.ID) error { return fmt.Errorf("type %d contains itself", id) }

// goNumber returns a numeric type of some size in bytes.
func goNumber(name string, size uint64) goType {
	return goType{text: name + strconv.FormatUint(8*size, 10), size: size, align: size}
}

// goInt returns the type of a number or character. A char is a byte, for it is
// of text, whether it has a sign or not.
func goInt(t btf.Type) goType {
	size := uint64(t.Size())
	encoding, _, _ := t.Int()
	switch {
	case !isNumber(size):
		g := goBlock(size, goMaxAlign)
		g.opaque = true
		return g
	case encoding&btf.Bool != 0 && size == 1:
		return goType{text: "bool", size: 1, align: 1}
	case t.Name == "char" && size == 1:
		return goType{text: "byte", size: 1, align: 1}
	case encoding&btf.Signed != 0:
		return goNumber("int", size)
	}
	return goNumber("uint", size)
}

func goFloat(t btf.Type) goType {
	size := uint64(t.Size())
	if size == 4 || size == 8 {
		return goNumber("float", size)
	}
	g := goBlock(size, goMaxAlign)
	g.opaque = true
	return g
}

// goEnum returns the type of an enumeration without its name.
func goEnum(t btf.Type) goType {
	switch size := uint64(t.Size()); {
	case !isNumber(size):
		return goBlock(size, goMaxAlign)
	case t.Flag:
		return goNumber("int", size)
	default:
		return goNumber("uint", size)
	}
}

// isNumber reports whether Go has integers of some size in bytes.
func isNumber(size uint64) bool { return size == 1 || size == 2 || size == 4 || size == 8 }

func goArray(elem goType, n uint64) goType {
	elem.text = "[" + strconv.FormatUint(n, 10) + "]" + elem.text
	elem.size *= n
	return elem
}

// goBlock returns an array of bytes, or of larger numbers if it is aligned, of
// some size in bytes.
func goBlock(size, align uint64) goType {
	unit := uint64(goMaxAlign)
	for unit > align || size%unit != 0 {
		unit /= 2
	}
	if unit == 1 {
		return goArray(goType{text: "byte", size: 1, align: 1}, size)
	}
	return goArray(goNumber("uint", unit), size/unit)
}
