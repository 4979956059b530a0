package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// What recordings show of the machine on which they were made: where this
// program is, which probes are put into, and where objects are pinned.
const (
	home = "/media"
	self = home + "/record"
	pins = "/sys/fs/bpf"
)

// settle gives this program and a bpffs their places, in the mount namespace that
// fixture.Isolate made.
func settle() error {
	if fixture.BPFFS() == "" {
		return errors.New("no namespaces of our own; run as root")
	}
	if path, err := os.Executable(); err != nil || path != self {
		return errors.Join(err, move(path))
	}
	// In a guest, or the other way round, there may be one already: bpftool
	// would find everything twice.
	_ = unix.Unmount(pins, unix.MNT_DETACH)
	if err := unix.Mount("bpf", pins, "bpf", 0, ""); err != nil {
		return fmt.Errorf("mounting bpf on %s: %w", pins, err)
	}
	return nil
}

// move runs a copy of this program at its place. It only returns if it cannot.
func move(path string) error {
	if err := os.MkdirAll(home, 0o755); err != nil {
		return err
	}
	if err := unix.Mount("tmpfs", home, "tmpfs", 0, ""); err != nil {
		return fmt.Errorf("mounting tmpfs on %s: %w", home, err)
	}
	program, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := os.WriteFile(self, program, 0o755); err != nil {
		return err
	}
	args := append([]string{filepath.Base(self)}, os.Args[1:]...)
	return fmt.Errorf("%s: %w", self, syscall.Exec(self, args, os.Environ()))
}
