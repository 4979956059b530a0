package bpf

import "unsafe"

// A Stream is one of the two that each program has, enum bpf_stream_id.
type Stream uint32

// The streams.
const (
	Stdout Stream = 1
	Stderr Stream = 2
)

// ReadStream takes out of a stream of a program what fits into b, and returns how many bytes that
// are: 0 if there is nothing in it.
//
// The error is [unix.EINVAL] before Linux 6.17.
//
// Source: prog_stream_read in kernel/bpf/syscall.c.
func ReadStream(f FD, s Stream, b []byte) (int, error) {
	attr := struct {
		buf           pointer
		len, id, prog uint32
		_             uint32
	}{buf: buffer(b), len: uint32(len(b)), id: uint32(s), prog: uint32(f)}
	return call(progStreamReadByFD, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
}
