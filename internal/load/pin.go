package load

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// pinByName is LIBBPF_PIN_BY_NAME, and sharedDir where such maps are.
const (
	pinByName = 1
	sharedDir = "/sys/fs/bpf"
)

// sharedMap returns the map that is pinned by the name of a map, which is made if there is none.
func (l *loader) sharedMap(m *elfobj.Map, spec bpf.MapSpec) (*Map, error) {
	path := sharedDir + "/" + m.Name
	for range 2 { // somebody else may make it at the same time
		fd, err := openShared(path)
		if err == nil {
			return l.reuse(m, spec, fd, path)
		}
		if !errors.Is(err, unix.ENOENT) {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if err := l.mountShared(); err != nil {
			return nil, err
		}
		if fd, err = createMap(spec); err != nil {
			return nil, err
		}
		if err = bpf.Pin(fd, path); err == nil {
			l.pins = append(l.pins, path)
			return &Map{Map: m, FD: fd, created: true, pinned: path}, nil
		}
		fd.Close()
		if !errors.Is(err, unix.EEXIST) {
			return nil, fmt.Errorf("pin it at %s: %w", path, err)
		}
	}
	return nil, fmt.Errorf("%s: it comes and goes", path)
}

// openShared opens a map that is pinned.
func openShared(path string) (bpf.FD, error) {
	fd, kind, err := bpf.OpenPinnedFor(bpf.ReadWrite, path)
	if err == nil && kind != bpf.Map {
		fd.Close()
		return 0, fmt.Errorf("a %s, not a map", kind)
	}
	return fd, err
}

// mountShared sees to it that there is a file system for maps that are pinned by their names.
func (l *loader) mountShared() error {
	if _, err := os.Stat(sharedDir); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("pin it by its name: there is no %s", sharedDir)
	}
	if l.options.Mount == nil {
		return nil
	}
	return l.options.Mount(sharedDir)
}

// reuse returns a map that is there already, if it is one that the object can use.
func (l *loader) reuse(m *elfobj.Map, spec bpf.MapSpec, fd bpf.FD, path string) (*Map, error) {
	info, err := bpf.ReadMapInfo(fd)
	if err == nil {
		err = differs(spec, info)
	}
	if err != nil {
		fd.Close()
		return nil, fmt.Errorf("the map at %s: %w", path, err)
	}
	return &Map{Map: m, FD: fd, pinned: path}, nil
}

// differs says how a map is not what an object wants.
func differs(want bpf.MapSpec, got bpf.MapInfo) error {
	for _, x := range []struct {
		what      string
		want, got uint64
	}{
		{"type", uint64(want.Type), uint64(got.Type)},
		{"key size", uint64(want.KeySize), uint64(got.KeySize)},
		{"value size", uint64(want.ValueSize), uint64(got.ValueSize)},
		{"number of entries", uint64(want.MaxEntries), uint64(got.MaxEntries)},
		{"flags", uint64(want.Flags), uint64(got.Flags)},
		{"extra", want.Extra, got.Extra},
	} {
		if x.want != x.got {
			return fmt.Errorf("its %s is %d, the object wants %d", x.what, x.got, x.want)
		}
	}
	return nil
}
