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

// read issues the command.
func (b *Batch) read() (int, error) {
	attr := batchAttr{out: buffer(b.next), keys: buffer(b.Keys), values: buffer(b.Values), count: uint32(b.Room), fd: uint32(b.fd)}
	if b.begun {
		attr.in = buffer(b.at)
	}
	return attr.call(mapLookupBatch)
}

// batchAttr is the part of union bpf_attr for the commands about many elements.
type batchAttr struct {
	in, out, keys, values pointer
	count, fd             uint32
	elemFlags, flags      uint64
}

// call issues a command, and returns for how many elements it was carried out.
// Unlike others it may take milliseconds, so that the runtime should know.
func (a *batchAttr) call(c cmd) (int, error) {
	_, _, errno := unix.Syscall(unix.SYS_BPF, uintptr(c), uintptr(unsafe.Pointer(a)), unsafe.Sizeof(*a))
	if errno != 0 {
		return int(a.count), Errno(errno)
	}
	return int(a.count), nil
}

// UpdateBatch sets the values of n keys, which follow each other without gaps, and
// returns how many were set.
//
// The error is that of the first that was not, or if the kernel cannot do it for this
// type of map [unix.EOPNOTSUPP] or ENOTSUPP (524).
func UpdateBatch(f FD, keys, values []byte, n int) (int, error) {
	attr := batchAttr{keys: buffer(keys), values: buffer(values), count: uint32(n), fd: uint32(f)}
	done, err := attr.call(mapUpdateBatch)
	if err != nil && done == n { // it did not come to the first
		done = 0
	}
	return done, err
}
