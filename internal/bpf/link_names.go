package bpf

import (
	"unsafe"
)

// A RawTracepointLink is an attachment to a raw tracepoint.
type RawTracepointLink struct {
	Name   string
	Cookie uint64
}

func readRawTracepoint(f FD) (*RawTracepointLink, error) {
	name := make([]byte, maxName)
	info := struct {
		linkHead
		name       pointer
		nameLen, _ uint32
		cookie     uint64
		_          [24]byte
	}{name: buffer(name), nameLen: maxName}
	if err := readInfo(f, unsafe.Pointer(&info), unsafe.Sizeof(info)); err != nil {
		return nil, err
	}
	return &RawTracepointLink{Name: cString(name), Cookie: info.cookie}, nil
}

// An IterLink is an iterator over objects of the kernel. Which of the numbers
// means something depends on the target.
type IterLink struct {
	Target   string // what is iterated, such as "task"
	MapID    uint32 // of bpf_map_elem and bpf_sk_storage_map
	CgroupID uint64 // of cgroup
	Order    uint32 // of cgroup: enum bpf_cgroup_iter_order
	TID      uint32 // of task, task_file and task_vma, or 0
	PID      uint32 // likewise
}

func readIter(f FD) (*IterLink, error) {
	name := make([]byte, maxName)
	info := struct {
		linkHead
		name    pointer
		nameLen uint32
		mapID   uint32
		task    struct{ tid, pid uint32 } // or the lower half of cgroup_id
		order   uint32
		_       [20]byte
	}{name: buffer(name), nameLen: maxName}
	if err := readInfo(f, unsafe.Pointer(&info), unsafe.Sizeof(info)); err != nil {
		return nil, err
	}
	return &IterLink{
		Target:   cString(name),
		MapID:    info.mapID,
		CgroupID: *(*uint64)(unsafe.Pointer(&info.task)), // a union, aligned to 8 bytes
		Order:    info.order,
		TID:      info.task.tid,
		PID:      info.task.pid,
	}, nil
}

// PerfEventType is enum bpf_perf_event_type.
type PerfEventType uint32

// What a perf event link is attached to.
const (
	PerfUprobe     PerfEventType = 1
	PerfUretprobe  PerfEventType = 2
	PerfKprobe     PerfEventType = 3
	PerfKretprobe  PerfEventType = 4
	PerfTracepoint PerfEventType = 5
	PerfEvent      PerfEventType = 6
)

// A PerfEventLink is an attachment to a perf event: a probe, a tracepoint or a
// counter.
type PerfEventLink struct {
	Type   PerfEventType // 0 before Linux 6.6, and then nothing else is set
	Name   string        // file of a uprobe, function of a kprobe, tracepoint
	Offset uint32        // bytes from the start of file or function
	Addr   uint64        // of a kprobe, 0 if it may not be seen
	Missed uint64        // times that a kprobe was missed
	RefCtr uint64        // of a uprobe: offset of its semaphore
	Event  uint32        // of an event: enum perf_type_id
	Config uint64        // of an event: what it counts
	Cookie uint64

	// HasCookie reports whether the kernel tells the cookie: since Linux 6.9. No
	// field of its answer says whether it does, so its version must.
	HasCookie bool
}

// perfHead is what all kinds of perf events share in struct bpf_link_info.
type perfHead struct {
	linkHead
	typ PerfEventType
	_   uint32
}

// perfNamed is the description of a perf event with a name.
type perfNamed struct {
	perfHead
	name            pointer
	nameLen, offset uint32
	words           [3]uint64 // by kind
}

func readPerfEvent(f FD, raw *anyLink) (*PerfEventLink, error) {
	p := &PerfEventLink{Type: (*perfHead)(unsafe.Pointer(raw)).typ}
	defer func() { p.HasCookie = p.Type != 0 && (p.Cookie != 0 || kernelAtLeast(6, 9)) }()
	switch p.Type {
	case 0:
		return p, nil
	case PerfEvent:
		e := (*struct {
			perfHead
			config uint64
			typ, _ uint32
			cookie uint64
		})(unsafe.Pointer(raw))
		p.Config, p.Event, p.Cookie = e.config, e.typ, e.cookie
		return p, nil
	}
	name := make([]byte, maxName)
	info := perfNamed{name: buffer(name), nameLen: maxName}
	if err := readInfo(f, unsafe.Pointer(&info), unsafe.Sizeof(info)); err != nil {
		return nil, err
	}
	p.Name = cString(name)
	switch p.Type {
	case PerfUprobe, PerfUretprobe:
		p.Offset, p.Cookie, p.RefCtr = info.offset, info.words[0], info.words[1]
	case PerfKprobe, PerfKretprobe:
		p.Offset, p.Addr, p.Missed, p.Cookie = info.offset, info.words[0], info.words[1], info.words[2]
	case PerfTracepoint:
		p.Cookie = info.words[0]
	}
	return p, nil
}
