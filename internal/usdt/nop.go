package usdt

import (
	"debug/elf"
	"errors"
	"runtime"
	"syscall"
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
	_, _, errno := syscall.RawSyscall(uprobeSyscall, 0, 0, 0)
	return errors.Is(errno, syscall.EPROTO)
}

// longNop are these two no-operations of x86-64.
const longNop = "\x90\x66\x2e\x0f\x1f\x84\x00\x00\x00\x00\x00"

// hasLongNop reports whether they are at an address in an image.
func hasLongNop(f *elf.File, addr uint64) bool {
	p := segmentAt(f, addr, elf.PF_X)
	if p == nil || f.Machine != elf.EM_X86_64 {
		return false
	}
	var b [len(longNop)]byte
	n, err := p.ReadAt(b[:], int64(addr-p.Vaddr))
	return n == len(b) && err == nil && string(b[:]) == longNop
}
