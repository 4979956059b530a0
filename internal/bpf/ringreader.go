package bpf

import (
	"encoding/binary"
	"fmt"
	"iter"
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A RingReader takes records out of a ring buffer.
type RingReader struct {
	consumer []byte // a page that starts with how far it was read
	producer []byte // a page that starts with how far it was written, then the records
	data     ringData
}

// OpenRingReader makes a reader for the map behind f, a ringbuf that is open for
// writing and has room for size bytes.
//
// Source: ringbuf_map_mmap_kern in kernel/bpf/ringbuf.c: after the two pages, the
// records are mapped twice, so that none goes on at the start.
func OpenRingReader(f FD, size uint32) (*RingReader, error) {
	page := os.Getpagesize()
	consumer, err := unix.Mmap(int(f), 0, page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mapping the ring buffer: %w", Errno(err.(unix.Errno)))
	}
	producer, err := unix.Mmap(int(f), int64(page), page+2*int(size), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		unix.Munmap(consumer)
		return nil, fmt.Errorf("mapping the ring buffer: %w", Errno(err.(unix.Errno)))
	}
	return &RingReader{consumer, producer, ringData(producer[page:])}, nil
}

// Close lets go of the ring buffer.
func (r *RingReader) Close() {
	unix.Munmap(r.consumer)
	unix.Munmap(r.producer)
}

// Records yields the records that are there when it begins, up to one that a
// program has not completed yet, and makes room for others. They are valid for the
// moment only. Records that programs have discarded are left out.
func (r *RingReader) Records() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		end, at := atomic.LoadUintptr(place(r.producer)), atomic.LoadUintptr(place(r.consumer))
		for at != end {
			record, step, state, err := r.data.record(uint64(at), uint64(end-at))
			if err != nil {
				yield(nil, fmt.Errorf("ring buffer: %w", err))
				return
			}
			if state == busy {
				return
			}
			more := state == discarded || yield(record, nil)
			at += uintptr(step)
			atomic.StoreUintptr(place(r.consumer), at) // programs may write there again
			if !more {
				return
			}
		}
	}
}

// place returns the address of the position at the start of a page, an unsigned
// long that the kernel has as well: it is read and written at once, by package
// atomic.
func place(page []byte) *uintptr { return (*uintptr)(unsafe.Pointer(&page[0])) }

// ringData is the memory of a ring buffer: its records, twice. Its half is a power
// of two. Positions in it count bytes since the ring buffer was made.
type ringData []byte

// A state says whether a record is one.
type state int

const (
	complete state = iota
	busy           // a program is about to write it
	discarded
)

// ringHeaderLen is the size of struct bpf_ringbuf_hdr, in bytes: the length of the
// record, and where it is. Records start at multiples of it.
const ringHeaderLen = 8

// Bits of the length of a record: BPF_RINGBUF_BUSY_BIT and
// BPF_RINGBUF_DISCARD_BIT of include/uapi/linux/bpf.h.
const (
	busyBit    = 1 << 31
	discardBit = 1 << 30
)

// record returns the record at a position, if a program has completed it, and how
// many bytes it takes up. The kernel has given out waiting bytes from there on.
func (d ringData) record(at, waiting uint64) (record []byte, step uint64, state state, err error) {
	size := uint64(len(d) / 2)
	if waiting > size || waiting < ringHeaderLen {
		return nil, 0, 0, fmt.Errorf("%d bytes to read of %d", waiting, size)
	}
	start := at & (size - 1)
	length := d.header(start)
	if length&busyBit != 0 {
		return nil, 0, busy, nil
	}
	n := uint64(length &^ discardBit)
	step = (ringHeaderLen + n + ringHeaderLen - 1) &^ (ringHeaderLen - 1)
	if step > waiting {
		return nil, 0, 0, fmt.Errorf("record of %d bytes, where there are %d to read", n, waiting)
	}
	if length&discardBit != 0 {
		return nil, step, discarded, nil
	}
	return d[start+ringHeaderLen:][:n], step, complete, nil
}

// header reads the length of a record with its bits. What a program wrote before
// it took away the busy bit can be read afterwards.
func (d ringData) header(at uint64) uint32 {
	if at%4 != 0 { // no kernel puts one there
		return binary.NativeEndian.Uint32(d[at:])
	}
	return atomic.LoadUint32((*uint32)(unsafe.Pointer(&d[at])))
}
