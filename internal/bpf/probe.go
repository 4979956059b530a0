package bpf

import (
	"errors"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Probe is where programs may be run: a place in a function of the kernel, or in a file.
type Probe struct {
	Source uint32 // the type of events that makes such probes, see perf_event_open(2)
	Return uint64 // the bit that means the end of a function, or 0
	Name   string // of the function, or of the file
	Offset uint64 // in it, in bytes
	RefCtr uint32 // offset of a semaphore in the file, or 0
}

// refCtrShift is where the configuration of a uprobe has the offset of its semaphore.
//
// Source: /sys/bus/event_source/devices/uprobe/format/ref_ctr_offset.
const refCtrShift = 32

// OpenProbe makes an event of a probe, for all processes. It belongs to the caller.
func OpenProbe(p Probe) (FD, error) {
	name, err := unix.ByteSliceFromString(p.Name)
	if err != nil {
		return 0, Errno(unix.EINVAL)
	}
	var pins runtime.Pinner
	defer pins.Unpin()
	pins.Pin(&name[0]) // the address is a number in what the kernel reads
	return openEvent(&unix.PerfEventAttr{
		Type: p.Source, Config: p.Return | uint64(p.RefCtr)<<refCtrShift,
		Ext1: uint64(uintptr(unsafe.Pointer(&name[0]))), Ext2: p.Offset,
	})
}

// OpenTracepoint makes an event of a tracepoint, by its number, for all processes. It belongs to
// the caller.
func OpenTracepoint(id uint64) (FD, error) {
	return openEvent(&unix.PerfEventAttr{Type: unix.PERF_TYPE_TRACEPOINT, Config: id})
}

// openEvent makes an event of all processes. That it is said to be of the first CPU does not matter
// to programs at tracepoints and probes: they run on all.
func openEvent(attr *unix.PerfEventAttr) (FD, error) {
	attr.Size = unix.PERF_ATTR_SIZE_VER5
	fd, err := unix.PerfEventOpen(attr, -1, 0, -1, unix.PERF_FLAG_FD_CLOEXEC)
	var errno unix.Errno
	if errors.As(err, &errno) {
		return 0, Errno(errno)
	}
	return FD(fd), nil
}

// SetEventProg attaches a program to an event for as long as the event is there, as kernels do that have no
// links to events.
func SetEventProg(event, prog FD) error {
	return eventControl(event, unix.PERF_EVENT_IOC_SET_BPF, int(prog))
}

// EnableEvent starts an event.
func EnableEvent(event FD) error { return eventControl(event, unix.PERF_EVENT_IOC_ENABLE, 0) }

func eventControl(event FD, request uint, value int) error {
	var errno unix.Errno
	if errors.As(unix.IoctlSetInt(int(event), request, value), &errno) {
		return Errno(errno)
	}
	return nil
}
