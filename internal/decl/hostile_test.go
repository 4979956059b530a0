package decl

import (
	"bytes"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

func types() *fixture.Types { return new(fixture.Types) }

// A row has types, and what the error or their declarations have.
type row struct {
	name  string
	types *fixture.Types
	want  string
}

var refused = []row{
	{"a struct in itself", types().Add("a", btf.Struct, 1, 4, 0, 1, 0), "type 1 contains itself"},
	{"a typedef of itself", types().Add("a", btf.Typedef, 0, 1), "type 1: more than 256 types in a row"},
	{"two typedefs of each other", types().Add("a", btf.Typedef, 0, 2).Add("b", btf.Typedef, 0, 1), "more than 256 types in a row"},
	{"a member that is a function", types().Add("f", btf.Func, 0, 2).Add("", btf.FuncProto, 0, 0).Add("s", btf.Struct, 1, 4, 0, 1, 0), "type 1: nothing can be of this kind"},
	{"functions of functions", types().Add("i", btf.Int, 0, 4, 32).Pairs(btf.FuncProto, "", 0, 60).Add("t", btf.Typedef, 0, 61), "the declarations are too long"},
	{"structs without names", types().Add("i", btf.Int, 0, 4, 32).Pairs(btf.Struct, "", 4, 60).Add("t", btf.Typedef, 0, 61), "the declarations are too long"},
}

// refusedInC are types that are fine in Go, which looks neither at types without
// a name nor at what is pointed to.
var refusedInC = []row{
	{"a pointer to itself", types().Add("", btf.Pointer, 0, 1), "type 1: more than 256 types in a row"},
	{"an array of itself", types().Add("", btf.Array, 0, 0, 1, 1, 9), "type 1: more than 256 types in a row"},
	{"a function of itself", types().Add("", btf.FuncProto, 2, 1, 0, 1, 0, 1), "type 1: more than 256 types in a row"},
	{"a hole of half a gigabyte", types().Add("a", btf.Struct, 0, 1<<32-1), "type 1: the declarations are too long"},
}

func TestRefused(t *testing.T) {
	tree, _, _ := goldenHeaders(t)
	beside := readHeaders(t, tree)
	for i, tt := range slices.Concat(refused, refusedInC) {
		t.Run(tt.name, func(t *testing.T) {
			spec, err := btf.Parse(tt.types.Bytes(), nil)
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
	spec, err := btf.Parse(types().Bytes(), nil)
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
	char := func() *fixture.Types { return types().Add("char", btf.Int, 0, 1, 8) }
	tests := []struct {
		name  string
		types *fixture.Types
		want  string
	}{
		{"a qualifier outside of a tag", char().Add("user", btf.TypeTag, 0, 1).Add("", btf.Const, 0, 2).Add("", btf.Pointer, 0, 3).Add("t", btf.Typedef, 0, 4),
			`typedef char const __attribute__((btf_type_tag("user"))) *t;`},
		{"a tag before the name", char().Add("user", btf.TypeTag, 0, 1).Add("t", btf.Typedef, 0, 2),
			`typedef char __attribute__((btf_type_tag("user"))) t;`},
		{"a tag that is an attribute", char().Add("noderef", btf.TypeTag, 1<<31, 1).Add("", btf.Pointer, 0, 2).Add("t", btf.Typedef, 0, 3),
			`typedef char __attribute__((noderef)) *t;`},
		{"qualifiers of an array", char().Add("", btf.Array, 0, 0, 1, 1, 3).Add("", btf.Const, 0, 2).Add("t", btf.Typedef, 0, 3),
			"typedef char t[3];"},
		{"arguments of old compilers", types().Add("__gnuc_va_list", btf.Typedef, 0, 0),
			"typedef __builtin_va_list __gnuc_va_list;"},
		{"a type of GCC for Arm", types().Add("__Poly64_t", btf.Int, 0, 8, 64).Add("s", btf.Struct, 1, 8, 0, 1, 0),
			"typedef unsigned long long __Poly64_t;\n\nstruct s {"},
		{"the first of all comes last", types().Add("", btf.Enum, 1, 4, 1, 3).Add("x", btf.Enum, 0, 4),
			"enum x;\n\nenum {\n\tx = 3,\n};"},
		{"the first of all is needed", types().Add("a", btf.Enum, 1, 4, 1, 3).Add("b", btf.Enum, 1, 4, 1, 4).Add("s", btf.Struct, 1, 4, 1, 1, 0).Add("t", btf.Struct, 0, 0),
			"enum b {\n\ta = 4,\n};\n\nenum a {\n\ta___2 = 3,\n};\n\nstruct s {\n\tenum a a;\n};\n\nstruct t {"},
		{"a function of a program", char().Add("", btf.FuncProto, 1, 0, 0, 1).Add("f", btf.Func, 1, 2).Add("bpf_kfunc", btf.DeclTag, 0, 3, 1<<32-1),
			"extern void f(char) __weak __ksym;"},
		{"pointers of 4 bytes", types().Add("long", btf.Int, 0, 4, 32).Add("", btf.Pointer, 0, 1).Add("s", btf.Struct, 2, 16, 0, 2, 0, 0, 1, 96),
			"\tlong *;\n\tlong: 32;\n\tlong: 32;\n\tlong;\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			spec, err := btf.Parse(tt.types.Bytes(), nil)
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
