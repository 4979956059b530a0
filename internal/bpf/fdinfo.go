package bpf

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// FDInfo is the kernel's "key: value" account of an open file, see proc(5).
type FDInfo string

// ReadFDInfo reads /proc/self/fdinfo for f. It is empty without procfs.
func ReadFDInfo(f FD) FDInfo {
	fd, err := unix.Open("/proc/self/fdinfo/"+strconv.Itoa(int(f)), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return ""
	}
	defer unix.Close(fd)
	var buf [1024]byte // the longest account of a BPF object has some 300 bytes
	n, err := unix.Read(fd, buf[:])
	if err != nil {
		return ""
	}
	return FDInfo(buf[:n])
}

// Text returns what follows key, or "".
func (i FDInfo) Text(key string) string {
	for line := range strings.Lines(string(i)) {
		if k, v, _ := strings.Cut(line, ":"); k == key {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// Uint returns the number that follows key.
func (i FDInfo) Uint(key string) (n uint64, ok bool) {
	n, err := strconv.ParseUint(i.Text(key), 10, 64)
	return n, err == nil
}

// kind asks /proc what f is.
func (f FD) kind() Kind {
	var buf [64]byte
	n, err := unix.Readlink("/proc/self/fd/"+strconv.Itoa(int(f)), buf[:])
	if err != nil {
		return Unknown
	}
	return KindOf(string(buf[:n]))
}
