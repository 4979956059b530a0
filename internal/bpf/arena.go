package bpf

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// An Arena is the memory of a map of that type, which programs and this process share. Its pages
// come when they are first written to.
type Arena struct {
	at   unsafe.Pointer
	size uintptr
}

// MapArena maps the arena behind f, of size bytes, to an address, or anywhere if that is 0. A
// program that uses the arena can only be loaded then.
func MapArena(f FD, at uint64, size uint64) (*Arena, error) {
	flags := unix.MAP_SHARED
	if at != 0 {
		flags |= unix.MAP_FIXED_NOREPLACE
	}
	p, err := unix.MmapPtr(int(f), 0, unsafe.Add(nil, uintptr(at)), uintptr(size), unix.PROT_READ|unix.PROT_WRITE, flags)
	if err != nil {
		return nil, Errno(err.(unix.Errno))
	}
	return &Arena{p, uintptr(size)}, nil
}

// Write puts bytes at an offset, which has room for them.
func (a *Arena) Write(off uint64, data []byte) {
	copy(unsafe.Slice((*byte)(unsafe.Add(a.at, uintptr(off))), len(data)), data)
}

// Close takes the memory away from this process.
func (a *Arena) Close() { _ = unix.MunmapPtr(a.at, a.size) }
