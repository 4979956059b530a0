package btfcmd

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/render"
)

// Where the kernel shows its types, and those of its modules.
const (
	sysfs   = "/sys/kernel/btf/"
	vmlinux = pick.KernelTypes
)

// A source is what "btf dump" reads.
type source struct {
	spec  *btf.Spec
	roots []btf.ID // what is asked for, or nil for everything
}

// readSource reads the words that name a source, and the source. Without any it
// is the running kernel.
func readSource(c *call.Call) (source, error) {
	switch {
	case c.Args.Len() == 0, isOption(c.Args.Peek()):
		spec, err := openFile(vmlinux, nil)
		return source{spec: spec}, err
	case c.Args.Is("map"):
		return mapSource(c)
	case c.Args.Is("prog"):
		return progSource(c)
	case c.Args.Is("id"):
		id, err := c.Args.Uint32("ID")
		if err != nil {
			return source{}, err
		}
		return objectSource(c, id)
	case c.Args.Is("file"):
		return fileSource(c)
	}
	return source{}, args.Errorf("unrecognized BTF source specifier: '%s'", c.Args.Peek())
}

// isOption reports whether a word begins what may follow a source, and no source.
func isOption(word string) bool {
	for _, o := range []string{"format", "package", "root_id", "unsorted", "type", "func", "uapi"} {
		if word != "" && strings.HasPrefix(o, word) && !strings.HasPrefix("file", word) && !strings.HasPrefix("prog", word) {
			return true
		}
	}
	return false
}

// objectSource reads the BTF that the kernel has under an ID. That of a module
// is split BTF, whose base is the kernel's unless another one is given.
func objectSource(c *call.Call, id uint32) (source, error) {
	fd, err := bpf.Open(bpf.BTF, id)
	if err != nil {
		return source{}, pick.Permitted(fmt.Errorf("get btf by id (%d): %w", id, err))
	}
	defer fd.Close()
	info, data, err := bpf.ReadBTF(fd)
	if err != nil {
		return source{}, fmt.Errorf("can't get BTF object info: %w", err)
	}
	base := c.BaseBTF
	if base == nil && info.Kernel && info.Name != "vmlinux" {
		c.Talk.Warn("Warning: valid base BTF was not specified with -B option, falling back to standard base BTF (%s)", vmlinux)
		if base, err = openFile(vmlinux, nil); err != nil {
			return source{}, err
		}
	}
	spec, err := btf.Parse(data, base)
	if err != nil {
		return source{}, fmt.Errorf("get btf by id (%d): %w", id, err)
	}
	return source{spec: spec}, nil
}

func progSource(c *call.Call) (source, error) {
	fd, err := pick.Prog(c.Args)
	if err != nil {
		return source{}, err
	}
	defer fd.Close()
	info, _, err := pick.ProgInfo(fd)
	if err != nil {
		return source{}, err
	}
	return objectSource(c, info.BTFID)
}

func mapSource(c *call.Call) (source, error) {
	fd, err := pick.Map(c.Args, bpf.ReadOnly)
	if err != nil {
		return source{}, err
	}
	defer fd.Close()
	info, err := pick.MapInfo(fd)
	if err != nil {
		return source{}, err
	}
	roots := []btf.ID{btf.ID(info.KeyType), btf.ID(info.ValueType)}
	switch a := c.Args; {
	case a.Is("key"):
		roots = roots[:1]
	case a.Is("value"):
		roots = roots[1:]
	case a.Is("all"):
		roots = nil
	default:
		a.Is("kv")
	}
	s, err := objectSource(c, info.BTFID)
	s.roots = roots
	return s, err
}

// maxFiles is how many files may be merged.
const maxFiles = 64

// fileSource reads the types of files. Those of the running kernel are the base
// of what is below its directory, or beside it on the command line.
func fileSource(c *call.Call) (source, error) {
	paths, err := filePaths(c.Args)
	if err != nil {
		return source{}, err
	}
	base, onKernel, several := c.BaseBTF, false, len(paths) > 1
	paths = slices.DeleteFunc(paths, func(path string) bool {
		onKernel = onKernel || filepath.Dir(path)+"/" == sysfs
		if path == vmlinux && several {
			c.Talk.Warn("skipping %s (will be loaded as base)", vmlinux)
		}
		return path == vmlinux
	})
	if len(paths) == 0 {
		spec, err := openFile(vmlinux, base)
		return source{spec: spec}, err
	}
	if base == nil && onKernel {
		if base, err = openFile(vmlinux, nil); err != nil {
			return source{}, err
		}
	}
	if len(paths) == 1 {
		spec, err := openFile(paths[0], base)
		return source{spec: spec}, err
	}
	return mergeFiles(paths, base)
}

// filePaths reads the words that follow "file", with those of further ones.
func filePaths(a *args.Args) ([]string, error) {
	var paths []string
	for more := true; more; more = a.Is("file") {
		path, err := a.Next(1)
		if err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	if len(paths) > maxFiles {
		return nil, fmt.Errorf("too many BTF files (max %d)", maxFiles)
	}
	return paths, nil
}

// mergeFiles reads several files of split BTF with the same base as one.
func mergeFiles(paths []string, base *btf.Spec) (source, error) {
	if base == nil {
		return source{}, errors.New("base BTF is required when merging multiple BTF files; use -B/--base-btf or use sysfs paths")
	}
	parts := make([]*btf.Spec, 0, len(paths))
	for _, path := range paths {
		part, err := openFile(path, base)
		if err != nil {
			return source{}, err
		}
		parts = append(parts, part)
	}
	spec, err := btf.Merge(base, parts)
	if err != nil {
		return source{}, fmt.Errorf("failed to dedup combined BTF: %w", err)
	}
	return source{spec: spec}, nil
}

func openFile(path string, base *btf.Spec) (*btf.Spec, error) {
	spec, err := btf.Open(path, base)
	var errno unix.Errno
	switch {
	case errors.As(err, &errno):
		return nil, fmt.Errorf("failed to load BTF from %s: %s", path, names.Strerror(errno))
	case err != nil:
		return nil, advise(fmt.Errorf("failed to load BTF from %s: %w", path, err))
	}
	return spec, nil
}

// advise says what the BTF of a module needs.
func advise(err error) error {
	if !errors.Is(err, btf.ErrNoBase) && !errors.Is(err, btf.ErrOtherBase) {
		return err
	}
	return render.Hinted{
		Err:  err,
		Hint: "name the kernel that the module was built for, by its vmlinuz, vmlinux or BTF: -B FILE",
	}
}
