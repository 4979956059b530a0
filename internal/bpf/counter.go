package bpf

import (
	"errors"

	"golang.org/x/sys/unix"
)

// A Counter says what is counted, as perf_event_open(2) has it.
type Counter struct {
	Source uint32 // the type of events, such as [unix.PERF_TYPE_HARDWARE]
	Config uint64 // which of its events
}

// OpenCounter makes an event that counts from now on what happens within the kernel on a CPU, whatever runs there. It belongs to
// the caller.
//
// The error is [unix.ENODEV] if the CPU does not run, [unix.ENOENT] or [unix.EOPNOTSUPP] if nothing here counts such events,
// and [unix.EACCES] if the caller may not.
func OpenCounter(c Counter, cpu int) (FD, error) {
	attr := unix.PerfEventAttr{Type: c.Source, Config: c.Config, Size: unix.PERF_ATTR_SIZE_VER5, Bits: unix.PerfBitExcludeUser}
	fd, err := unix.PerfEventOpen(&attr, -1, cpu, -1, unix.PERF_FLAG_FD_CLOEXEC)
	var errno unix.Errno
	if errors.As(err, &errno) {
		return 0, Errno(errno)
	}
	return FD(fd), nil
}
