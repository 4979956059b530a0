package bpf

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// RunSpec is what a program is run on.
//
// Source: the part of union bpf_attr for BPF_PROG_TEST_RUN, include/uapi/linux/bpf.h.
type RunSpec struct {
	Data    []byte // such as a packet; empty for none
	Context []byte // what the program's argument points to, in the kernel's form for users; empty for none
	Repeat  uint32 // how many times it runs; 0 is once, and all that some types of programs know

	// Room for what Data and Context have become, which is put there; empty if it is not wanted.
	DataOut, ContextOut []byte
}

// RunResult is what became of a program that was run.
type RunResult struct {
	Return   uint32
	Duration uint32 // nanoseconds of a run, on average; 0 for types of programs that are not measured

	// Bytes that Data and Context have become. They are more than there was room for
	// if the error is [unix.ENOSPC].
	DataSize, ContextSize uint32
}

// RunProg runs a program. For programs of the type syscall, what becomes of s.Context is written there.
//
// The error is [unix.EINVAL] if the type of the program does not take what s has, and 524 (ENOTSUPP) if
// programs of its type cannot be run. The program may have run some of the times all the same: it is not
// tried again.
func RunProg(f FD, s *RunSpec) (r RunResult, err error) {
	attr := &progRunAttr{
		fd: uint32(f), repeat: s.Repeat,
		dataSize: uint32(len(s.Data)), dataOutSize: uint32(len(s.DataOut)),
		contextSize: uint32(len(s.Context)), contextOutSize: uint32(len(s.ContextOut)),
		data: optional(s.Data), dataOut: optional(s.DataOut),
		context: optional(s.Context), contextOut: optional(s.ContextOut),
	}
	uninterrupted(func() {
		if _, _, errno := unix.Syscall(unix.SYS_BPF, uintptr(progTestRun), uintptr(unsafe.Pointer(attr)), unsafe.Sizeof(*attr)); errno != 0 {
			err = Errno(errno)
		}
	})
	return RunResult{Return: attr.retval, Duration: attr.duration, DataSize: attr.dataOutSize, ContextSize: attr.contextOutSize}, err
}

// progRunAttr is what BPF_PROG_TEST_RUN reads.
type progRunAttr struct {
	fd, retval                  uint32
	dataSize, dataOutSize       uint32
	data, dataOut               pointer
	repeat, duration            uint32
	contextSize, contextOutSize uint32
	context, contextOut         pointer
	flags, cpu                  uint32
	batch, _                    uint32
}

// optional is [buffer] for what may be empty, which the kernel wants without an address.
func optional(b []byte) pointer {
	if len(b) == 0 {
		return pointer{}
	}
	return buffer(b)
}

// uninterrupted calls f on a thread that no signal reaches but those that end or stop the
// process: a run ends at the first signal to its thread, though it be just that the terminal has another size.
func uninterrupted(f func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var all, old unix.Sigset_t
	for i := range all.Val {
		all.Val[i] = ^all.Val[i]
	}
	if err := unix.PthreadSigmask(unix.SIG_SETMASK, &all, &old); err == nil {
		defer func() { _ = unix.PthreadSigmask(unix.SIG_SETMASK, &old, nil) }()
	}
	f()
}
