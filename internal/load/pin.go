package load

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// pinByName is LIBBPF_PIN_BY_NAME, and sharedDir where such maps are.
const (
	pinByName = 1
	sharedDir = "/sys/fs/bpf"
)

// sharedMap returns the map that is pinned by the name of a map, or a new one that is to be pinned
// so once all is well: nobody else should meet it if the load fails.
func (l *loader) sharedMap(m *elfobj.Map, spec bpf.MapSpec) (*Map, error) {
	if !filepath.IsLocal(m.Name) || filepath.Base(m.Name) != m.Name || m.Name == "." {
		return nil, fmt.Errorf("it is to be pinned by its name, which %s cannot be", strconv.Quote(m.Name))
	}
	path := sharedDir + "/" + m.Name
	fd, err := openShared(path)
	if err == nil {
		return l.reuse(m, spec, fd, path)
	}
	if !errors.Is(err, unix.ENOENT) {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if fd, err = l.createMap(spec); err != nil {
		return nil, err
	}
	return &Map{Map: m, FD: fd, Path: path, created: true}, nil
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
	return &Map{Map: m, FD: fd}, nil
}

// devmapFlag is BPF_F_RDONLY_PROG, which the kernel itself adds to maps of devices.
const devmapFlag = 1 << 7

// differs says how a map is not what an object wants.
func differs(want bpf.MapSpec, got bpf.MapInfo) error {
	if got.Type == devmap || got.Type == devmapHash {
		got.Flags &^= devmapFlag &^ want.Flags
	}
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
