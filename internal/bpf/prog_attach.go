package bpf

import "unsafe"

// AttachProg attaches a program to a target in the way of an attach type. A target is the descriptor of a map of sockets,
// or 0 for what belongs to this process' network namespace, such as its flow dissector.
//
// It stays attached when the descriptors are closed, as long as there is the target.
//
// Source: bpf_prog_attach in kernel/bpf/syscall.c.
func AttachProg(prog, target FD, attachType uint32) error {
	return changeAttached(progAttach, prog, target, attachType)
}

// DetachProg undoes [AttachProg].
//
// The error is [unix.ENOENT] if this very program is not attached.
func DetachProg(prog, target FD, attachType uint32) error {
	return changeAttached(progDetach, prog, target, attachType)
}

func changeAttached(c cmd, prog, target FD, attachType uint32) error {
	attr := struct{ target, prog, attachType, flags uint32 }{uint32(target), uint32(prog), attachType, 0}
	_, err := call(c, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	return err
}
