package decl

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// A writer makes BTF with anything in it.
type writer struct{ types, strings []byte }

// add adds a record with the given info word and tail, and returns w.
func (w *writer) add(name string, kind btf.Kind, n, word uint32, tail ...uint32) *writer {
	if len(w.strings) == 0 {
		w.strings = []byte{0}
	}
	var off uint32
	if name != "" {
		off = uint32(len(w.strings))
		w.strings = append(append(w.strings, name...), 0)
	}
	for _, v := range append([]uint32{off, uint32(kind)<<24 | n, word}, tail...) {
		w.types = binary.LittleEndian.AppendUint32(w.types, v)
	}
	return w
}

func (w *writer) data() []byte {
	types, text := uint32(len(w.types)), uint32(len(w.strings))
	b := []byte{0x9f, 0xeb, 1, 0}
	for _, v := range []uint32{24, 0, types, types, text} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return append(append(b, w.types...), w.strings...)
}

func types() *writer { return new(writer) }

// pairs returns n types after the first, each of which has the one before twice.
func (w *writer) pairs(kind btf.Kind, name string, size, n uint32) *writer {
	for id := uint32(1); id <= n; id++ {
		switch kind {
		case btf.FuncProto:
			w.add("", kind, 2, id, 0, id, 0, id)
		default:
			w.add(name, kind, 2, size, 0, id, 0, 0, id, 0)
		}
	}
	return w
}

// A row has types, and what the error or their declarations have.
type row struct {
	name  string
	types *writer
	want  string
}

var refused = []row{
	{"a struct in itself", types().add("a", btf.Struct, 1, 4, 0, 1, 0), "type 1 contains itself"},
	{"a typedef of itself", types().add("a", btf.Typedef, 0, 1), "type 1: more than 256 types in a row"},
	{"two typedefs of each other", types().add("a", btf.Typedef, 0, 2).add("b", btf.Typedef, 0, 1), "more than 256 types in a row"},
	{"a member that is a function", types().add("f", btf.Func, 0, 2).add("", btf.FuncProto, 0, 0).add("s", btf.Struct, 1, 4, 0, 1, 0), "type 1: nothing can be of this kind"},
	{"functions of functions", types().add("i", btf.Int, 0, 4, 32).pairs(btf.FuncProto, "", 0, 60).add("t", btf.Typedef, 0, 61), "the declarations are too long"},
	{"structs without names", types().add("i", btf.Int, 0, 4, 32).pairs(btf.Struct, "", 4, 60).add("t", btf.Typedef, 0, 61), "the declarations are too long"},
}

// refusedInC are types that are fine in Go, which looks neither at types without
// a name nor at what is pointed to.
var refusedInC = []row{
	{"a pointer to itself", types().add("", btf.Pointer, 0, 1), "type 1: more than 256 types in a row"},
	{"an array of itself", types().add("", btf.Array, 0, 0, 1, 1, 9), "type 1: more than 256 types in a row"},
	{"a function of itself", types().add("", btf.FuncProto, 2, 1, 0, 1, 0, 1), "type 1: more than 256 types in a row"},
	{"a hole of half a gigabyte", types().add("a", btf.Struct, 0, 1<<32-1), "type 1: the declarations are too long"},
}

func TestRefused(t *testing.T) {
	tree, _, _ := goldenHeaders(t)
	beside := readHeaders(t, tree)
	for i, tt := range slices.Concat(refused, refusedInC) {
		t.Run(tt.name, func(t *testing.T) {
			spec, err := btf.Parse(tt.types.data(), nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range []Options{{}, {Unsorted: true}, {Beside: beside}} {
				if err := C(io.Discard, spec, o); err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("C(%+v) = %v, want %q", o, err, tt.want)
				}
				err := Go(io.Discard, spec, "sample", o)
				if fine := i >= len(refused); fine != (err == nil) || !fine && !strings.Contains(err.Error(), tt.want) {
					t.Errorf("Go(%+v) = %v, want %q", o, err, tt.want)
				}
			}
		})
	}
}

// TestSteps ends the work for declarations anywhere within them.
func TestSteps(t *testing.T) {
	spec := sample(t, "testdata/declarators.btf")
	for steps := range 200 {
		for id := btf.ID(1); id < spec.Len(); id++ {
			p := newC(io.Discard, spec)
			p.steps = steps
			p.cDeclare(id, "name", 0)
		}
	}
}

func TestRootOfNothing(t *testing.T) {
	spec, err := btf.Parse(types().data(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := C(io.Discard, spec, Options{Roots: []btf.ID{1}}); err == nil {
		t.Error("C() = nil for a type that does not exist")
	}
	if err := Go(io.Discard, spec, "sample", Options{Roots: []btf.ID{1}}); err == nil {
		t.Error("Go() = nil for a type that does not exist")
	}
}

// TestDeclared has what no compiler makes, but other tools may.
func TestDeclared(t *testing.T) {
	char := func() *writer { return types().add("char", btf.Int, 0, 1, 8) }
	tests := []struct {
		name  string
		types *writer
		want  string
	}{
		{"a qualifier outside of a tag", char().add("user", btf.TypeTag, 0, 1).add("", btf.Const, 0, 2).add("", btf.Pointer, 0, 3).add("t", btf.Typedef, 0, 4),
			`typedef char const __attribute__((btf_type_tag("user"))) *t;`},
		{"a tag before the name", char().add("user", btf.TypeTag, 0, 1).add("t", btf.Typedef, 0, 2),
			`typedef char __attribute__((btf_type_tag("user"))) t;`},
		{"a tag that is an attribute", char().add("noderef", btf.TypeTag, 1<<31, 1).add("", btf.Pointer, 0, 2).add("t", btf.Typedef, 0, 3),
			`typedef char __attribute__((noderef)) *t;`},
		{"qualifiers of an array", char().add("", btf.Array, 0, 0, 1, 1, 3).add("", btf.Const, 0, 2).add("t", btf.Typedef, 0, 3),
			"typedef char t[3];"},
		{"arguments of old compilers", types().add("__gnuc_va_list", btf.Typedef, 0, 0),
			"typedef __builtin_va_list __gnuc_va_list;"},
		{"a type of GCC for Arm", types().add("__Poly64_t", btf.Int, 0, 8, 64).add("s", btf.Struct, 1, 8, 0, 1, 0),
			"typedef unsigned long long __Poly64_t;\n\nstruct s {"},
		{"the first of all comes last", types().add("", btf.Enum, 1, 4, 1, 3).add("x", btf.Enum, 0, 4),
			"enum x;\n\nenum {\n\tx = 3,\n};"},
		{"the first of all is needed", types().add("a", btf.Enum, 1, 4, 1, 3).add("b", btf.Enum, 1, 4, 1, 4).add("s", btf.Struct, 1, 4, 1, 1, 0).add("t", btf.Struct, 0, 0),
			"enum b {\n\ta = 4,\n};\n\nenum a {\n\ta___2 = 3,\n};\n\nstruct s {\n\tenum a a;\n};\n\nstruct t {"},
		{"a function of a program", char().add("", btf.FuncProto, 1, 0, 0, 1).add("f", btf.Func, 1, 2).add("bpf_kfunc", btf.DeclTag, 0, 3, 1<<32-1),
			"extern void f(char) __weak __ksym;"},
		{"pointers of 4 bytes", types().add("long", btf.Int, 0, 4, 32).add("", btf.Pointer, 0, 1).add("s", btf.Struct, 2, 16, 0, 2, 0, 0, 1, 96),
			"\tlong *;\n\tlong: 32;\n\tlong: 32;\n\tlong;\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			spec, err := btf.Parse(tt.types.data(), nil)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := C(&got, spec, Options{}); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(got.String(), tt.want) {
				t.Errorf("C() wrote:\n%s\nwant in it:\n%s", strings.TrimPrefix(got.String(), cStart), tt.want)
			}
		})
	}
}

func sampleData(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
