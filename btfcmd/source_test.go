package btfcmd

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/render"
)

// TestOpenModule checks what is said about the BTF of a module without that of
// its kernel.
func TestOpenModule(t *testing.T) {
	path := filepath.Join(t.TempDir(), "module")
	// No types, and a string that is not the first of all.
	data := "\x9f\xeb\x01\x00" + "\x18\x00\x00\x00" + strings.Repeat("\x00", 12) + "\x02\x00\x00\x00" + "x\x00"
	if err := os.WriteFile(path, []byte(data), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := openFile(path, nil)
	want := "failed to load BTF from " + path + ": this is split BTF, which needs that of its kernel"
	if err == nil || err.Error() != want {
		t.Errorf("openFile() = %v, want %s", err, want)
	}
	var h render.Hinted
	if !errors.As(err, &h) || !strings.HasSuffix(h.Hint, "-B FILE") {
		t.Errorf("hint: %q", h.Hint)
	}
}

func TestFilePaths(t *testing.T) {
	words := func(n int) []string {
		return strings.Split(strings.TrimSuffix(strings.Repeat("x file ", n), " file "), " ")
	}
	tests := []struct {
		name  string
		words []string
		want  int
		err   string
	}{
		{"one", words(1), 1, ""},
		{"one and an option", append(words(1), "format", "raw"), 1, ""},
		{"as many as there may be", words(maxFiles), maxFiles, ""},
		{"too many", words(maxFiles + 1), 0, "too many BTF files (max 64)"},
		{"no name", []string{"x", "file"}, 0, "'file' needs at least 1 arguments, 0 found"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			paths, err := filePaths(args.New("dump", tt.words))
			if len(paths) != tt.want || tt.err == "" && err != nil || tt.err != "" && (err == nil || err.Error() != tt.err) {
				t.Errorf("filePaths() = %q, %v; want %d, %q", paths, err, tt.want, tt.err)
			}
		})
	}
}
