// Package bpf issues the bpf(2) commands that the tool needs.
//
// It is the only package that speaks bpf(2). Each function issues the one command
// that it is named after: none loads a probe, creates an object that was not asked
// for or asks for a token, so that commands that only read change nothing. The one
// exception is [TakenSlots], for a command that changes things.
package bpf

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/names"
)

// cmd is enum bpf_cmd of include/uapi/linux/bpf.h.
type cmd uintptr

const (
	mapCreate               cmd = 0
	mapLookupElem           cmd = 1
	mapUpdateElem           cmd = 2
	mapDeleteElem           cmd = 3
	mapGetNextKey           cmd = 4
	progLoad                cmd = 5
	objPin                  cmd = 6
	objGet                  cmd = 7
	progAttach              cmd = 8
	progDetach              cmd = 9
	progTestRun             cmd = 10
	progGetNextID           cmd = 11
	mapGetNextID            cmd = 12
	progGetFDByID           cmd = 13
	mapGetFDByID            cmd = 14
	objGetInfoByFD          cmd = 15
	progQuery               cmd = 16
	rawTracepointOpen       cmd = 17
	btfLoad                 cmd = 18
	btfGetFDByID            cmd = 19
	taskFDQuery             cmd = 20
	mapLookupAndDeleteElem  cmd = 21
	mapFreeze               cmd = 22
	btfGetNextID            cmd = 23
	mapLookupBatch          cmd = 24
	mapLookupAndDeleteBatch cmd = 25
	mapUpdateBatch          cmd = 26
	mapDeleteBatch          cmd = 27
	linkCreate              cmd = 28
	linkGetFDByID           cmd = 30
	linkGetNextID           cmd = 31
	linkDetach              cmd = 34
	progBindMap             cmd = 35
	tokenCreate             cmd = 36
	progStreamReadByFD      cmd = 37
)

// Errno is an error number of bpf(2), in the words of strerror(3).
//
// errors.Is compares it with [unix.Errno] values and with the errors of
// package io/fs that these stand for.
type Errno unix.Errno

func (e Errno) Error() string { return names.Strerror(unix.Errno(e)) }

// Unwrap returns the plain error number.
func (e Errno) Unwrap() error { return unix.Errno(e) }

// FD is a file descriptor of a BPF object. It belongs to whoever opened it.
type FD int

// Close releases the descriptor.
func (f FD) Close() { unix.Close(int(f)) }

// call issues a bpf(2) command. attr must point to a struct laid
// out as the member of union bpf_attr that c reads, size bytes long.
//
// The runtime is not told of the system call: it is short, there are thousands
// of them in a listing, and giving up the processor for each takes longer.
func call(c cmd, attr unsafe.Pointer, size uintptr) (int, error) {
	for {
		r, _, errno := unix.RawSyscall(unix.SYS_BPF, uintptr(c), uintptr(attr), size)
		switch errno {
		case 0:
			return int(r), nil
		case unix.EINTR, unix.EAGAIN:
			continue
		default:
			return 0, Errno(errno)
		}
	}
}

// slowCall is call for what may take long, such as the verifier's work: other goroutines go on.
//
// The runtime sends signals to threads that do not let go of their processor, and the verifier
// starts again when there is one: the runtime must be told.
func slowCall(c cmd, attr unsafe.Pointer, size uintptr) (int, error) {
	for {
		r, _, errno := unix.Syscall(unix.SYS_BPF, uintptr(c), uintptr(attr), size)
		switch errno {
		case 0:
			return int(r), nil
		case unix.EINTR, unix.EAGAIN:
			continue
		default:
			return 0, Errno(errno)
		}
	}
}

// readInfo fills info, which must point to a struct laid out as the kernel's
// description of the object behind f, size bytes long.
func readInfo(f FD, info unsafe.Pointer, size uintptr) error {
	attr := struct {
		fd, len uint32
		info    pointer
	}{uint32(f), uint32(size), pointer{p: info}}
	_, err := call(objGetInfoByFD, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	return err
}

// buffer is the address of the first element of s, as bpf(2) wants it.
//
// It stays a pointer to the runtime, which may move what s is made of until
// the very moment of the system call.
func buffer[T any](s []T) pointer {
	return pointer{p: unsafe.Pointer(unsafe.SliceData(s))}
}
