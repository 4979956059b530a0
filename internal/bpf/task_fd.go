package bpf

import (
	"errors"
	"unsafe"

	"golang.org/x/sys/unix"
)

// An Event is what a descriptor of a process stands for, and the program that is
// attached to it.
type Event struct {
	ProgID uint32
	Type   EventType
	Name   string // tracepoint, function of the kernel, or file
	Offset uint64 // bytes from the start of the function or file
	Addr   uint64 // of a probe in the kernel that has no name, or 0
}

// EventType is enum bpf_task_fd_type.
type EventType uint32

// The types.
const (
	EventRawTracepoint EventType = iota
	EventTracepoint
	EventKprobe
	EventKretprobe
	EventUprobe
	EventUretprobe
)

// taskFDAttr is the part of union bpf_attr for BPF_TASK_FD_QUERY.
//
// Source: struct task_fd_query, include/uapi/linux/bpf.h.
type taskFDAttr struct {
	pid, fd, flags, nameLen uint32
	name                    pointer
	progID, typ             uint32
	offset, addr            uint64
}

// ReadEvent asks about a descriptor of a process: a perf event, or a link to a raw
// tracepoint.
//
// The error is [unix.ENOENT] if there is no such descriptor or no program at it, and
// [unix.EOPNOTSUPP] if there is a program of the type perf_event, or one of which the
// kernel does not tell.
func ReadEvent(pid, fd int) (Event, error) {
	name := make([]byte, maxName)
	attr := taskFDAttr{pid: uint32(pid), fd: uint32(fd), name: buffer(name), nameLen: maxName}
	_, err := call(taskFDQuery, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	if errors.Is(err, unix.ENOSPC) {
		err = nil // the name is cut
	}
	return Event{ProgID: attr.progID, Type: EventType(attr.typ), Name: cString(name), Offset: attr.offset, Addr: attr.addr}, err
}
