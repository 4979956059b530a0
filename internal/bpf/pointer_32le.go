//go:build 386 || arm || mipsle

package bpf

import "unsafe"

// pointer is the __aligned_u64 that bpf(2) has for addresses: the address is
// the lower half.
type pointer struct {
	p unsafe.Pointer
	_ uint32
}
