package decl

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/uapi"
)

var update = flag.Bool("update", false, "write what is wanted of declarations beside headers anew")

const golden = "testdata/uapi.golden"

// goldenHeaders returns the headers of the golden file, and what is wanted.
func goldenHeaders(t testing.TB) (tree fstest.MapFS, want string, ar *txtar.Archive) {
	t.Helper()
	ar, err := txtar.ParseFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	tree = fstest.MapFS{}
	for _, f := range ar.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		tree[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return tree, want, ar
}

func readHeaders(t testing.TB, tree fstest.MapFS) *uapi.Headers {
	t.Helper()
	h, err := uapi.Read(tree)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestBeside(t *testing.T) {
	tree, want, ar := goldenHeaders(t)
	var got bytes.Buffer
	if err := C(&got, sample(t, "testdata/uapi.btf"), Options{Beside: readHeaders(t, tree)}); err != nil {
		t.Fatal(err)
	}
	if *update {
		ar.Files[len(ar.Files)-1].Data = got.Bytes()
		if err := os.WriteFile(golden, txtar.Format(ar), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("C() mismatch (-want +got):\n%s", diff)
	}
}

// TestBesideKinds has what compilers make of whole kernels only. The names of
// values are those of the types before.
func TestBesideKinds(t *testing.T) {
	tree, _, _ := goldenHeaders(t)
	beside := readHeaders(t, tree)
	names := func() *fixture.Types {
		return types().Add("PROTO_TCP", btf.Int, 0, 4, 32).Add("PROTO_NEW", btf.Int, 0, 4, 32)
	}
	const tcp, other = 1, 11 // offsets of these names
	tests := []struct {
		name   string
		types  *fixture.Types
		want   string
		absent string
	}{
		{"a value that headers have not", names().Add("", btf.Enum, 2, 4, tcp, 6, other, 300), "enum {\n\tPROTO_NEW = 300,\n};", "PROTO_TCP"},
		{"values that headers have", names().Add("", btf.Enum, 1, 4, tcp, 6), "", "enum {"},
		{"values of a member", names().Add("", btf.Enum, 1, 4, tcp, 6).Add("s", btf.Struct, 1, 4, 0, 3, 0), "\t\tPROTO_TCP___2 = 6,\n", "PROTO_TCP ="},
		{"a forward", types().Add("addr", btf.Forward, 0, 0), "#define __VMLINUX_H__\n\nstruct addr;\n\n#pragma", ""},
		{"a forward of what depends on conditions", types().Add("request", btf.Forward, 0, 0), "#define __VMLINUX_H__\n\nstruct request;\n\n#pragma", ""},
		{"a forward of the kernel's", types().Add("kernel", btf.Forward, 0, 0), "#endif\n\nstruct kernel;\n\n", ""},
		{"a typedef of another number", types().Add("int", btf.Int, 1<<24, 4, 32).Add("__u32", btf.Typedef, 0, 1), "typedef int __u32___2;", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			spec, err := btf.Parse(tt.types.Bytes(), nil)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := C(&got, spec, Options{Beside: beside}); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(got.String(), tt.want) || tt.absent != "" && strings.Contains(got.String(), tt.absent) {
				t.Errorf("C() wrote:\n%s\nwant in it %q, not %q", got.String(), tt.want, tt.absent)
			}
		})
	}
}
