package bpf

import "unsafe"

// DetachLink detaches the program of a link from its target. The link stays.
//
// The error is [unix.EOPNOTSUPP] if links of its type cannot be detached. For a link that is detached
// already, it depends on the type whether that is an error.
//
// Source: link_detach in kernel/bpf/syscall.c.
func DetachLink(f FD) error {
	attr := struct{ fd uint32 }{uint32(f)}
	_, err := call(linkDetach, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	return err
}
