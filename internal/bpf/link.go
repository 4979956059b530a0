package bpf

import (
	"errors"
	"unsafe"

	"golang.org/x/sys/unix"
)

// LinkInfo is what the kernel says of a link. Of the pointers, only the one
// that belongs to the link's type is set; none is for a type that is not known
// here or about which the kernel tells nothing more.
//
// Source: struct bpf_link_info of include/uapi/linux/bpf.h.
type LinkInfo struct {
	Type   uint32
	ID     uint32
	ProgID uint32 // 0 for struct_ops links

	RawTracepoint *RawTracepointLink
	Tracing       *TracingLink
	Cgroup        *CgroupLink
	Iter          *IterLink
	Netns         *NetnsLink
	XDP           *XDPLink
	StructOps     *StructOpsLink
	Netfilter     *NetfilterLink
	KprobeMulti   *KprobeMultiLink
	UprobeMulti   *UprobeMultiLink
	PerfEvent     *PerfEventLink
	Device        *DeviceLink // tcx and netkit
	Sockmap       *SockmapLink
	TracingMulti  *TracingMultiLink
}

// Numbers of enum bpf_link_type.
const (
	linkRawTracepoint = 1
	linkTracing       = 2
	linkCgroup        = 3
	linkIter          = 4
	linkNetns         = 5
	linkXDP           = 6
	linkPerfEvent     = 7
	linkKprobeMulti   = 8
	linkStructOps     = 9
	linkNetfilter     = 10
	linkTCX           = 11
	linkUprobeMulti   = 12
	linkNetkit        = 13
	linkSockmap       = 14
	linkTracingMulti  = 15
)

// linkHead is the part of struct bpf_link_info that all types share.
type linkHead struct{ typ, id, progID, _ uint32 }

// linkSize is the size of struct bpf_link_info, of which older kernels know
// only a part.
const linkSize = 64

// anyLink is struct bpf_link_info of a link whose type is not known yet.
type anyLink struct {
	_ [0]uint64 // aligned as the kernel's is
	linkHead
	rest [linkSize - unsafe.Sizeof(linkHead{})]byte
}

// ReadLinkInfo asks the kernel about the link behind f.
func ReadLinkInfo(f FD) (*LinkInfo, error) {
	var raw anyLink
	if err := readInfo(f, unsafe.Pointer(&raw), unsafe.Sizeof(raw)); err != nil {
		return nil, err
	}
	info := &LinkInfo{Type: raw.typ, ID: raw.id, ProgID: raw.progID}
	err := info.readDetails(f, &raw)
	if errors.Is(err, unix.ENAMETOOLONG) {
		err = nil // a path that no one can name: the rest is worth showing
	}
	return info, err
}

func (i *LinkInfo) readDetails(f FD, raw *anyLink) (err error) {
	switch i.Type {
	case linkRawTracepoint:
		i.RawTracepoint, err = readRawTracepoint(f)
	case linkTracing:
		i.Tracing = details[TracingLink](raw)
	case linkCgroup:
		i.Cgroup = details[CgroupLink](raw)
	case linkIter:
		i.Iter, err = readIter(f)
	case linkNetns:
		i.Netns = details[NetnsLink](raw)
	case linkXDP:
		i.XDP = details[XDPLink](raw)
	case linkPerfEvent:
		i.PerfEvent, err = readPerfEvent(f, raw)
	case linkKprobeMulti:
		i.KprobeMulti, err = readKprobeMulti(f)
	case linkStructOps:
		i.StructOps = details[StructOpsLink](raw)
	case linkNetfilter:
		i.Netfilter = details[NetfilterLink](raw)
	case linkTCX, linkNetkit:
		i.Device = details[DeviceLink](raw)
	case linkUprobeMulti:
		i.UprobeMulti, err = readUprobeMulti(f)
	case linkSockmap:
		i.Sockmap = details[SockmapLink](raw)
	case linkTracingMulti:
		i.TracingMulti, err = readTracingMulti(f)
	}
	return err
}

// details returns the part of raw that belongs to one type. T must be laid out
// as the member of the union in struct bpf_link_info, and hold no pointers.
func details[T any](raw *anyLink) *T {
	d := *(*T)(unsafe.Pointer(&raw.rest))
	return &d
}

// A TracingLink is an attachment to a function, by fentry, fexit, freplace or
// an LSM hook.
type TracingLink struct {
	AttachType  uint32
	TargetObjID uint32 // program for freplace, otherwise BTF object
	TargetBTFID uint32 // type of the function there
	_           uint32
	Cookie      uint64
}

// A CgroupLink is an attachment to a cgroup.
type CgroupLink struct {
	CgroupID   uint64 // 0 once detached
	AttachType uint32
}

// A NetnsLink is an attachment to a network namespace.
type NetnsLink struct {
	Ino        uint32 // inode number of the namespace
	AttachType uint32
}

// An XDPLink is an attachment to a network device.
type XDPLink struct {
	Ifindex uint32 // 0 once detached
}

// A DeviceLink is an attachment to one side of a network device.
type DeviceLink struct {
	Ifindex    uint32 // 0 once detached
	AttachType uint32
}

// A StructOpsLink is a set of kernel operations in force.
type StructOpsLink struct {
	MapID uint32
}

// A NetfilterLink is an attachment to a netfilter hook.
type NetfilterLink struct {
	PF       uint32 // NFPROTO_*
	Hook     uint32 // NF_INET_* or NF_ARP_*
	Priority int32
	Flags    uint32
}

// A SockmapLink is an attachment to a map of sockets.
type SockmapLink struct {
	MapID      uint32
	AttachType uint32
}

// maxName bounds the names and paths that the kernel writes: PATH_MAX.
const maxName = 4096
