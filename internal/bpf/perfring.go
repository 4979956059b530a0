package bpf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A PerfRing is where the kernel writes what programs on one CPU put out with
// bpf_perf_event_output, once its event is in a perf_event_array.
type PerfRing struct {
	CPU int

	event  FD
	memory []byte // a page for positions, then the records
	data   perfData
	noted  uint64 // samples that notes among the records say were lost
}

// perfPages is how many pages of records a ring has: as many as the reference's.
const perfPages = 16

// perfFormatLost is PERF_FORMAT_LOST, with which the kernel tells how many samples
// were lost even if there is no room for a note about it. It came with Linux 6.0.
const perfFormatLost = 1 << 4

// OpenPerfRing makes a ring for the output of programs on a CPU. Every record wakes
// who waits for it.
func OpenPerfRing(cpu int) (*PerfRing, error) {
	attr := unix.PerfEventAttr{
		Type:        unix.PERF_TYPE_SOFTWARE,
		Config:      unix.PERF_COUNT_SW_BPF_OUTPUT,
		Size:        unix.PERF_ATTR_SIZE_VER5,
		Sample:      1,
		Wakeup:      1,
		Sample_type: unix.PERF_SAMPLE_RAW | unix.PERF_SAMPLE_TIME,
		Read_format: perfFormatLost,
	}
	fd, err := unix.PerfEventOpen(&attr, -1, cpu, -1, unix.PERF_FLAG_FD_CLOEXEC)
	if errors.Is(err, unix.EINVAL) {
		attr.Read_format = 0
		fd, err = unix.PerfEventOpen(&attr, -1, cpu, -1, unix.PERF_FLAG_FD_CLOEXEC)
	}
	if err != nil {
		return nil, err
	}
	page := os.Getpagesize()
	memory, err := unix.Mmap(fd, 0, (1+perfPages)*page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	r := &PerfRing{CPU: cpu, event: FD(fd), memory: memory, data: perfData{ring: memory[page:]}}
	if err := unix.IoctlSetInt(fd, unix.PERF_EVENT_IOC_ENABLE, 0); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// Event returns the descriptor of the event. It stays the ring's own.
func (r *PerfRing) Event() FD { return r.event }

// Close takes the ring away from the kernel.
func (r *PerfRing) Close() {
	unix.Munmap(r.memory)
	r.event.Close()
}

// Records yields the records that are there when it begins, and makes room for
// others. Their data is valid for the moment only.
func (r *PerfRing) Records() iter.Seq2[PerfRecord, error] {
	return func(yield func(PerfRecord, error) bool) {
		head, at := atomic.LoadUint64(r.head()), atomic.LoadUint64(r.tail())
		for at != head {
			b, err := r.data.record(at, head)
			var record PerfRecord
			if err == nil {
				record, err = parsePerf(b)
			}
			if err != nil {
				yield(record, fmt.Errorf("ring of CPU %d: %w", r.CPU, err))
				return
			}
			r.noted += record.Lost
			more := yield(record, nil)
			at += uint64(len(b))
			atomic.StoreUint64(r.tail(), at) // the kernel may write there again
			if !more {
				return
			}
		}
	}
}

// head is how far the kernel has written: what is before it can be read once the
// position has been.
//
// Source: data_head of struct perf_event_mmap_page, which starts the ring.
func (r *PerfRing) head() *uint64 { return r.position(1024) }

// tail is how far the ring has been read.
//
// Source: data_tail of struct perf_event_mmap_page.
func (r *PerfRing) tail() *uint64 { return r.position(1032) }

// position returns the address of a number in the first page of the ring, which
// the kernel has as well: it is read and written at once, by package atomic.
func (r *PerfRing) position(at int) *uint64 { return (*uint64)(unsafe.Pointer(&r.memory[at])) }

// Noted returns how many samples were lost, as far as that was noted.
func (r *PerfRing) Noted() uint64 { return r.noted }

// LastNote returns the note about lost samples that the kernel has not written,
// since no other record followed, if there are any. It wants to be asked once, in
// the end. Kernels before Linux 6.0 do not know.
func (r *PerfRing) LastNote() (PerfRecord, bool) {
	var counts [16]byte // u64 value, lost
	n, err := unix.Read(int(r.event), counts[:])
	if err != nil || n < len(counts) {
		return PerfRecord{}, false
	}
	lost := binary.NativeEndian.Uint64(counts[8:])
	if lost <= r.noted {
		return PerfRecord{}, false
	}
	note := PerfRecord{Type: PerfLost, LostID: r.id(), Lost: lost - r.noted}
	r.noted = lost
	return note, true
}

// id returns the number that the kernel gave the event, or 0.
func (r *PerfRing) id() uint64 {
	var id uint64
	// The kernel writes a number of 64 bits at the address, which outlives the call.
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(r.event), unix.PERF_EVENT_IOC_ID, uintptr(unsafe.Pointer(&id)))
	if errno != 0 {
		return 0
	}
	return id
}
