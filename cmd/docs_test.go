package cmd_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/cmd"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// generate tells how to get what these tests want.
const generate = "run: go run ./cmd/gendocs docs"

// TestDocs compares the files below docs with what the tables give.
func TestDocs(t *testing.T) {
	want, err := cmd.Docs()
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]string)
	for _, dir := range []string{"man", "completion", "map", "audit"} {
		err := fs.WalkDir(os.DirFS("../docs"), dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(filepath.Join("../docs", path))
			got[path] = string(text)
			return err
		})
		if err != nil {
			t.Errorf("%v; %s", err, generate)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("out of date (-table +files); %s\n%s", generate, diff)
	}
}

// TestManPages has the man pages formatted, without a warning.
func TestManPages(t *testing.T) {
	fixture.Need(t, fixture.Man)
	pages, err := filepath.Glob("../docs/man/*.8")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, page := range pages {
		c := exec.Command("man", "--warnings", "-E", "UTF-8", "-Tutf8", "-l", page)
		c.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "MANWIDTH=80")
		var warnings strings.Builder
		c.Stderr = &warnings
		text, err := c.Output()
		if err != nil || warnings.Len() > 0 || len(text) == 0 {
			t.Errorf("%s: %v, %d bytes\n%s", page, err, len(text), warnings.String())
		}
	}
}
