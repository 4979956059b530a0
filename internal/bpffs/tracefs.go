package bpffs

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/render"
)

// tracefsDirs are where tracefs is mounted as a rule: first where it is mounted if it is nowhere.
var tracefsDirs = []string{"/sys/kernel/tracing", "/sys/kernel/debug/tracing"}

// Tracefs returns a directory on which tracefs is mounted, if there is one.
func Tracefs() (dir string, ok bool) {
	for _, dir := range append(tracefsDirs[:len(tracefsDirs):len(tracefsDirs)], MountsOf("tracefs")...) {
		if HoldsType(dir, unix.TRACEFS_MAGIC) {
			return dir, true
		}
	}
	return "", false
}

// MountTracefs mounts tracefs where it is mounted as a rule. undo takes it away again.
func MountTracefs() (dir string, undo func(), err error) {
	dir = tracefsDirs[0]
	undo, err = mountOn("tracefs", dir)
	if err != nil {
		return "", nil, fmt.Errorf("can't mount tracefs: %w", err)
	}
	return dir, undo, nil
}

// Tracing is [Tracefs] for who cannot do without.
func Tracing() (string, error) {
	if dir, ok := Tracefs(); ok {
		return dir, nil
	}
	return "", render.Hinted{
		Err:  errors.New("no tracefs is mounted"),
		Hint: "as root: mount -t tracefs nodev " + tracefsDirs[0],
	}
}
