package decl

import (
	"bytes"
	"flag"
	"os"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

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
