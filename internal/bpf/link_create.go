package bpf

import (
	"errors"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Numbers of enum bpf_attach_type that the functions here know by themselves.
const attachPerfEvent = 41

// linkCreateHead is how all that BPF_LINK_CREATE reads starts.
//
// Source: the part of union bpf_attr for it, include/uapi/linux/bpf.h.
type linkCreateHead struct{ prog, target, attach, flags uint32 }

// linkEventAttr is what BPF_LINK_CREATE reads for perf events.
type linkEventAttr struct {
	linkCreateHead
	cookie uint64
}

// linkKprobesAttr is what it reads for many functions of the kernel.
type linkKprobesAttr struct {
	linkCreateHead
	flags, count          uint32
	names, addrs, cookies pointer
}

// linkUprobesAttr is what it reads for many places of one file.
type linkUprobesAttr struct {
	linkCreateHead
	path, offsets, refCtrs, cookies pointer
	count, flags, pid, _            uint32
}

// linkFuncsAttr is what it reads for many functions that BTF names.
type linkFuncsAttr struct {
	linkCreateHead
	ids, cookies pointer
	count, _     uint32
}

// createLink makes a link, which belongs to the caller. Attaching may wait for what runs on
// other CPUs.
func createLink(attr unsafe.Pointer, size uintptr) (FD, error) {
	fd, err := slowCall(linkCreate, attr, size)
	return FD(fd), err
}

// CreateLink attaches a program to what it was loaded for, or for all objects that an iterator
// goes over. The link belongs to the caller.
//
// The error is [unix.EINVAL] on kernels that have no links for the program's type.
func CreateLink(prog FD, attach uint32) (FD, error) {
	attr := linkEventAttr{linkCreateHead: linkCreateHead{prog: uint32(prog), attach: attach}}
	return createLink(unsafe.Pointer(&attr), unsafe.Sizeof(attr))
}

// CreateEventLink attaches a program to a perf event, which the link keeps. It belongs to the
// caller.
//
// The error is [unix.EINVAL] on kernels without such links; see [HasEventLinks] and [SetEventProg].
func CreateEventLink(prog, event FD, cookie uint64) (FD, error) {
	attr := linkEventAttr{linkCreateHead{prog: uint32(prog), target: uint32(event), attach: attachPerfEvent}, cookie}
	return createLink(unsafe.Pointer(&attr), unsafe.Sizeof(attr))
}

// HasEventLinks reports whether the kernel has links to perf events, and so cookies: since Linux 5.15. It asks for
// a link of a program for events to nothing, of which older kernels mind the attach type.
func HasEventLinks(prog FD) bool {
	_, err := CreateEventLink(prog, -1, 0)
	return errors.Is(err, unix.EBADF)
}

// Kprobes says which functions of the kernel a program is attached to: those with names, or those
// at addresses.
type Kprobes struct {
	Attach uint32 // enum bpf_attach_type: of many kprobes, or of sessions
	Return bool   // to their ends
	Names  []string
	Addrs  []uintptr
}

// CreateKprobesLink attaches a program to functions of the kernel. The link belongs to the caller.
func CreateKprobesLink(prog FD, k Kprobes) (FD, error) {
	names := make([]unsafe.Pointer, len(k.Names))
	for i, name := range k.Names {
		text, err := unix.BytePtrFromString(name)
		if err != nil {
			return 0, Errno(unix.EINVAL)
		}
		names[i] = unsafe.Pointer(text)
	}
	attr := linkKprobesAttr{
		linkCreateHead: linkCreateHead{prog: uint32(prog), attach: k.Attach},
		flags:          returnFlag(k.Return), count: uint32(max(len(k.Names), len(k.Addrs))),
	}
	if len(names) > 0 {
		attr.names = buffer(names)
	} else {
		attr.addrs = buffer(k.Addrs)
	}
	return createLink(unsafe.Pointer(&attr), unsafe.Sizeof(attr))
}

// Uprobes says which places of a file a program is attached to.
type Uprobes struct {
	Attach  uint32 // enum bpf_attach_type: of many uprobes, or of sessions
	Return  bool   // to the ends of functions
	Path    string
	PID     uint32    // only in this process, or 0
	Offsets []uintptr // in the file, in bytes
	RefCtrs []uintptr // offsets of their semaphores, or 0; nil if there are none
	Cookies []uint64  // nil for zeroes
}

// CreateUprobesLink attaches a program to places of a file. The link belongs to the caller.
func CreateUprobesLink(prog FD, u Uprobes) (FD, error) {
	path, err := unix.ByteSliceFromString(u.Path)
	if err != nil {
		return 0, Errno(unix.EINVAL)
	}
	attr := linkUprobesAttr{
		linkCreateHead: linkCreateHead{prog: uint32(prog), attach: u.Attach},
		path:           buffer(path), offsets: buffer(u.Offsets), refCtrs: buffer(u.RefCtrs), cookies: buffer(u.Cookies),
		count: uint32(len(u.Offsets)), flags: returnFlag(u.Return), pid: u.PID,
	}
	return createLink(unsafe.Pointer(&attr), unsafe.Sizeof(attr))
}

// CreateFuncsLink attaches a program to functions of the kernel, by their IDs in its types. The link
// belongs to the caller.
func CreateFuncsLink(prog FD, attach uint32, ids []uint32) (FD, error) {
	attr := linkFuncsAttr{
		linkCreateHead: linkCreateHead{prog: uint32(prog), attach: attach},
		ids:            buffer(ids), count: uint32(len(ids)),
	}
	return createLink(unsafe.Pointer(&attr), unsafe.Sizeof(attr))
}

func returnFlag(onReturn bool) uint32 {
	if onReturn {
		return multiReturn
	}
	return 0
}
