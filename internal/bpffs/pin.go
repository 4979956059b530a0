package bpffs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// Pin pins the object behind fd at a path where nothing is yet.
//
// Where the directory of the path is in no BPF file system, one is mounted on it
// if mount says so, as the C tool does. It is taken away again if that was of no
// use.
func Pin(fd bpf.FD, path string, mount bool) error {
	pins := Pins{Mount: mount}
	err := pins.Prepare(path)
	if err == nil {
		err = pins.Pin(fd, path)
	}
	if err != nil {
		pins.Undo()
	}
	return err
}

// Check fails if nothing can be pinned at a path, whatever is mounted.
func Check(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("can't pin BPF object: path '%s' already exists", path)
	}
	if _, err := os.Stat(Dir(path)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("can't pin BPF object: dir '%s' doesn't exist", Dir(path))
	}
	return nil
}

// prepare sees to it that objects can be pinned in a directory, and returns what
// undoes that.
func prepare(dir string, mount bool) (undo func(), err error) {
	if Holds(dir) {
		return func() {}, nil
	}
	if !mount {
		return nil, errNoMount
	}
	return mountOn("bpf", dir)
}

var errNoMount = errors.New("no BPF file system found, not mounting it due to --nomount option")

// Dir returns the directory of a path as it is written, as dirname(3) does: what a
// symbolic link and ".." lead to is the kernel's to say.
func Dir(path string) string {
	name := strings.TrimRight(path, "/")
	i := strings.LastIndexByte(name, '/')
	switch dir := strings.TrimRight(name[:max(i, 0)], "/"); {
	case i < 0 && name != path && name == "": // slashes only
		return "/"
	case i < 0:
		return "."
	case dir == "":
		return "/"
	default:
		return dir
	}
}

// Holds reports whether a directory is in a BPF file system.
func Holds(dir string) bool { return HoldsType(dir, unix.BPF_FS_MAGIC) }

// HoldsType reports whether a directory is in a file system with a magic number, such as [unix.PROC_SUPER_MAGIC].
func HoldsType(dir string, magic uint32) bool {
	var s unix.Statfs_t
	err := unix.Statfs(dir, &s)
	return err == nil && uint32(s.Type) == magic // which is int32 on some machines
}

// A mountError says which mount could not be made: the words of the command
// mount(8) that would have, and why.
type mountError struct {
	command string
	err     error
}

func (e mountError) Error() string {
	return fmt.Sprintf("mount %s failed: %s", e.command, names.Reason(e.err))
}

// mountOn mounts a file system of a type on a directory, which is first made a mount of
// its own that no other mount namespace follows. undo takes both away.
func mountOn(typ, dir string) (undo func(), err error) {
	unbind := func() {}
	err = makePrivate(dir)
	if errors.Is(err, unix.EINVAL) { // it is no mount yet
		if err := unix.Mount(dir, dir, "none", unix.MS_BIND, ""); err != nil {
			return nil, mountError{"--bind " + dir + " " + dir, err}
		}
		unbind = func() { unmount(dir) }
		err = makePrivate(dir)
	}
	if err != nil {
		unbind()
		return nil, mountError{"--make-private " + dir, err}
	}
	if err := unix.Mount(typ, dir, typ, 0, "mode=0700"); err != nil {
		unbind()
		return nil, mountError{"-t " + typ + " " + typ + " " + dir, err}
	}
	return func() { unmount(dir); unbind() }, nil
}

func makePrivate(dir string) error {
	return unix.Mount("", dir, "none", unix.MS_PRIVATE|unix.MS_REC, "")
}

func unmount(dir string) { _ = unix.Unmount(dir, unix.MNT_DETACH) }
