package decl

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	gotypes "go/types"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// TestGoLayout compares the sizes and offsets that Go gives to types and fields
// with those of C, for all types of the samples and of the running kernel.
func TestGoLayout(t *testing.T) {
	for _, path := range append(samples(t), "../../examples/demo/object/demo.bpfeb.o", "/sys/kernel/btf/vmlinux") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			if _, err := os.Stat(path); err != nil {
				t.Skip(err)
			}
			p, source := inGo(t, sample(t, path), Options{})
			for _, arch := range []string{"amd64", "arm64"} {
				t.Logf("%s: %+v", arch, compareGo(t, p, source, arch))
			}
			checkFormat(t, source)
		})
	}
}

// A comparison is of types in Go with those that they were made from.
type comparison struct {
	t     testing.TB
	p     *goPrinter
	sizes gotypes.Sizes
	counts
}

type counts struct {
	Structs  int // with all of their sizes and offsets
	Others   int // types with their sizes
	Fields   int // members with their types
	Pointers int // members that are numbers instead
	Opaque   int // members that are bytes or larger numbers
	Bits     int // bitfields, which are in bytes
	Remarks  int // members without bytes, or with those of others
}

// compareGo compiles source, which p wrote, and compares its types.
func compareGo(t testing.TB, p *goPrinter, source []byte, arch string) counts {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%v\n%s", err, source)
	}
	c := comparison{t: t, p: p, sizes: gotypes.SizesFor("gc", arch)}
	config := gotypes.Config{Sizes: c.sizes}
	pkg, err := config.Check("sample", files, []*ast.File{file}, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, source)
	}
	for id := btf.ID(1); id < p.spec.Len(); id++ {
		if p.names.same[id] == id {
			c.compare(p.get(id), pkg.Scope().Lookup(p.names.types[id]))
		}
	}
	return c.counts
}

// compare compares a type that has a name.
func (c *comparison) compare(t btf.Type, o gotypes.Object) {
	want, err := c.p.spec.SizeOf(t.ID)
	_, ok := c.p.typeOf(t.ID, 0)
	switch {
	case o == nil && (err != nil || !ok):
		return // it has no values
	case o == nil:
		c.t.Errorf("type %d, %s: nothing is declared", t.ID, t.Name)
		return
	}
	if got := c.sizes.Sizeof(o.Type()); uint64(got) != want {
		c.t.Errorf("type %d: size of %s = %d, want %d", t.ID, o.Name(), got, want)
	}
	if t.Kind != btf.Struct {
		c.Others++
		return
	}
	c.compareStruct(t, o.Type())
}

// compareStruct compares the places of the fields of a struct, and of what is
// within them.
func (c *comparison) compareStruct(t btf.Type, typ gotypes.Type) {
	c.Structs++
	s := typ.Underlying().(*gotypes.Struct)
	var fields []*gotypes.Var
	for f := range s.Fields() {
		fields = append(fields, f)
	}
	offsets := c.sizes.Offsetsof(fields)
	seen, next := 0, 0
	var bits []goSlot
	for _, slot := range c.p.layout(t, 0).slots {
		if slot.member >= 0 {
			seen++
		}
		switch {
		case slot.bits != 0:
			bits = append(bits, slot)
			continue
		case slot.name == "":
			c.Remarks++
			continue
		case fields[next].Name() != slot.name:
			c.t.Fatalf("type %d: field %d is %s, want %s", t.ID, next, fields[next].Name(), slot.name)
		}
		field, offset := fields[next], uint64(offsets[next])
		next++
		if slot.member >= 0 {
			c.compareField(t.Member(slot.member), slot, field, offset)
			continue
		}
		for _, b := range bits {
			c.compareBits(t.Member(b.member), b, field, offset)
		}
		bits = nil
	}
	if seen != t.Len() || next != len(fields) {
		c.t.Errorf("type %d: %d of %d members, %d of %d fields", t.ID, seen, t.Len(), next, len(fields))
	}
}

func (c *comparison) compareField(m btf.Member, slot goSlot, field *gotypes.Var, offset uint64) {
	want, err := c.p.spec.SizeOf(m.Type)
	if got := uint64(c.sizes.Sizeof(field.Type())); err != nil || got != want || 8*offset != uint64(m.Offset) {
		c.t.Errorf("%s: %d bytes at %d, want %d at %d, %v", field, got, offset, want, m.Offset/8, err)
	}
	t, err := c.p.spec.Resolve(m.Type)
	switch {
	case err != nil:
		c.t.Error(err)
	case slot.opaque && t.Kind == btf.Pointer:
		c.Pointers++
	case slot.opaque:
		c.Opaque++
	default:
		c.Fields++
	}
	if s, ok := field.Type().(*gotypes.Struct); ok {
		c.compareStruct(t, s)
	}
}

func (c *comparison) compareBits(m btf.Member, slot goSlot, field *gotypes.Var, offset uint64) {
	c.Bits++
	size := uint64(c.sizes.Sizeof(field.Type()))
	if 8*offset+slot.from != uint64(m.Offset) || slot.from+slot.bits > 8*size {
		c.t.Errorf("%s: bit %d of %d bytes at %d, want bit %d", field, slot.from, size, offset, m.Offset)
	}
}

// TestGoCompile compiles types together with assertions about their sizes and
// offsets, which the compiler checks.
func TestGoCompile(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip(err)
	}
	tests := []struct{ path, pattern string }{
		{"testdata/layout.btf", "*"},
		{"testdata/names.btf", "*"},
		{"/sys/kernel/btf/vmlinux", "*s[kt]*"},
	}
	dir := t.TempDir()
	files := map[string]string{"go.mod": "module sample\n\ngo 1.21\n"}
	for i, tt := range tests {
		if _, err := os.Stat(tt.path); err != nil {
			t.Log(err)
			continue
		}
		spec := sample(t, tt.path)
		roots, err := spec.Types(tt.pattern)
		if err != nil {
			t.Fatal(err)
		}
		p, source := inGo(t, spec, Options{Roots: roots})
		name := filepath.Join("sample"+strconv.Itoa(i), "sample.go")
		files[name] = strings.Replace(string(source), "package sample\n", "package sample\n\nimport \"unsafe\"\n", 1) + p.assertions(t, roots)
	}
	for name, text := range files {
		os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command(goTool, "build", "./...")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%.2000s", err, out)
	}
}

// assertions returns declarations that compile if structs have their sizes and
// fields their offsets.
func (p *goPrinter) assertions(t *testing.T, roots []btf.ID) string {
	var b bytes.Buffer
	n := 0
	assert := func(of string, want uint32) {
		fmt.Fprintf(&b, "\t_ = [1]struct{}{}[unsafe.%s-%d]\n", of, want)
		n++
	}
	for _, id := range roots {
		s := p.get(id)
		if s.Kind != btf.Struct || p.names.same[id] != id {
			continue
		}
		name := p.names.types[id]
		assert("Sizeof("+name+"{})", s.Size())
		for _, slot := range p.layout(s, 0).slots {
			if slot.member >= 0 && slot.name != "" {
				assert("Offsetof("+name+"{}."+slot.name+")", s.Member(slot.member).Offset/8)
			}
		}
	}
	t.Logf("%d assertions", n)
	return "\nvar (\n" + strings.TrimSuffix(b.String(), "\n") + "\n)\n"
}
