package bpf

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ActiveModules returns the IDs LSM_ID_* of the active security modules, in the order in which they are asked.
// Since Linux 6.8, which needs neither rights nor a file system for that.
//
// Source: lsm_list_modules(2), Documentation/userspace-api/lsm.rst of the kernel.
func ActiveModules() ([]uint64, error) {
	ids := make([]uint64, 64)
	size := uint32(len(ids)) * uint32(unsafe.Sizeof(ids[0]))
	n, _, errno := unix.Syscall(unix.SYS_LSM_LIST_MODULES, uintptr(unsafe.Pointer(&ids[0])), uintptr(unsafe.Pointer(&size)), 0)
	runtime.KeepAlive(ids)
	if errno != 0 {
		return nil, Errno(errno)
	}
	return ids[:n], nil
}
