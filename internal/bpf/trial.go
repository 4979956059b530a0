package bpf

import "unsafe"

// A LinkTrial is what a link would be made of. It is for those who want to know whether the kernel has such links,
// and ask for one to a target that does not exist.
type LinkTrial struct {
	Prog   FD
	Target uint32 // a descriptor, or the index of a network device
	Attach uint32 // enum bpf_attach_type
	Flags  uint32

	Rest [11]uint32 // what follows in union bpf_attr for the type of links
}

// TryLink asks for a link, and lets go of it if there is one.
//
// The error is mostly [unix.EINVAL] if the kernel has no such links, else about the target.
func TryLink(t LinkTrial) error {
	attr := linkTrialAttr{linkCreateHead{uint32(t.Prog), t.Target, t.Attach, t.Flags}, t.Rest, 0}
	fd, err := createLink(unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	if err == nil {
		fd.Close()
	}
	return err
}

// linkTrialAttr is what BPF_LINK_CREATE reads for any type of links.
type linkTrialAttr struct {
	linkCreateHead
	rest [11]uint32
	_    uint32
}

// A BatchOp is what is done with many elements of a map at once.
type BatchOp cmd

// The operations.
const (
	LookupBatch          = BatchOp(mapLookupBatch)
	LookupAndDeleteBatch = BatchOp(mapLookupAndDeleteBatch)
	UpdateManyBatch      = BatchOp(mapUpdateBatch)
	DeleteBatch          = BatchOp(mapDeleteBatch)
)

// TryBatch does something with no element of a map.
//
// The error is ENOTSUPP (524) if the kernel cannot do it for this type of map, and [unix.EINVAL] if it cannot at
// all: before Linux 5.6.
func TryBatch(f FD, op BatchOp) error {
	attr := batchAttr{fd: uint32(f)}
	_, err := attr.call(cmd(op))
	return err
}

// TryPathFD opens what is pinned at a path that cannot be read, below a directory that is open.
//
// The error is [unix.EINVAL] if the kernel does not know BPF_F_PATH_FD: before Linux 6.5.
func TryPathFD() error {
	attr := struct {
		path      uint64
		fd, flags uint32
	}{path: nowhere, flags: pathFlag}
	fd, err := call(objGet, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	if err == nil {
		FD(fd).Close()
	}
	return err
}

// nowhere is an address where nothing is, and pathFlag BPF_F_PATH_FD.
const (
	nowhere  = 1<<64 - 1
	pathFlag = 1 << 14
)
