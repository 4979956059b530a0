package decl

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	gotypes "go/types"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// TestGoTypes writes all types of the samples. gofmt would not change a byte.
// With -update, testdata/*.types.golden are written anew.
func TestGoTypes(t *testing.T) {
	for _, file := range samples(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			got := inFile(t, allTypes(sample(t, file)), "")
			golden := strings.TrimSuffix(file, ".btf") + ".types.golden"
			if *update {
				if err := os.WriteFile(golden, got, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(sampleData(t, golden)), string(got)); diff != "" {
				t.Errorf("Write() mismatch (-want +got):\n%s", diff)
			}
			checkFormat(t, got)
		})
	}
}

// allTypes asks for all types of a Spec.
func allTypes(spec *btf.Spec) *GoTypes {
	g := NewGoTypes(spec, "Sample", "SampleMaps")
	for id := range spec.Len() {
		g.Type(id)
	}
	return g
}

// inFile returns a file with the declarations of g, and more behind them.
func inFile(t testing.TB, g *GoTypes, more string) []byte {
	t.Helper()
	var types, file bytes.Buffer
	if err := g.Write(&types); err != nil {
		t.Fatal(err)
	}
	file.WriteString("package sample\n")
	switch list := g.Imports(); len(list) {
	case 0:
	case 1:
		file.WriteString("\nimport \"" + list[0] + "\"\n")
	default:
		file.WriteString("\nimport (\n\t\"" + strings.Join(list, "\"\n\t\"") + "\"\n)\n")
	}
	file.Write(types.Bytes())
	file.WriteString(more)
	return file.Bytes()
}

// TestGoTypesOrder asks for types from the last to the first, which changes
// nothing.
func TestGoTypesOrder(t *testing.T) {
	for _, file := range []string{"testdata/uapi.btf", "testdata/values/values.bpfel.o"} {
		spec := sample(t, file)
		a, b := NewGoTypes(spec, "Sample"), NewGoTypes(spec, "Sample")
		var ids []btf.ID
		for id := btf.ID(1); id < spec.Len(); id++ {
			if v := a.get(id); v.Name != "" {
				ids = append(ids, id)
			}
		}
		for i := range ids {
			a.Type(ids[i])
			b.Type(ids[len(ids)-1-i])
		}
		if diff := cmp.Diff(string(inFile(t, a, "")), string(inFile(t, b, ""))); diff != "" {
			t.Errorf("%s: the order in which types are asked for matters (-first to last +last to first):\n%s", file, diff)
		}
	}
}

// TestGoTypesUsed asks for some types.
func TestGoTypesUsed(t *testing.T) {
	spec := sample(t, "testdata/values/values.bpfel.o")
	tests := []struct {
		name, typ string
		size      uint64
		imports   string
		declares  string // public types, values and functions
	}{
		{"plain", "uint32", 4, "", ""},
		{"color", "TraceColor", 4, "strconv", "TraceColor TraceRed TraceGreen TraceBlue TraceVert String"},
		{"next", "TraceNext_2", 24, "structs unsafe", "TraceNext_2"},
		{"unnamed.0", "TraceUnnamed0", 4, "structs unsafe", "TraceUnnamed0"},
		{"long_bits", "TraceLongBits", 17, "structs unsafe", "TraceLongBits A SetA B SetB C SetC traceGetBits tracePutBits"},
		{"text", "TraceText", 23, "structs unsafe", "TraceText FullString PartString traceText"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			id, ok := spec.Find(tt.name, btf.Var)
			if !ok {
				if id, ok = spec.Named(tt.name); !ok {
					t.Fatalf("no type %s", tt.name)
				}
			}
			g := NewGoTypes(spec, "Trace", "TraceNext")
			if typ, size, ok := g.Type(id); typ != tt.typ || size != tt.size || !ok {
				t.Errorf("Type() = %s, %d, %t, want %s, %d", typ, size, ok, tt.typ, tt.size)
			}
			if got := strings.Join(g.Imports(), " "); got != tt.imports {
				t.Errorf("Imports() = %s, want %s", got, tt.imports)
			}
			source := inFile(t, g, "")
			checkFormat(t, source)
			checkTypes(t, source, "amd64")
			if got := strings.Join(allDeclared(t, source), " "); got != tt.declares {
				t.Errorf("Write() declares %s, want %s", got, tt.declares)
			}
		})
	}
	if _, _, ok := NewGoTypes(spec, "Trace").Type(spec.Len()); ok {
		t.Error("Type() knows a type that does not exist")
	}
}

// allDeclared is declared with functions and methods, but what is blank.
func allDeclared(t *testing.T, source []byte) []string {
	file, err := parser.ParseFile(token.NewFileSet(), "", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	ast.Inspect(file, func(n ast.Node) bool {
		var name *ast.Ident
		switch n := n.(type) {
		case *ast.TypeSpec:
			name = n.Name
		case *ast.ValueSpec:
			name = n.Names[0]
		case *ast.FuncDecl:
			name = n.Name
		default:
			return true
		}
		if name.Name != "_" {
			names = append(names, name.Name)
		}
		return false
	})
	return names
}

// checkTypes checks source as the compiler does for an architecture, with its
// assertions.
func checkTypes(t testing.TB, source []byte, arch string) {
	t.Helper()
	if err := typeCheck(source, arch); err != nil {
		t.Errorf("%s: %v\n%.4000s", arch, err, source)
	}
}

func typeCheck(source []byte, arch string) error {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", source, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	config := gotypes.Config{Sizes: gotypes.SizesFor("gc", arch), Importer: imported{}}
	_, err = config.Check("sample", files, []*ast.File{file}, nil)
	return err
}

// imported has what generated types may use of the packages that they may import.
type imported struct{}

func (imported) Import(path string) (*gotypes.Package, error) {
	sources := map[string]string{
		"strconv": "package strconv; func FormatInt(i int64, base int) string; func FormatUint(i uint64, base int) string",
		"structs": "package structs; type HostLayout struct{}",
	}
	if path == "unsafe" {
		return gotypes.Unsafe, nil
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, sources[path], 0)
	if err != nil {
		return nil, err
	}
	return new(gotypes.Config).Check(path, files, []*ast.File{file}, nil)
}

// TestGoTypesStrange has types that no compiler makes. What is written for them
// compiles, and has the same size everywhere.
func TestGoTypesStrange(t *testing.T) {
	for i, tt := range slices.Concat(strange, strangeTypes) {
		t.Run(tt.name, func(t *testing.T) {
			spec, err := btf.Parse(tt.types.Bytes(), nil)
			if err != nil {
				t.Fatal(err)
			}
			source := inFile(t, allTypes(spec), "")
			if i >= len(strange) && !strings.Contains(string(source), tt.want) {
				t.Errorf("Write() wrote:\n%s\nwant in it:\n%s", source, tt.want)
			}
			checkFormat(t, source)
			for _, arch := range []string{"amd64", "386", "arm"} {
				checkTypes(t, source, arch)
			}
		})
	}
}

// strangeTypes have what is of interest where members have methods.
var strangeTypes = []row{
	{"bitfields of old compilers, with a sign", types().Add("i", btf.Int, 0, 4, 1<<24|2<<16|3).Add("s", btf.Struct, 1, 4, 1, 1, 7),
		"\treturn int32(int64(sampleGetBits(unsafe.Pointer(s), 1, 1, 3)<<61) >> 61)\n"},
	{"bitfields of too many bits, and of no numbers", types().Add("i", btf.Int, 0, 16, 128).Add("f", btf.Float, 0, 4).Add("s", btf.Struct, 0, 0).
		Add("t", btf.Struct|1<<7, 4, 32, 1, 1, 100<<24, 1, 2, 3<<24|100, 1, 3, 3<<24|120, 3, 1, 65<<24|123),
		"//\tat byte 0: i i: 100\n//\tat byte 12: f i: 3\n//\tat byte 15: struct s i: 3\n//\tat byte 15: i f: 65\ntype SampleT struct {\n\t_ structs.HostLayout\n\t_ [32]byte\n"},
	{"members that overlap", types().Add("i", btf.Int, 0, 4, 32).Add("s", btf.Struct, 2, 8, 1, 1, 0, 3, 1, 16),
		"\tI uint32\n\t_ [4]byte\n}\n\n// S returns i s.\nfunc (s *SampleS) S() uint32 {\n\treturn sampleGet[uint32](unsafe.Pointer(s), 2)\n"},
	{"names that are no names", types().Add("i\n\t*/", btf.Int, 0, 4, 32).Add("*/\nfunc init() {}", btf.Struct, 1, 4, 3, 1, 0).Add("\"`\\\n", btf.Enum, 1, 4, 3, 1),
		"\t\treturn \"\\t*/\"\n"},
	{"names without text, and with quotes", types().Add("``i''", btf.Int, 0, 4, 32).Add("''", btf.Struct, 1, 4, 0, 1, 0).Add("", btf.Pointer, 0, 0).
		Add("\n", btf.Struct, 2, 12, 0, 3, 32, 0, 1, 0).Add("e", btf.Enum, 1, 4, 0, 1),
		"// SampleX_2 is struct ??.\n"},
	{"nothing at all", types().Add("", btf.Struct, 0, 0).Add("", btf.Union, 0, 0).Add("", btf.Enum, 0, 4).Add("s", btf.Struct, 2, 0, 0, 1, 0, 0, 2, 0),
		"type SampleAnon_2 [0]byte\n"},
	{"too large for 32 bits", types().Add("i", btf.Int, 0, 4, 32).Add("", btf.Array, 0, 0, 1, 1, 1<<28).Add("s", btf.Struct, 1, 1<<30, 0, 2, 0), ""},
	{"too large to copy", types().Add("i", btf.Int, 0, 4, 32).Add("", btf.Array, 0, 0, 1, 1, 1<<24).Add("u", btf.Union, 2, 1<<26, 0, 2, 0, 1, 1, 0).
		Add("s", btf.Struct, 2, 1<<26+5, 1, 1, 0, 3, 2, 40),
		"\tU      [67108864]byte // i u[16777216]\n"},
}

// FuzzGoTypes writes what may be no types at all. What it writes compiles, and its
// structs are of the same sizes.
func FuzzGoTypes(f *testing.F) {
	for _, file := range samples(f) {
		f.Add(sampleData(f, file), false)
	}
	for _, tt := range slices.Concat(refused, refusedInC, strange, strangeTypes) {
		f.Add(tt.types.Bytes(), true)
	}
	f.Fuzz(func(t *testing.T, data []byte, exotic bool) {
		spec, err := btf.Parse(data, nil)
		if err != nil {
			return
		}
		g := allTypes(spec)
		if g.err != nil {
			if err := g.Write(io.Discard); !strings.Contains(err.Error(), "type ") {
				t.Errorf("Write() = %v, want the number of a type", err)
			}
			return
		}
		arch := "amd64"
		if exotic {
			arch = "386"
		}
		source := inFile(t, g, "")
		checkFormat(t, source)
		checkTypes(t, source, arch)
	})
}
