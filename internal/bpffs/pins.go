package bpffs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// Pins are objects that are pinned together, all of them or none: what was made for them,
// directories and mounts too, can be undone.
type Pins struct {
	Mount bool // file systems may be mounted
	undo  []func()
}

// Undo takes away whatever was made, the last first.
func (p *Pins) Undo() {
	for i := len(p.undo) - 1; i >= 0; i-- {
		p.undo[i]()
	}
	p.undo = nil
}

// Prepare sees to it that an object can be pinned at a path where nothing is yet.
func (p *Pins) Prepare(path string) error {
	if err := Check(path); err != nil {
		return err
	}
	unmount, err := prepare(Dir(path), p.Mount)
	if _, ok := err.(mountError); ok {
		return fmt.Errorf("can't mount BPF file system to pin the object '%s': %w", path, err)
	}
	if err == nil {
		p.undo = append(p.undo, unmount)
	}
	return err
}

// Pin pins the object behind fd at a path of which the directory is in a BPF file system.
func (p *Pins) Pin(fd bpf.FD, path string) error {
	if err := bpf.Pin(fd, path); err != nil {
		return fmt.Errorf("can't pin the object (%s): %w", path, err)
	}
	p.undo = append(p.undo, func() { _ = os.Remove(path) })
	return nil
}

// CheckPath fails if nothing can be pinned at a path, mount says whether file systems may be mounted.
func CheckPath(path string, mount bool) error {
	if err := Check(path); err != nil {
		return err
	}
	if !mount && !Holds(Dir(path)) {
		return errNoMount
	}
	return nil
}

// CheckDir fails if objects can be pinned in no directory with a path, whether it is there or
// not: one is only made where its parent is.
func CheckDir(dir string, mount bool) error {
	if Holds(dir) || missing(dir) && Holds(Dir(dir)) {
		return nil
	}
	if missing(dir) && missing(Dir(dir)) {
		return fmt.Errorf("can't create dir '%s' to pin BPF object: parent dir '%s' doesn't exist", dir, Dir(dir))
	}
	if !mount {
		return errNoMount
	}
	return nil
}

func missing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// Dir makes a directory in which objects can be pinned, if it is not there, and mounts a BPF file
// system on it if it is in none.
func (p *Pins) Dir(dir string) error {
	if err := CheckDir(dir, p.Mount); err != nil {
		return err
	}
	if missing(dir) {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return fmt.Errorf("failed to create dir '%s': %s", dir, names.Reason(err))
		}
		p.undo = append(p.undo, func() { _ = os.Remove(dir) })
	}
	unmount, err := prepare(dir, p.Mount)
	if err != nil {
		return fmt.Errorf("can't mount BPF file system on given dir '%s': %w", dir, err)
	}
	p.undo = append(p.undo, unmount)
	return nil
}

// FileName returns the name of the file for an object in a directory: the kernel takes none with a
// dot.
func FileName(dir, name string) string {
	b := []byte(name)
	for i, c := range b {
		if c == '.' {
			b[i] = '_'
		}
	}
	return filepath.Join(dir, string(b))
}
