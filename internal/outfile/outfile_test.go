package outfile

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func write(text string) func(*bufio.Writer) error {
	return func(w *bufio.Writer) error {
		w.WriteString(text)
		return nil
	}
}

// TestWriteFile writes files in all places where there may be something already.
func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	check(t, os.WriteFile(in("old"), []byte("a long text that is old"), 0o600))
	check(t, os.Chmod(in("old"), 0o640))
	check(t, os.Symlink("old", in("link")))
	check(t, os.Symlink("nowhere", in("dangling")))
	mask := unix.Umask(0o027)
	defer unix.Umask(mask)
	tests := []struct {
		path, file string
		mode       os.FileMode
	}{
		{"new", "new", 0o640}, // as the umask has it
		{"old", "old", 0o640},
		{"link", "old", 0o640},
		{"dangling", "nowhere", 0o640},
	}
	for _, tt := range tests {
		check(t, Write(in(tt.path), 0o666, write(tt.path)))
		text, err := os.ReadFile(in(tt.file))
		check(t, err)
		info, err := os.Lstat(in(tt.file))
		check(t, err)
		if string(text) != tt.path || info.Mode() != tt.mode {
			t.Errorf("%s: %s has %q and mode %v, want %v", tt.path, tt.file, text, info.Mode(), tt.mode)
		}
	}
	for _, link := range []string{"link", "dangling"} {
		if _, err := os.Readlink(in(link)); err != nil {
			t.Errorf("%s is no link any more", link)
		}
	}
}

// TestWriteFileFails leaves everything as it was.
func TestWriteFileFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	check(t, os.WriteFile(path, []byte("old"), 0o600))
	wrong := errors.New("interrupted")
	if err := Write(path, 0o666, func(w *bufio.Writer) error { w.WriteString("new"); w.Flush(); return wrong }); !errors.Is(err, wrong) {
		t.Errorf("error %v, want %v", err, wrong)
	}
	text, err := os.ReadFile(path)
	check(t, err)
	list, err := os.ReadDir(dir)
	check(t, err)
	if string(text) != "old" || len(list) != 1 {
		t.Errorf("%q, and %d files", text, len(list))
	}
	for _, path := range []string{"", filepath.Join(dir, "no", "such")} {
		if err := Write(path, 0o666, write("")); err == nil || !strings.HasSuffix(err.Error(), "No such file or directory") {
			t.Errorf("%q: %v", path, err)
		}
	}
}

// TestClosedDirectory writes a file that is open to us, in a directory that is not.
func TestClosedDirectory(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	check(t, os.WriteFile(path, []byte("old, and longer"), 0o600))
	t.Setenv("TMPDIR", t.TempDir())
	// Nobody may make a file of the name that parts have, not even root.
	check(t, os.Mkdir(fmt.Sprintf("%s.%d", path, os.Getpid()), 0o700))
	check(t, Write(path, 0o666, write("new")))
	text, err := os.ReadFile(path)
	check(t, err)
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	check(t, err)
	if string(text) != "new" || len(left) != 0 {
		t.Errorf("%q, and %d files are left", text, len(left))
	}
}

// TestLongName writes a file with the longest name there may be.
func TestLongName(t *testing.T) {
	path := filepath.Join(t.TempDir(), strings.Repeat("n", 255))
	check(t, Write(path, 0o666, write("new")))
	if text, err := os.ReadFile(path); string(text) != "new" {
		t.Errorf("%q, %v", text, err)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
