package bpf

import (
	"encoding/binary"
	"os"

	"golang.org/x/sys/unix"
)

// A Ring is how far the two sides of a ring buffer have come, in bytes since it
// was made. What is between them waits to be read.
type Ring struct{ Consumer, Producer uint64 }

// ReadRing looks at the positions of the map behind f, a ringbuf or user_ringbuf,
// without moving them. The map must be open for writing, or else the kernel does
// not show its memory, not even for reading.
//
// Source: consumer_pos and producer_pos, each at the start of a page, of struct
// bpf_ringbuf in kernel/bpf/ringbuf.c.
func ReadRing(f FD) (Ring, error) {
	page := os.Getpagesize()
	b, err := unix.Mmap(int(f), 0, 2*page, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return Ring{}, Errno(err.(unix.Errno))
	}
	defer unix.Munmap(b)
	return Ring{Consumer: position(b), Producer: position(b[page:])}, nil
}

// position reads an unsigned long.
func position(b []byte) uint64 {
	if wordSize == 4 {
		return uint64(binary.NativeEndian.Uint32(b))
	}
	return binary.NativeEndian.Uint64(b)
}

// wordSize is the size of an unsigned long, in bytes.
const wordSize = 4 << (^uint(0) >> 63)
