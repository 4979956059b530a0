package skeleton

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/format"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/elfobj"
)

func TestBpf2goName(t *testing.T) {
	for c, want := range map[string]string{
		"foo": "Foo", "foo_bar": "FooBar", "foo__bar": "FooBar", "_foo": "Foo", "FOO_BAR": "FOO_BAR", "fooBar": "FooBar", "foo_1": "Foo1",
		"foo_1_bar": "Foo1Bar", "1foo": "1foo", "foo.bar": "Foobar", "foo_": "Foo", "F_oo": "F_oo", "A__b": "A__b", "": "", "__": "",
		"tcp_v4_connect": "TcpV4Connect", "éa_b": "ÉaB",
	} {
		if got := bpf2goName(c); got != want {
			t.Errorf("%s: %s, want %s", c, got, want)
		}
	}
}

// ciliumDir returns the directory of cilium/ebpf.
func ciliumDir(t *testing.T) string {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/cilium/ebpf").Output()
	if dir := strings.TrimSpace(string(out)); err == nil && dir != "" {
		return dir
	}
	t.Skip("the source of cilium/ebpf is not in the cache of modules")
	return ""
}

// TestBpf2goDeclares compares with what bpf2go has written for the same objects: whatever that declares, is declared in the
// same way.
func TestBpf2goDeclares(t *testing.T) {
	dir := ciliumDir(t)
	var paths []string
	for _, pattern := range []string{"examples/*/bpf_*.o", "cmd/bpf2go/test/*.o", "docs/examples/*/*.o"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, found...)
	}
	compared := 0
	for _, path := range paths {
		t.Run(strings.TrimPrefix(path, dir+"/"), func(t *testing.T) {
			theirs, err := os.ReadFile(strings.TrimSuffix(path, ".o") + ".go")
			if err != nil {
				t.Fatal(err)
			}
			ident, _, _ := strings.Cut(filepath.Base(path), "_")
			ours := bpf2goCode(t, path, Bpf2go{Ident: ident, Constraint: "linux", Global: !strings.Contains(path, "sched_ext")})
			if formatted, err := format.Source(ours); err != nil || !bytes.Equal(formatted, ours) {
				t.Errorf("gofmt changes it: %v", err)
			}
			got := declarations(t, ours)
			for name, want := range declarations(t, theirs) {
				if got[name] != want {
					t.Errorf("%s is %q, want %q", name, got[name], want)
				}
				compared++
			}
		})
	}
	if compared < 500 {
		t.Errorf("only %d declarations", compared)
	}
}

func bpf2goCode(t *testing.T, path string, want Bpf2go) []byte {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	object, err := elfobj.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(object, data, Options{Package: "main", File: "x.o", Bpf2go: &want})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := s.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// declarations returns what is declared at package level, by names: types and values of constants as they are written, functions
// without their bodies.
func declarations(t *testing.T, source []byte) map[string]string {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	text := func(node any) string {
		var b strings.Builder
		if err := printer.Fprint(&b, fset, node); err != nil {
			t.Fatal(err)
		}
		return strings.NewReplacer(" { }", "{}", " {}", "{}").Replace(strings.Join(strings.Fields(b.String()), " "))
	}
	list := make(map[string]string)
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			name := d.Name.Name
			if d.Recv != nil {
				name = text(d.Recv.List[0].Type) + "." + name
			}
			var params []string
			for _, p := range d.Type.Params.List {
				params = append(params, text(p.Type))
			}
			result := ""
			if d.Type.Results != nil {
				for _, r := range d.Type.Results.List {
					result += " " + text(r.Type)
				}
			}
			list[name] = "func(" + strings.Join(params, ", ") + ")" + result
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					list[s.Name.Name] = text(s.Type)
				case *ast.ValueSpec:
					value := ""
					if len(s.Values) == 1 {
						value = text(s.Values[0])
					}
					typ := ""
					if s.Type != nil {
						typ = text(s.Type)
					}
					list[s.Names[0].Name] = cmp.Or(typ+value, "nothing")
				}
			}
		}
	}
	return list
}

// TestBpf2goAll writes code for all objects of this module, as gofmt would.
func TestBpf2goAll(t *testing.T) {
	n := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "../.." && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		case !d.Type().IsRegular() || filepath.Ext(path) != ".o":
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if _, err := elfobj.Read(data); err != nil {
			return nil
		}
		code := bpf2goCode(t, path, Bpf2go{Ident: "x", Constraint: "linux", Global: true})
		if formatted, err := format.Source(code); err != nil || !bytes.Equal(formatted, code) {
			t.Errorf("%s: gofmt changes it: %v", path, err)
		}
		n++
		return nil
	})
	if err != nil || n < 200 {
		t.Errorf("%d objects, %v", n, err)
	}
}

// TestBpf2goFails asks for what cannot be.
func TestBpf2goFails(t *testing.T) {
	path := filepath.Join(ciliumDir(t), "cmd/bpf2go/test/test_bpfel.o")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skip(err)
	}
	object, err := elfobj.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		want  Bpf2go
		error string
	}{
		{Bpf2go{Ident: "func"}, "'func' is no identifier in Go"},
		{Bpf2go{Ident: "x", Types: []string{"nobody"}}, "type nobody: the object has none of that name"},
		{Bpf2go{Ident: "x", Types: []string{"barfoo"}}, ""},
	} {
		_, err := New(object, data, Options{Package: "main", File: "x.o", Bpf2go: &tt.want})
		if tt.error == "" && err != nil || tt.error != "" && (err == nil || err.Error() != tt.error) {
			t.Errorf("%+v: %v, want %s", tt.want, err, tt.error)
		}
	}
}
