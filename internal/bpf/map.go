package bpf

import (
	"bytes"
	"unsafe"
)

// MapInfo is struct bpf_map_info of include/uapi/linux/bpf.h. A field that the
// kernel does not know stays zero.
type MapInfo struct {
	Type             uint32
	ID               uint32
	KeySize          uint32 // bytes
	ValueSize        uint32 // bytes, of one CPU's value in per-CPU maps
	MaxEntries       uint32
	Flags            uint32 // BPF_F_* given at creation
	name             [16]byte
	Ifindex          uint32 // device that the map is offloaded to, or 0
	VmlinuxValueType uint32 // type of the value in the kernel's BTF, or 0
	NetnsDev         uint64 // of the network namespace of Ifindex
	NetnsIno         uint64
	BTFID            uint32
	KeyType          uint32 // type of the key in BTFID, or 0
	ValueType        uint32 // type of the value in BTFID, or 0
	VmlinuxID        uint32
	Extra            uint64
	hash             pointer
	hashLen          uint32
	_                uint32
}

// Name returns the name given at creation, at most 15 bytes of it.
func (i *MapInfo) Name() string { return cString(i.name[:]) }

// ReadMapInfo asks the kernel about the map behind f.
func ReadMapInfo(f FD) (MapInfo, error) {
	// A fresh struct for each map: kernels from 6.17 on read it before they
	// write it, and keep what they do not know.
	var info MapInfo
	if err := readInfo(f, unsafe.Pointer(&info), unsafe.Sizeof(info)); err != nil {
		return MapInfo{}, err
	}
	return info, nil
}

// cString is the text of b up to its first NUL byte.
func cString(b []byte) string {
	s, _, _ := bytes.Cut(b, []byte{0})
	return string(s)
}
