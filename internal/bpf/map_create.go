package bpf

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// MapSpec is what a map is made of.
//
// Source: the part of union bpf_attr for BPF_MAP_CREATE, include/uapi/linux/bpf.h.
type MapSpec struct {
	Type       uint32
	KeySize    uint32 // bytes
	ValueSize  uint32 // bytes
	MaxEntries uint32
	Flags      uint32 // BPF_F_*
	Name       string // the kernel keeps 15 bytes
	Inner      FD     // of a map like those to be put into it, or 0
	Ifindex    uint32 // device to offload the map to, or 0
	NUMANode   uint32 // whose memory is used; the flag BPF_F_NUMA_NODE must be set

	BTF       FD     // the types of keys and values, or 0
	KeyType   uint32 // in BTF, or 0
	ValueType uint32
	Extra     uint64 // what it means depends on the type of the map

	StructType uint32 // of struct_ops: the kernel's struct around that of the values, or 0
	StructObj  FD     // the module's BTF that has it; 0 for the kernel's own types
	Token      FD     // that allows it, or 0
}

// CreateMap makes a map. It belongs to the caller.
func CreateMap(s MapSpec) (FD, error) {
	attr := mapCreateAttr{
		typ: s.Type, keySize: s.KeySize, valueSize: s.ValueSize, maxEntries: s.MaxEntries, flags: s.Flags,
		inner: uint32(s.Inner), ifindex: s.Ifindex, numaNode: s.NUMANode,
		btf: uint32(s.BTF), keyType: s.KeyType, valueType: s.ValueType, extra: s.Extra, structType: s.StructType,
	}
	copy(attr.name[:nameLen-1], s.Name)
	if s.StructObj != 0 {
		attr.flags |= mapTypeFlag
		attr.structObj = uint32(s.StructObj)
	}
	if s.Token != 0 {
		attr.flags |= tokenFlag
		attr.token = uint32(s.Token)
	}
	fd, err := unlimited(func() (int, error) { return call(mapCreate, unsafe.Pointer(&attr), unsafe.Sizeof(attr)) })
	return FD(fd), err
}

// mapCreateAttr is what BPF_MAP_CREATE reads.
type mapCreateAttr struct {
	typ, keySize, valueSize, maxEntries, flags   uint32
	inner, numaNode                              uint32
	name                                         [nameLen]byte
	ifindex, btf, keyType, valueType, structType uint32
	extra                                        uint64
	structObj, token                             uint32
}

// Flags that say that a descriptor follows: BPF_F_VTYPE_BTF_OBJ_FD and BPF_F_TOKEN_FD, which
// is the same for maps, programs and BTF.
const (
	mapTypeFlag = 1 << 15
	tokenFlag   = 1 << 16
)

// nameLen is BPF_OBJ_NAME_LEN.
const nameLen = 16

// Pin pins the object behind f at a path in a BPF file system.
//
// The error is [unix.EPERM] if a name has a dot.
func Pin(f FD, path string) error {
	name, err := unix.ByteSliceFromString(path)
	if err != nil {
		return Errno(unix.EINVAL)
	}
	attr := struct {
		path      pointer
		fd, flags uint32
	}{path: buffer(name), fd: uint32(f)}
	_, err = call(objPin, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	return err
}
