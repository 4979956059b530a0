package bpf

import (
	"unsafe"
)

// multiReturn is BPF_F_KPROBE_MULTI_RETURN and BPF_F_UPROBE_MULTI_RETURN.
const multiReturn = 1

// A KprobeMultiLink is an attachment to many functions of the kernel.
type KprobeMultiLink struct {
	Return  bool     // to their ends
	Missed  uint64   // times that a probe was missed
	Addrs   []uint64 // where the probes are; zeros if that may not be seen
	Cookies []uint64 // one for each address
}

func readKprobeMulti(f FD) (*KprobeMultiLink, error) {
	type kprobeMulti struct {
		linkHead
		addrs        pointer
		count, flags uint32
		missed       uint64
		cookies      pointer
		_            [16]byte
	}
	var info kprobeMulti
	if err := readInfo(f, unsafe.Pointer(&info), unsafe.Sizeof(info)); err != nil {
		return nil, err
	}
	k := &KprobeMultiLink{Return: info.flags&multiReturn != 0, Missed: info.missed}
	if info.count == 0 {
		return k, nil
	}
	k.Addrs = make([]uint64, info.count)
	k.Cookies = make([]uint64, info.count)
	again := kprobeMulti{addrs: buffer(k.Addrs), count: info.count, cookies: buffer(k.Cookies)}
	return k, readInfo(f, unsafe.Pointer(&again), unsafe.Sizeof(again))
}

// A UprobeMultiLink is an attachment to many places of one file.
type UprobeMultiLink struct {
	Return  bool   // to the ends of functions
	Path    string // of the file
	PID     uint32 // only in this process, or 0
	Offsets []uint64
	RefCtrs []uint64 // offsets of the semaphores, one for each place, or 0
	Cookies []uint64 // one for each place
}

func readUprobeMulti(f FD) (*UprobeMultiLink, error) {
	type uprobeMulti struct {
		linkHead
		path, offsets, refCtrs, cookies pointer
		pathSize, count, flags, pid     uint32
	}
	// Linux 6.6 has such links, and tells nothing about them: its struct is too
	// short for a path, and one that it is given fails with E2BIG. So the first
	// question has only zeros.
	var info uprobeMulti
	if err := readInfo(f, unsafe.Pointer(&info), unsafe.Sizeof(info)); err != nil {
		return nil, err
	}
	u := &UprobeMultiLink{Return: info.flags&multiReturn != 0, PID: info.pid}
	if info.count == 0 {
		return u, nil
	}
	path := make([]byte, maxName)
	u.Offsets = make([]uint64, info.count)
	u.RefCtrs = make([]uint64, info.count)
	u.Cookies = make([]uint64, info.count)
	again := uprobeMulti{
		offsets: buffer(u.Offsets), refCtrs: buffer(u.RefCtrs), cookies: buffer(u.Cookies),
		path: buffer(path), pathSize: maxName, count: info.count,
	}
	err := readInfo(f, unsafe.Pointer(&again), unsafe.Sizeof(again))
	u.Path = cString(path)
	return u, err
}

// A TracingMultiLink is an attachment to many functions of the kernel or of one
// module, by their BTF IDs.
type TracingMultiLink struct {
	AttachType uint32
	BTFObjID   uint32   // of the BTF object that has the functions
	IDs        []uint32 // of the functions there
	Addrs      []uint64 // one for each ID; zeros if that may not be seen
	Cookies    []uint64 // one for each ID
}

func readTracingMulti(f FD) (*TracingMultiLink, error) {
	type tracingMulti struct {
		linkHead
		attachType, count, btfObjID, _ uint32
		ids, addrs, cookies            pointer
	}
	var info tracingMulti
	if err := readInfo(f, unsafe.Pointer(&info), unsafe.Sizeof(info)); err != nil {
		return nil, err
	}
	t := &TracingMultiLink{AttachType: info.attachType, BTFObjID: info.btfObjID}
	if info.count == 0 {
		return t, nil
	}
	t.IDs = make([]uint32, info.count)
	t.Addrs = make([]uint64, info.count)
	t.Cookies = make([]uint64, info.count)
	again := tracingMulti{count: info.count, ids: buffer(t.IDs), addrs: buffer(t.Addrs), cookies: buffer(t.Cookies)}
	return t, readInfo(f, unsafe.Pointer(&again), unsafe.Sizeof(again))
}
