package decl

import (
	"encoding/binary"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// GoTypes collects the Go types that generated code uses. Each type is asked for
// with [GoTypes.Type]; then [GoTypes.Write] declares them all.
//
// All public names at package level begin with a prefix, and others with it in a
// small letter. The text is as gofmt leaves it, for machines of the byte order
// that the types have. Sizes and offsets are those of C on all of them: they do
// not depend on how Go aligns numbers, and assertions in the text say so.
//
// A struct has a field for each member that Go can have at its place, the members
// of anonymous structs included. All else is bytes with methods: m is read by M()
// and written by SetM(v), with a copy of the value. These are
//   - bitfields, in a field such as Bits8 that is named by its offset in bytes;
//   - the members of anonymous unions, in a field such as Union8;
//   - members that Go would align elsewhere, in MBytes;
//   - members in bytes that others have.
//
// A union is an array of bytes, or of larger numbers for its alignment, with such
// methods. Members without bytes, as arrays without a length, are in the comment
// alone, as is what Go cannot have: bitfields of more than 64 bits.
//
// Pointers, also those to functions, are uint64. Both char and unsigned char are
// byte, and signed char is int8; a member m that is an array of char has
// MString(), its text up to the first NUL. Numbers of other sizes than Go has,
// such as __int128 and long double, are arrays of the largest numbers that fit.
// An enumeration is a type with constants, and a String that returns the names of
// C. Typedefs are what they stand for.
type GoTypes struct {
	printer
	prefix string
	taken  scope // at package level
	names  goTypeNames
	decls  map[btf.ID]*goDecl
	calls  goCalls
}

// A goDecl is what is declared for a type.
type goDecl struct {
	goType
	source  string
	asserts []goAssert
	imports []string
}

// A goAssert is a number that Go is to find as well.
type goAssert struct {
	what string // such as "Sizeof(T{})"
	want uint64 // bytes
}

// NewGoTypes returns a collection without types. prefix begins every name at
// package level ("TraceOpen"); taken are names that are not to be used.
func NewGoTypes(spec *btf.Spec, prefix string, taken ...string) *GoTypes {
	g := &GoTypes{
		printer: newPrinter(io.Discard, spec),
		prefix:  prefix,
		taken:   make(scope),
		decls:   make(map[btf.ID]*goDecl),
	}
	if g.pointer == wide {
		g.widest = 2 * wide // __int128
	}
	g.steps *= goTypesWork
	for _, name := range taken {
		g.taken[name] = 1
	}
	g.calls = newGoCalls(prefix, g.taken)
	g.nameAll()
	return g
}

// Type returns how a type is written where it is used ("uint32", "[16]byte",
// "TraceOpenEvent"), its size in bytes, and whether it has values at all in Go.
// What it needs will be declared. Typedefs and variables are what they stand for.
func (g *GoTypes) Type(id btf.ID) (text string, size uint64, ok bool) {
	if id >= g.spec.Len() {
		return "", 0, false
	}
	t, ok := g.typeOf(id)
	if !ok || g.err != nil {
		return "", 0, false
	}
	return t.text, t.size, true
}

// Imports returns the packages that the declarations need, in order: some of
// "strconv", "structs" and "unsafe". It is to be called when all types have been
// asked for.
func (g *GoTypes) Imports() []string {
	var list []string
	for _, d := range g.decls {
		list = append(list, d.imports...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Write writes the declarations of all types that were asked for, in an order
// that depends on nothing but names and content. Each begins with an empty line.
//
// The error is that of w, or names the type for which there would be too much to
// do, or that contains itself.
func (g *GoTypes) Write(w io.Writer) error {
	var b strings.Builder
	var asserts []goAssert
	for _, d := range slices.SortedFunc(maps.Values(g.decls), func(a, b *goDecl) int {
		return strings.Compare(a.text, b.text)
	}) {
		b.WriteString(d.source)
		asserts = append(asserts, d.asserts...)
	}
	putAsserts(&b, asserts)
	g.calls.declare(&b, g.spec.ByteOrder() == binary.BigEndian)
	if g.err != nil {
		return g.err
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// goTypesWork is how many times the work of declarations may be done: steps are
// counted for bytes of the text, for much of it is names and comments.
const goTypesWork = 16

// maxGoType bounds the size of the types that Go can have on machines of 32 bits,
// in bytes.
const maxGoType = 1 << 28

// typeOf returns a type as it is used, which declares it, and whether it has
// values.
func (g *GoTypes) typeOf(id btf.ID) (t goType, ok bool) {
	if !g.enter(id) {
		return t, false
	}
	defer g.leave()
	switch c := g.get(id); c.Kind {
	case btf.Int:
		t = goInt(c)
	case btf.Float:
		t = goFloat(c)
	case btf.Pointer:
		t = goNumber("uint", uint64(g.pointer))
	case btf.Array:
		elem, _, n := c.Array()
		if t, ok = g.typeOf(elem); !ok || uint64(n) > maxGoType/max(t.size, 1) {
			return t, false
		}
		t = goArray(t, uint64(n))
	case btf.Enum, btf.Enum64:
		t = g.enum(c)
	case btf.Struct, btf.Union:
		t = g.composite(c)
	case btf.Typedef, btf.Var:
		return g.typeOf(c.Ref())
	default:
		if !isQualifier(c.Kind) {
			return t, false
		}
		return g.typeOf(c.Ref())
	}
	return t, t.size <= maxGoType && g.err == nil
}

// enum returns an enumeration. One whose size is not that of a number is bytes.
func (g *GoTypes) enum(t btf.Type) goType {
	of := goEnum(t)
	if !isNumber(of.size) {
		return of
	}
	d := g.decls[t.ID]
	if d == nil {
		d = &goDecl{goType: of, imports: []string{"strconv"}}
		d.text = g.nameOf(t)
		g.decls[t.ID] = d
		d.source = g.enumSource(t, d.text, of.text)
	}
	return d.goType
}

// composite returns a struct or union.
func (g *GoTypes) composite(t btf.Type) goType {
	if d := g.decls[t.ID]; d != nil {
		return d.goType
	}
	size := uint64(t.Size())
	if size > maxGoType {
		return goType{size: size}
	}
	if g.is(t.ID, ordering) {
		g.fail(containsItself(t.ID))
		return goType{}
	}
	g.set(t.ID, ordering)
	l := g.compose(t)
	g.clear(t.ID, ordering)
	d := &goDecl{goType: goType{text: g.nameOf(t), size: size, align: l.align}, imports: []string{"unsafe"}}
	if l.fields != nil {
		d.imports = append(d.imports, "structs")
	}
	g.compositeSource(d, l)
	g.decls[t.ID] = d
	return d.goType
}
