package prog

import (
	"context"
	"errors"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/load"
)

// loadFirst answers "prog load", which pins the first program of an object.
func loadFirst(ctx context.Context, c *call.Call) error { return loadObject(ctx, c, false) }

// loadAll answers "prog loadall", which pins all of them in a directory.
func loadAll(ctx context.Context, c *call.Call) error { return loadObject(ctx, c, true) }

func loadObject(ctx context.Context, c *call.Call, all bool) error {
	r, err := readLoad(c, all)
	if err != nil {
		return err
	}
	defer r.close()
	if err := r.checkPaths(); err != nil {
		return err
	}
	if err := r.open(); err != nil {
		return err
	}
	loaded, err := load.Load(ctx, r.object, r.options)
	if err != nil {
		return fmt.Errorf("failed to load object file: %w", err)
	}
	defer loaded.Close()
	pins := bpffs.Pins{Mount: !c.NoMount}
	if err := r.pin(&pins, loaded); err != nil {
		pins.Undo()
		loaded.Undo()
		return err
	}
	c.Out.Null()
	return nil
}

// checkPaths fails if nothing could be pinned where it is to be: before anything is loaded.
func (r *loadRequest) checkPaths() error {
	if r.pinMaps != "" {
		if err := bpffs.CheckDir(r.pinMaps, !r.c.NoMount); err != nil {
			return err
		}
	}
	if r.all {
		return bpffs.CheckDir(r.path, !r.c.NoMount)
	}
	return bpffs.Check(r.path)
}

// open reads the object, and tells what is loaded instead of its maps.
func (r *loadRequest) open() (err error) {
	if r.object, err = elfobj.Open(r.file); err != nil {
		return fmt.Errorf("failed to open object file: %s: %w", r.file, err)
	}
	return r.replace()
}

// pin pins what is loaded.
func (r *loadRequest) pin(pins *bpffs.Pins, loaded *load.Collection) error {
	if err := r.pinPrograms(pins, loaded.Programs); err != nil {
		return err
	}
	if r.pinMaps == "" {
		return nil
	}
	if err := pins.Dir(r.pinMaps); err != nil {
		return err
	}
	for _, m := range loaded.Maps {
		if err := pins.PinIn(m.FD, bpffs.FileName(r.pinMaps, r.mapName(m.Map))); err != nil {
			return fmt.Errorf("failed to pin all maps: %w", err)
		}
	}
	return nil
}

// pinPrograms pins the first program, or all.
func (r *loadRequest) pinPrograms(pins *bpffs.Pins, list []*load.Program) error {
	switch {
	case r.all && len(list) == 0: // then the directory is not made
		return nil
	case len(list) == 0:
		return errors.New("object file doesn't contain any bpf program")
	case !r.all:
		if err := pins.Pin(list[0].FD, r.path); err != nil {
			return fmt.Errorf("failed to pin program %s: %w", list[0].Section, err)
		}
		return nil
	}
	if err := pins.Dir(r.path); err != nil {
		return err
	}
	for _, p := range list {
		if err := pins.PinIn(p.FD, bpffs.FileName(r.path, p.Name)); err != nil {
			return fmt.Errorf("failed to pin all programs: %w", err)
		}
	}
	return nil
}
