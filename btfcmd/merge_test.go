package btfcmd

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// A merging is a file of testdata/merge: a rule, the base and the parts of which
// it tells, as dumps, and what the reference made of them.
type merging struct {
	files []string // paths, that of the base first
	dumps []string // of the files
	want  string
}

func mergings(t *testing.T, run func(*testing.T, merging)) {
	files, err := filepath.Glob("testdata/merge/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			last := len(ar.Files) - 1
			m := merging{want: string(ar.Files[last].Data)}
			var base []byte
			for _, f := range ar.Files[:last] {
				data := fixture.BTF(t, string(f.Data), base)
				if base == nil {
					base = data
				}
				path := filepath.Join(t.TempDir(), f.Name)
				if err := os.WriteFile(path, data, 0o666); err != nil {
					t.Fatal(err)
				}
				m.files, m.dumps = append(m.files, path), append(m.dumps, string(f.Data))
			}
			run(t, m)
		})
	}
}

// TestMerge merges the samples as the reference did.
func TestMerge(t *testing.T) {
	mergings(t, func(t *testing.T, m merging) {
		var base *btf.Spec
		for i, path := range m.files {
			s, err := openFile(path, base)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(m.dumps[i], plain(t, s)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
			if base == nil {
				base = s
			}
		}
		s, err := mergeFiles(m.files[1:], base)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m.want, plain(t, s.spec)); diff != "" {
			t.Errorf("mergeFiles() (-want +got):\n%s", diff)
		}
	})
}

// TestMergeReference checks that the samples are what the reference makes.
func TestMergeReference(t *testing.T) {
	fixture.Need(t, fixture.ReferenceTool)
	reference, _ := fixture.Reference()
	mergings(t, func(t *testing.T, m merging) {
		words := []string{"-B", m.files[0], "btf", "dump"}
		for _, path := range m.files[1:] {
			words = append(words, "file", path)
		}
		out, err := exec.Command(reference, words...).Output()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m.want, string(out)); diff != "" {
			t.Errorf("%s (-sample +reference):\n%s", reference, diff)
		}
	})
}

// plain dumps the types of spec in format raw.
func plain(t *testing.T, spec *btf.Spec) string {
	t.Helper()
	var b strings.Builder
	w := bufio.NewWriter(&b)
	for r, err := range records(spec, nil) {
		if err != nil {
			t.Fatal(err)
		}
		r.Plain(w)
	}
	w.Flush()
	return b.String()
}
