package bpf

import (
	"errors"
	"iter"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Kind is what a descriptor of a BPF object stands for.
type Kind string

// The kinds, in the words bpftool has for them.
const (
	Unknown Kind = "unknown"
	Prog    Kind = "prog"
	Map     Kind = "map"
	Link    Kind = "link"
	BTF     Kind = "btf"
)

// kinds are the commands that find the objects of each kind.
var kinds = map[Kind]struct{ next, open cmd }{
	Prog: {next: progGetNextID, open: progGetFDByID},
	Map:  {next: mapGetNextID, open: mapGetFDByID},
	Link: {next: linkGetNextID, open: linkGetFDByID},
	BTF:  {next: btfGetNextID, open: btfGetFDByID},
}

// Access says what is to be done with a map. Objects of other kinds are neither
// read nor written.
type Access uint32

// The values of Access, as open_flags of bpf(2) have them.
const (
	ReadWrite Access = 0
	ReadOnly  Access = 1 << 3 // BPF_F_RDONLY
)

// KindOf classifies the target of a symbolic link below /proc/PID/fd.
//
// The names are those that the kernel gives its anonymous inodes in
// kernel/bpf/syscall.c and kernel/bpf/btf.c; that of links changed over time.
func KindOf(target string) Kind {
	switch target {
	case "anon_inode:bpf-prog":
		return Prog
	case "anon_inode:bpf-map":
		return Map
	case "anon_inode:bpf_link", "anon_inode:bpf-link":
		return Link
	case "anon_inode:btf":
		return BTF
	}
	return Unknown
}

// IDs yields the ID of every object of a kind, in increasing order.
//
// The walk ends at the first error. It needs CAP_SYS_ADMIN.
func IDs(kind Kind) iter.Seq2[uint32, error] {
	next := kinds[kind].next
	return func(yield func(uint32, error) bool) {
		var attr struct{ start, next, flags uint32 }
		for {
			_, err := call(next, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
			if errors.Is(err, unix.ENOENT) {
				return // past the last ID
			}
			if !yield(attr.next, err) || err != nil {
				return
			}
			attr.start = attr.next
		}
	}
}

// Open opens the object of a kind with the given ID, maps for reading.
//
// The error is [unix.ENOENT] if there is none.
func Open(kind Kind, id uint32) (FD, error) { return OpenFor(ReadOnly, kind, id) }

// OpenFor is [Open] for what else is to be done with maps.
func OpenFor(access Access, kind Kind, id uint32) (FD, error) {
	attr := struct{ id, next, flags uint32 }{id: id}
	if kind == Map {
		attr.flags = uint32(access)
	}
	fd, err := call(kinds[kind].open, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	return FD(fd), err
}

// ReadID returns the ID of the program, map or link behind f.
func ReadID(f FD) (uint32, error) {
	var info struct{ typ, id uint32 } // how the descriptions of all three start
	err := readInfo(f, unsafe.Pointer(&info), unsafe.Sizeof(info))
	return info.id, err
}

// OpenPinned opens the object pinned at path, and says what it is.
//
// Maps are opened for reading, and so is what lies in a file system that may
// only be read.
func OpenPinned(path string) (FD, Kind, error) { return OpenPinnedFor(ReadOnly, path) }

// OpenPinnedFor is [OpenPinned] for what else is to be done with maps.
func OpenPinnedFor(access Access, path string) (FD, Kind, error) {
	fd, err := openPinned(path, access)
	if errors.Is(err, unix.EINVAL) { // links cannot be opened for reading only
		fd, err = openPinned(path, ReadWrite)
	}
	if err != nil {
		return 0, Unknown, err
	}
	return fd, fd.kind(), nil
}

func openPinned(path string, access Access) (FD, error) {
	name, err := unix.ByteSliceFromString(path)
	if err != nil {
		return 0, Errno(unix.EINVAL)
	}
	attr := struct {
		path      pointer
		fd, flags uint32
	}{path: buffer(name), flags: uint32(access)}
	fd, err := call(objGet, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	return FD(fd), err
}
