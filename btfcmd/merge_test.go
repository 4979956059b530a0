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
	base  string // path
	parts []string
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
			var m merging
			var base []byte
			for i, f := range ar.Files {
				path := filepath.Join(t.TempDir(), f.Name)
				if f.Name == "merged" {
					m.want = string(f.Data)
					continue
				}
				data := fixture.BTF(t, string(f.Data), base)
				if err := os.WriteFile(path, data, 0o666); err != nil {
					t.Fatal(err)
				}
				if i == 0 {
					m.base, base = path, data
				} else {
					m.parts = append(m.parts, path)
				}
			}
			run(t, m)
		})
	}
}

// TestMerge merges the samples as the reference did.
func TestMerge(t *testing.T) {
	mergings(t, func(t *testing.T, m merging) {
		base, err := openFile(m.base, nil)
		if err != nil {
			t.Fatal(err)
		}
		s, err := mergeFiles(m.parts, base)
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
		words := []string{"-B", m.base, "btf", "dump"}
		for _, p := range m.parts {
			words = append(words, "file", p)
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
