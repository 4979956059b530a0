//go:build amd64 || arm64 || loong64 || mips64 || mips64le || ppc64 || ppc64le || riscv64 || s390x

package bpf

import "unsafe"

// pointer is the __aligned_u64 that bpf(2) has for addresses.
type pointer struct{ p unsafe.Pointer }
