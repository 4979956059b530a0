package attach

import (
	"debug/elf"
	"errors"
	"runtime"

	"golang.org/x/sys/unix"
)

// uprobeSyscall is the number of the system call by which x86-64 kernels run programs at a no-operation of
// five bytes: since Linux 6.18.
const uprobeSyscall = 336

// fastProbes reports whether a probe at a no-operation of five bytes is faster than at one of a single byte. Newer
// tracepoints have both, one behind the other, so that older kernels have the first one, which they need not run
// elsewhere. Kernels with the error number here can be trusted with that.
//
// Source: what the reference asks for.
func fastProbes() bool {
	if runtime.GOARCH != "amd64" {
		return false
	}
	_, _, errno := unix.RawSyscall(uprobeSyscall, 0, 0, 0)
	return errors.Is(errno, unix.EPROTO)
}

// hasLongNop reports whether there are these two no-operations at an offset in the file.
func (m *image) hasLongNop(offset uint64) bool {
	var b [6]byte
	n, err := m.file.ReadAt(b[:], int64(offset))
	return m.elf.Machine == elf.EM_X86_64 && n == len(b) && err == nil && string(b[:]) == "\x90\x0f\x1f\x44\x00\x00"
}
