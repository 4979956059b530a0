package btfcmd

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
