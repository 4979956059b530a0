package bpf

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// rawTracepointAttr is what BPF_RAW_TRACEPOINT_OPEN reads.
//
// Source: the part of union bpf_attr for it, include/uapi/linux/bpf.h.
type rawTracepointAttr struct {
	name    pointer
	prog, _ uint32
	cookie  uint64
}

// OpenRawTracepoint attaches a program to a tracepoint, or with no name to what it was loaded for, as
// kernels do that have no links for it. The link belongs to the caller; before Linux 5.7 it cannot
// be pinned.
//
// The error is [unix.ENOENT] if there is no such tracepoint.
func OpenRawTracepoint(prog FD, name string) (FD, error) {
	attr := rawTracepointAttr{prog: uint32(prog)}
	if name != "" {
		text, err := unix.ByteSliceFromString(name)
		if err != nil {
			return 0, Errno(unix.EINVAL)
		}
		attr.name = buffer(text)
	}
	fd, err := slowCall(rawTracepointOpen, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	return FD(fd), err
}
