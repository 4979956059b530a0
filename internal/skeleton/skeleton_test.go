package skeleton

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/adapt"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
)

var update = flag.Bool("update", false, "write golden files anew")

// written returns the skeleton of an object.
func written(t *testing.T, path string, options Options) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	object, err := elfobj.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(object, data, options)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := s.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestEvery writes the skeletons of package every again: they have to be what that package's tests use.
func TestEvery(t *testing.T) {
	for _, tt := range []struct {
		name, path string
		sub        bool
	}{
		{"every", "every/every.bpf.o", false},
		{"hooks", "every/hooks.bpf.o", false},
		{"shadow", "../../testdata/idioms/struct_ops_shadow.o", false},
		{"settings", "../../testdata/idioms/kconfig.o", false},
		{"usdt", "every/usdt.bpf.o", false},
		{"whole", "every/whole.bpf.o", false},
		{"library", "every/library.bpf.o", true},
		{"ops", "../../testdata/idioms/struct_ops_shadow.o", true},
	} {
		file := "every/" + tt.name + "_bpfel.go"
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := written(t, tt.path, Options{Name: tt.name, Package: "every", File: tt.name + "_bpfel.o", Sub: tt.sub})
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s is not what is generated now, see \"make objects\" (-want +got):\n%s", file, diff)
		}
	}
}

// TestNames has gofmt change nothing, however long names are: neither in what the object has nor in what support and
// package usdt have.
func TestNames(t *testing.T) {
	for _, path := range []string{"every/every.bpf.o", "every/usdt.bpf.o"} {
		for _, name := range []string{"a", "usdt", "a_name_that_is_much_longer_than_those_that_are_usual"} {
			got := written(t, path, Options{Name: name, Package: "p", File: "o"})
			if formatted, err := format.Source(got); err != nil || !bytes.Equal(formatted, got) {
				t.Errorf("%s as %s: gofmt would change it: %v\n%s", path, name, err, cmp.Diff(string(got), string(formatted)))
			}
		}
	}
}

// TestBorrow renames what is at package level, and nothing else.
func TestBorrow(t *testing.T) {
	const text = `
// A kind is what it is.
type kind struct {
	name string // of a kind
	size int
}

// kinds are all.
var kinds = []kind{{"kind", 1}}

const (
	first  = iota // kind
	second        // first of many
)

func (k *kind) last() int { return k.size + second }

func find(n int) *kind { return &kinds[n-first] }
`
	const want = `
// A skelUSDTKind is what it is.
type skelUSDTKind struct {
	name string // of a kind
	size int
}

// skelUSDTKinds are all.
var skelUSDTKinds = []skelUSDTKind{{"kind", 1}}

const (
	skelUSDTFirst  = iota // skelUSDTKind
	skelUSDTSecond        // skelUSDTFirst of many
)

func (k *skelUSDTKind) last() int { return k.size + skelUSDTSecond }

func skelUSDTFind(n int) *skelUSDTKind { return &skelUSDTKinds[n-skelUSDTFirst] }
`
	if diff := cmp.Diff(want, rename(text)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	const from, to = "\tx := usdt.Places(y, \"<bpf/usdt.bpf.h>\", usdt.SpecsMap)", "\tx := skelUSDTPlaces(y, \"<bpf/usdt.bpf.h>\", skelUSDTSpecsMap)"
	if got := unqualify(from); got != to {
		t.Errorf("got %s, want %s", got, to)
	}
}

// TestForms writes a skeleton for either byte order, with and without the object in it.
func TestForms(t *testing.T) {
	for _, tt := range []struct{ path, file, want string }{
		{"../../examples/demo/object/demo.bpfel.o", "", "//go:build " + littleMachines + "\n"},
		{"../../examples/demo/object/demo.bpfeb.o", "", "//go:build " + bigMachines + "\n"},
		{"../../examples/demo/object/demo.bpfel.o", "x.o", "\n//go:embed x.o\nvar demoObject string\n"},
		{"../../examples/demo/object/demo.bpfel.o", "", "\nconst demoObject = `\nf0VM"},
	} {
		got := written(t, tt.path, Options{Name: "demo", Package: "p", File: tt.file})
		if !strings.Contains(string(got), tt.want) {
			t.Errorf("%s: the skeleton has no %q", tt.path, tt.want)
		}
		if formatted, err := format.Source(got); err != nil || !bytes.Equal(formatted, got) {
			t.Errorf("%s: gofmt would change it: %v", tt.path, err)
		}
		if again := written(t, tt.path, Options{Name: "demo", Package: "p", File: tt.file}); !bytes.Equal(again, got) {
			t.Errorf("%s: another skeleton each time", tt.path)
		}
	}
}

// TestSections tells for each section how its programs are attached.
func TestSections(t *testing.T) {
	var got strings.Builder
	for name, more := range names.SectionNames {
		list := []string{name}
		if more {
			list = append(list, name+"/function", name+"/group/event", name+"/file:function+0x10")
		}
		if strings.HasPrefix(name, "usdt") {
			list = append(list, name+"/file:provider:name", name+"/file::name", name+"/file:provider:name:more")
		}
		for _, section := range list {
			s := &Skeleton{name: "N", small: "n", adapted: &adapt.Adapted{}, parts: make(map[string]bool)}
			f := s.describeProg(&elfobj.Func{Name: "p", Section: section}, newScope())
			auto := ""
			if f.auto {
				auto = ", by Attach of the whole"
			}
			fmt.Fprintf(&got, "%s: %s%s\n", section, f.typ, auto)
			for _, init := range f.init {
				fmt.Fprintf(&got, "\t%s\n", strings.ReplaceAll(init, "\n", "\n\t"))
			}
		}
	}
	golden(t, "testdata/sections.txt", got.String())
}

// golden compares with a file.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// TestAuto has each section that attaches itself attached by Attach of the whole, if it says where, and no other
// one.
func TestAuto(t *testing.T) {
	for name, more := range names.SectionNames {
		rest := ""
		switch kind, _, _ := strings.Cut(name, "."); {
		case !more:
		case kind == "uprobe" || kind == "uretprobe":
			rest = "/file:function"
		case kind == "usdt":
			rest = "/file:provider:name"
		case kind == "tp" || kind == "tracepoint":
			rest = "/group/event"
		default:
			rest = "/function"
		}
		what, _ := names.ParseSection(name + rest)
		s := &Skeleton{name: "N", small: "n", adapted: &adapt.Adapted{}, parts: make(map[string]bool)}
		f := s.describeProg(&elfobj.Func{Name: "p", Section: name + rest}, newScope())
		_, excused := notAttached[strings.TrimSuffix(name, ".s")]
		if f.auto != (what.Auto && !excused) {
			t.Errorf("%s: attached by itself: %t, libbpf: %t", name+rest, f.auto, what.Auto)
		}
	}
}

var longBody = regexp.MustCompile(`(?m)^func .*\{ .* \}$`)

// TestSupport looks at the shape of what is copied into skeletons: gofmt puts long functions on several lines, and
// names are replaced wherever they stand.
func TestSupport(t *testing.T) {
	entries, err := os.ReadDir("support")
	if err != nil {
		t.Fatal(err)
	}
	parts := []string{usdtPath}
	for _, entry := range entries {
		if name, ok := strings.CutSuffix(entry.Name(), ".go"); ok && name != "doc" && !strings.HasSuffix(name, "_test") {
			parts = append(parts, name)
		}
	}
	for _, name := range parts {
		f, err := readSupport(name)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, used := range f.uses {
			if _, err := readSupport(used); err != nil {
				t.Errorf("%s uses %s: %v", name, used, err)
			}
		}
		if strings.Contains(strings.ToLower(f.text), "skeleton") {
			t.Errorf("%s: the word skeleton would be replaced", name)
		}
		if line := longBody.FindString(f.text); line != "" {
			t.Errorf("%s: with a long name gofmt would break the line %q", name, line)
		}
	}
}

// TestReserved wants the names that support declares to be reserved, and no others.
func TestReserved(t *testing.T) {
	reserved := make(map[string]bool)
	for _, name := range (&Skeleton{name: "Skel", small: "skel"}).reserved()[6:] {
		reserved[name] = true
	}
	entries, err := os.ReadDir("support")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join("support", entry.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range topLevel(f) {
			if !reserved[name] {
				t.Errorf("%s is not reserved", name)
			}
			delete(reserved, name)
		}
	}
	for name := range reserved {
		t.Errorf("nothing is called %s", name)
	}
}

// topLevel returns the names that a file declares, without methods.
func topLevel(f *ast.File) (list []string) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				list = append(list, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					list = append(list, spec.Name.Name)
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						list = append(list, name.Name)
					}
				}
			}
		}
	}
	return list
}

func TestScope(t *testing.T) {
	s := newScope("Load")
	for _, tt := range []struct{ c, want string }{{"load", "Load_2"}, {"a_b", "AB"}, {"ab", "Ab"}, {"a.b", "AB_2"}, {"_a__b", "AB_3"}, {"0", "X0"}} {
		if got := s.claim(tt.c); got != tt.want {
			t.Errorf("%s is %s, want %s", tt.c, got, tt.want)
		}
	}
}
