package decl

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// TestGoRecordings writes the samples as testdata/record.sh recorded them. gofmt
// would not change a byte.
func TestGoRecordings(t *testing.T) {
	for _, file := range samples(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want := sampleData(t, strings.TrimSuffix(file, ".btf")+".go")
			_, got := inGo(t, sample(t, file), Options{})
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("Go() mismatch (-want +got):\n%s", diff)
			}
			checkFormat(t, got)
		})
	}
}

func samples(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.btf")
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	return files
}

// inGo returns types in Go, and the printer that knows their names.
func inGo(t testing.TB, spec *btf.Spec, o Options) (*goPrinter, []byte) {
	t.Helper()
	var b bytes.Buffer
	p := newGo(&b, spec)
	if p.write("sample", o); p.err != nil {
		t.Fatal(p.err)
	}
	return p, b.Bytes()
}

func checkFormat(t *testing.T, source []byte) {
	t.Helper()
	formatted, err := format.Source(source)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(formatted), string(source)); diff != "" {
		t.Errorf("gofmt changes the source (-gofmt +Go()):\n%.4000s", diff)
	}
}

// TestGoSelected asks for some types, whose names do not depend on that.
func TestGoSelected(t *testing.T) {
	spec := sample(t, "testdata/names.btf")
	tests := []struct {
		name    string
		pattern string
		want    string
	}{
		{"what it is made of, but not what it points to", "flexible", "Flexible Nothing U8"},
		{"a struct and a typedef of one name", "name", "Name NameType"},
		{"a typedef of what has no name", "second_t", "SecondT FirstT U8"},
		{"a name that another would have alone", "pair__", "Pair_2"},
		{"a union, with what it may be", "either_t", "EitherT U16 U8"},
		{"values of a member without a name", "within", "Within U8 U16 INNER EitherT NumberT Zero ONE TWO NameType SameT Same"},
		{"an enumeration", "small", "Small LEAST MOST"},
		{"a function", "function_t", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			roots, err := spec.Types(tt.pattern)
			if err != nil {
				t.Fatal(err)
			}
			_, source := inGo(t, spec, Options{Roots: roots})
			checkFormat(t, source)
			if diff := cmp.Diff(tt.want, strings.Join(declared(t, source), " ")); diff != "" {
				t.Errorf("Go() declares (-want +got):\n%s", diff)
			}
		})
	}
}

// declared returns the names of types and constants, in order.
func declared(t *testing.T, source []byte) []string {
	file, err := parser.ParseFile(token.NewFileSet(), "", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range file.Decls {
		for _, s := range d.(*ast.GenDecl).Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			case *ast.ValueSpec:
				names = append(names, s.Names[0].Name)
			}
		}
	}
	return names
}

// TestGoOrder has every type once, in order of names or of numbers.
func TestGoOrder(t *testing.T) {
	spec := sample(t, "testdata/names.btf")
	_, sorted := inGo(t, spec, Options{})
	_, unsorted := inGo(t, spec, Options{Unsorted: true})
	a, b := declared(t, sorted), declared(t, unsorted)
	if cmp.Equal(a, b) {
		t.Error("unsorted types are sorted")
	}
	if diff := cmp.Diff(set(a), set(b)); diff != "" || len(a) != len(b) {
		t.Errorf("not the same types (-sorted +unsorted):\n%s", diff)
	}
}

func set(names []string) map[string]bool {
	m := make(map[string]bool)
	for _, n := range names {
		m[n] = true
	}
	return m
}

func TestGoFunctions(t *testing.T) {
	spec, err := btf.Parse(types().Add("int", btf.Int, 0, 4, 1<<24|32).Add("", btf.Pointer, 0, 0).Add("", btf.FuncProto, 2, 1, 0, 2, 0, 0).Add("f", btf.Func, 1, 3).Bytes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, source := inGo(t, spec, Options{Roots: []btf.ID{4}, Functions: true})
	checkFormat(t, source)
	if want := "\n// int f(void *, ...)\n"; !strings.HasSuffix(string(source), want) {
		t.Errorf("Go() wrote\n%s\nwant %q at its end", source, want)
	}
}

func TestGoNames(t *testing.T) {
	tests := []struct{ c, name, value string }{
		{"task_struct", "TaskStruct", "TaskStruct"},
		{"__u32", "U32", "U32"},
		{"func", "Func", "Func"},
		{"BPF_XDP", "BPFXDP", "BPF_XDP"},
		{"__BPF_MAX", "BPFMAX", "BPF_MAX"},
		{"Opt_uid", "OptUid", "Opt_uid"},
		{"a1_2_b", "A1_2B", "A1_2B"},
		{"_", "X", "X"},
		{"", "X", "X"},
		{"_3", "X3", "X3"},
		{"Some<T>::é", "SomeT", "SomeT"},
	}
	for _, tt := range tests {
		if got := goName(tt.c); got != tt.name {
			t.Errorf("goName(%q) = %q, want %q", tt.c, got, tt.name)
		}
		if got := goValue(tt.c); got != tt.value {
			t.Errorf("goValue(%q) = %q, want %q", tt.c, got, tt.value)
		}
	}
}

// signed is the word of an int of 32 bits with a sign.
const signed = 1<<24 | 32

// strange has what no compiler makes, but other tools may, and what Go has no
// type for.
var strange = []row{
	{"members that overlap", types().Add("i", btf.Int, 0, 4, 32).Add("s", btf.Struct, 3, 8, 0, 1, 0, 0, 1, 16, 0, 1, 32),
		"\tAnon0 uint32 // i\n\t// at byte 2: i\n\tAnon1 uint32 // i\n"},
	{"a member beyond the end", types().Add("i", btf.Int, 0, 4, 32).Add("s", btf.Struct, 1, 3, 0, 1, 0),
		"\t// at byte 0: i\n\t_ [3]byte\n"},
	{"members that are not at bytes", types().Add("i", btf.Int, 0, 4, 32).Add("s", btf.Struct, 2, 8, 0, 1, 3, 0, 1, 60),
		"\t// at byte 7: i\n\t// bits 3-34: i\n\tBits0 [5]byte\n\t_     [3]byte\n"},
	{"bitfields of old compilers", types().Add("i", btf.Int, 0, 4, 3).Add("s", btf.Struct, 2, 4, 0, 1, 0, 0, 1, 3),
		"\t// bits 0-2: i\n\t// bits 3-5: i\n\tBits0 [1]byte\n\t_     [3]byte\n"},
	{"a number without bits, not at a byte", types().Add("i", btf.Int, 0, 4, 0).Add("s", btf.Struct, 1, 8, 0, 1, 9),
		"\t// bits 1-32: i\n\tBits1 [5]byte\n"},
	{"numbers of other sizes", types().Add("i", btf.Int, 0, 3, 24).Add("a", btf.Typedef, 0, 1).Add("f", btf.Float, 0, 12).Add("b", btf.Typedef, 0, 3),
		"type B = [3]uint32\n\n// A is a:\n//\n//\ti a\ntype A = [3]byte\n"},
	{"enumerations of other sizes", types().Add("e", btf.Enum, 1, 3, 1, 1<<24+5),
		"type E [3]byte\n\nconst (\n\tE_2 = 5 // e\n)\n"},
	{"a value that is too large", types().Add("e", btf.Enum|1<<7, 1, 1, 1, 200),
		"E_2 E = -56 // e\n"},
	{"a truth of four bytes", types().Add("b", btf.Int, 0, 4, 4<<24|32).Add("t", btf.Typedef, 0, 1),
		"type T = uint32\n"},
	{"nothing by name", types().Add("t", btf.Typedef, 0, 0),
		"// T is t, which has no values: void t\n"},
	{"an endless array", types().Add("i", btf.Int, 0, 4, 32).Add("", btf.Array, 0, 0, 1, 1, 1<<31).Add("", btf.Array, 0, 0, 2, 1, 1<<31).Add("t", btf.Typedef, 0, 3),
		"// T is t, which has no values: i t[2147483648][2147483648]\n"},
	{"pointers of 4 bytes", types().Add("long", btf.Int, 0, 4, signed).Add("", btf.Pointer, 0, 1).Add("long long", btf.Int, 0, 8, 64).Add("s", btf.Struct, 2, 12, 0, 2, 0, 0, 3, 32),
		"\tAnon0 uint32  // long *\n\tAnon1 [8]byte // long long\n"},
	{"a name that is code", types().Add("a\nfunc init() {}\n", btf.Struct, 0, 0).Add("*/\r\x00", btf.Typedef, 0, 1),
		"// AFuncInit is struct a func init() {}.\ntype AFuncInit struct{}\n"},
}

func TestGoStrange(t *testing.T) {
	for _, tt := range strange {
		t.Run(tt.name, func(t *testing.T) {
			spec, err := btf.Parse(tt.types.Bytes(), nil)
			if err != nil {
				t.Fatal(err)
			}
			p, source := inGo(t, spec, Options{})
			if !strings.Contains(string(source), tt.want) {
				t.Errorf("Go() wrote:\n%s\nwant in it:\n%s", source, tt.want)
			}
			checkFormat(t, source)
			compareGo(t, p, source, "amd64")
		})
	}
}

// FuzzGo writes what may be no types at all. What it writes compiles, and its
// structs are of the same sizes.
func FuzzGo(f *testing.F) {
	for _, file := range samples(f) {
		f.Add(sampleData(f, file), false)
	}
	for _, tt := range slices.Concat(refused, refusedInC, strange) {
		f.Add(tt.types.Bytes(), true)
	}
	f.Fuzz(func(t *testing.T, data []byte, unsorted bool) {
		spec, err := btf.Parse(data, nil)
		if err != nil {
			return
		}
		var b bytes.Buffer
		p := newGo(&b, spec)
		if p.write("sample", Options{Unsorted: unsorted}); p.err != nil {
			if !strings.Contains(p.err.Error(), "type ") {
				t.Errorf("Go() = %v, want the number of a type", p.err)
			}
			return
		}
		compareGo(t, p, b.Bytes(), "amd64")
	})
}
