package attach

import (
	"debug/elf"
	"errors"
	"runtime"

	"golang.org/x/sys/unix"
)

// uprobeSyscall is the number of the system call by which x86-64 kernels run programs at long no-operations.
const uprobeSyscall = 336

// fastProbes reports whether a probe at a no-operation of ten bytes is faster than at one of a single byte. New
// tracepoints have both, one behind the other: older kernels are given the first one, which they need not run
// elsewhere. Those that can do better return this error number to whoever calls them out of turn.
//
// Source: what the reference asks kernels for, and what it reads at tracepoints.
func fastProbes() bool {
	if runtime.GOARCH != "amd64" {
		return false
	}
	_, _, errno := unix.RawSyscall(uprobeSyscall, 0, 0, 0)
	return errors.Is(errno, unix.EPROTO)
}

// longNop are these two no-operations of x86-64.
const longNop = "\x90\x66\x2e\x0f\x1f\x84\x00\x00\x00\x00\x00"

// hasLongNop reports whether they are at an offset in the file.
func (m *image) hasLongNop(offset uint64) bool {
	var b [len(longNop)]byte
	n, err := m.file.ReadAt(b[:], int64(offset))
	return m.elf.Machine == elf.EM_X86_64 && n == len(b) && err == nil && string(b[:]) == longNop
}
