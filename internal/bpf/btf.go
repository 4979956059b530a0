package bpf

import (
	"errors"
	"unsafe"

	"golang.org/x/sys/unix"
)

// BTFInfo is what the kernel says of a BTF object.
type BTFInfo struct {
	ID     uint32
	Size   uint32 // bytes of BTF
	Name   string // "vmlinux" or a module's name if Kernel; empty if anonymous
	Kernel bool   // belongs to the kernel or one of its modules; since Linux 5.11
}

// btfInfo is struct bpf_btf_info of include/uapi/linux/bpf.h.
type btfInfo struct {
	btf     pointer
	btfSize uint32
	id      uint32
	name    pointer
	nameLen uint32
	kernel  uint32
}

// ReadBTFInfo asks the kernel about the BTF object behind f.
func ReadBTFInfo(f FD) (BTFInfo, error) {
	name := make([]byte, 64) // MODULE_NAME_LEN is 56
	info := btfInfo{name: buffer(name), nameLen: uint32(len(name))}
	err := readInfo(f, unsafe.Pointer(&info), unsafe.Sizeof(info))
	if errors.Is(err, unix.E2BIG) { // BTF has no names before Linux 5.11
		info = btfInfo{}
		err = readInfo(f, unsafe.Pointer(&info), unsafe.Sizeof(info))
	}
	if err != nil {
		return BTFInfo{}, err
	}
	return BTFInfo{ID: info.id, Size: info.btfSize, Name: cString(name), Kernel: info.kernel != 0}, nil
}

// ReadBTF returns the bytes of the BTF object behind f, and what [ReadBTFInfo] says of it.
func ReadBTF(f FD) (about BTFInfo, data []byte, err error) {
	if about, err = ReadBTFInfo(f); err != nil {
		return about, nil, err
	}
	data = make([]byte, about.Size)
	info := btfInfo{btf: buffer(data), btfSize: about.Size}
	if err := readInfo(f, unsafe.Pointer(&info), unsafe.Sizeof(info)); err != nil {
		return about, nil, err
	}
	return about, data, nil
}

// LoadBTF gives BTF to the kernel, by a token that allows it, or 0. The object belongs to the
// caller. If log has room, what the kernel says of it goes there, with a zero byte behind it.
func LoadBTF(data []byte, token FD, log []byte) (FD, error) {
	attr := struct {
		btf, log                pointer
		size, logSize, logLevel uint32
		_, flags, token         uint32
	}{btf: buffer(data), size: uint32(len(data))}
	if len(log) > 0 {
		attr.log, attr.logSize, attr.logLevel = buffer(log), uint32(len(log)), 1
	}
	if token != 0 {
		attr.flags, attr.token = tokenFlag, uint32(token)
	}
	fd, err := call(btfLoad, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	return FD(fd), err
}
