package bpf

import (
	"errors"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Batch reads the elements of a map, many at a time.
//
// Of a hash table each call reads whole buckets, each at one moment: no element
// that stays is lost or read twice, whatever others do to the map.
type Batch struct {
	Keys, Values []byte // room for Room elements; the values as for [Lookup]
	Room         int

	fd       FD
	at, next []byte // where the kernel goes on: a key, or the number of a bucket
	begun    bool
}

// NewBatch returns a Batch for the map behind f, whose keys and values have the
// given sizes in bytes. The buffers for elements are to be set.
func NewBatch(f FD, key int) *Batch {
	n := max(key, 4)
	return &Batch{fd: f, at: make([]byte, n), next: make([]byte, n)}
}

// ErrBatchSmall says that a batch has no room for what the kernel reads at once,
// and that more may be tried.
var ErrBatchSmall = Errno(unix.ENOSPC)

// Next reads further elements, and returns how many they are. done tells that
// there are no more.
//
// The error is [ErrBatchSmall], or if the kernel cannot do it for this type of
// map [unix.EINVAL], [unix.EOPNOTSUPP] or ENOTSUPP (524). Kernels before 6.14 answer
// empty slots of maps with [unix.EINTR]: to try again would not help. The elements
// of a batch that has failed are not to be used.
func (b *Batch) Next() (n int, done bool, err error) {
	n, err = b.read()
	switch {
	case errors.Is(err, unix.ENOENT):
		return n, true, nil
	case err != nil:
		return 0, false, err
	}
	b.at, b.next, b.begun = b.next, b.at, true
	return n, false, nil
}

// read issues the command. Unlike others it may take milliseconds, so that the
// runtime should know.
func (b *Batch) read() (int, error) {
	attr := struct {
		in, out, keys, values pointer
		count, fd             uint32
		elemFlags, flags      uint64
	}{out: buffer(b.next), keys: buffer(b.Keys), values: buffer(b.Values), count: uint32(b.Room), fd: uint32(b.fd)}
	if b.begun {
		attr.in = buffer(b.at)
	}
	_, _, errno := unix.Syscall(unix.SYS_BPF, uintptr(mapLookupBatch), uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr))
	if errno != 0 {
		return int(attr.count), Errno(errno)
	}
	return int(attr.count), nil
}
