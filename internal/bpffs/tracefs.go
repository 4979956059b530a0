package bpffs

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/gobpftool/gobpftool/internal/render"
)

// Tracing returns the directory of a mounted tracefs, where the kernel shows tracepoints and
// functions.
func Tracing() (string, error) {
	usual := []string{"/sys/kernel/tracing", "/sys/kernel/debug/tracing"}
	for _, dir := range append(usual, MountsOf("tracefs")...) {
		if _, err := os.Stat(filepath.Join(dir, "events")); err == nil {
			return dir, nil
		}
	}
	return "", render.Hinted{
		Err:  errors.New("no tracefs is mounted"),
		Hint: "as root: mount -t tracefs nodev /sys/kernel/tracing",
	}
}
