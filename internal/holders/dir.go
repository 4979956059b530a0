package holders

import (
	"golang.org/x/sys/unix"
)

// A dir is an open directory of procfs. Machines may have hundreds of thousands
// of descriptors, so everything below it is reached from there, by short names,
// and without what package os asks the kernel besides.
type dir int

// openDir opens a directory whose path starts at the directory at.
func openDir(at int, path string) (dir, error) {
	fd, err := unix.Openat(at, path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	return dir(fd), err
}

func (d dir) close() { unix.Close(int(d)) }

// numbers returns the entries of d whose names are numbers.
func (d dir) numbers() []string {
	var found []string
	buf := make([]byte, 1<<15)
	for {
		n, err := unix.ReadDirent(int(d), buf)
		if err != nil || n <= 0 {
			return found
		}
		_, _, found = unix.ParseDirent(buf[:n], -1, found)
		found = keepNumbers(found)
	}
}

func keepNumbers(names []string) []string {
	kept := names[:0]
	for _, name := range names {
		if name[0] >= '0' && name[0] <= '9' {
			kept = append(kept, name)
		}
	}
	return kept
}

// link returns where a symbolic link in d leads to, cut after 32 bytes: longer
// than the names of all kinds of BPF objects.
func (d dir) link(name string) string {
	var buf [32]byte
	n, err := unix.Readlinkat(int(d), name, buf[:])
	if err != nil {
		return ""
	}
	return string(buf[:n])
}

// read returns the start of a small file below d, or "".
func (d dir) read(name string) string {
	fd, err := unix.Openat(int(d), name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return ""
	}
	defer unix.Close(fd)
	var buf [1024]byte // the longest account of a BPF object has some 300 bytes
	n, err := unix.Read(fd, buf[:])
	if err != nil {
		return ""
	}
	return string(buf[:n])
}
