package bpf

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// ProgSpec is what a program is loaded from.
//
// Source: the part of union bpf_attr for BPF_PROG_LOAD, include/uapi/linux/bpf.h.
type ProgSpec struct {
	Type       uint32
	AttachType uint32 // the expected one
	Name       string // the kernel keeps 15 bytes
	License    string
	Insns      []byte // of this machine's byte order
	Version    uint32 // of the kernel, which kprobes named before Linux 5.0
	Flags      uint32 // BPF_F_*
	Ifindex    uint32 // device to load the program for, or 0

	BTF   FD // the types of the program, or 0
	Funcs []FuncInfo
	Lines []LineInfo

	AttachID  uint32 // the type to attach to, or 0
	AttachObj FD     // the BTF or the program that has it; 0 for the kernel's own types

	FDs   []int32 // what instructions refer to by index: BTF of modules, from 1 on
	Token FD      // that allows it, or 0

	LogLevel uint32 // 1 for what led to a refusal, 2 for everything, 4 for numbers at the end
}

// LoadProg loads a program. It belongs to the caller. What the verifier says goes into log,
// with a zero byte behind it; needed is the number of bytes that it would take where the kernel
// tells it (since Linux 6.4), else 0.
//
// The error is [unix.ENOSPC] if the program is right and the log too small for what was asked.
func LoadProg(s *ProgSpec, log []byte) (f FD, needed uint32, err error) {
	license, err := unix.ByteSliceFromString(s.License)
	if err != nil {
		return 0, 0, Errno(unix.EINVAL)
	}
	attr := &progLoadAttr{
		typ: s.Type, count: uint32(len(s.Insns) / 8), insns: buffer(s.Insns), license: buffer(license),
		version: s.Version, flags: s.Flags, ifindex: s.Ifindex, attachType: s.AttachType,
		btf: uint32(s.BTF), attachID: s.AttachID, attachObj: uint32(s.AttachObj),
	}
	copy(attr.name[:nameLen-1], s.Name)
	if len(log) > 0 {
		attr.logLevel, attr.logSize, attr.log = s.LogLevel, uint32(len(log)), buffer(log)
	}
	if len(s.Funcs) > 0 {
		attr.funcSize, attr.funcs, attr.funcCount = uint32(unsafe.Sizeof(s.Funcs[0])), buffer(s.Funcs), uint32(len(s.Funcs))
	}
	if len(s.Lines) > 0 {
		attr.lineSize, attr.lines, attr.lineCount = uint32(unsafe.Sizeof(s.Lines[0])), buffer(s.Lines), uint32(len(s.Lines))
	}
	if len(s.FDs) > 0 {
		attr.fds = buffer(s.FDs)
	}
	if s.Token != 0 {
		attr.flags |= tokenFlag
		attr.token = uint32(s.Token)
	}
	fd, err := unlimited(func() (int, error) { return slowCall(progLoad, unsafe.Pointer(attr), unsafe.Sizeof(*attr)) })
	return FD(fd), attr.needed, err
}

// progLoadAttr is what BPF_PROG_LOAD reads.
type progLoadAttr struct {
	typ, count          uint32
	insns, license      pointer
	logLevel, logSize   uint32
	log                 pointer
	version, flags      uint32
	name                [nameLen]byte
	ifindex, attachType uint32
	btf, funcSize       uint32
	funcs               pointer
	funcCount, lineSize uint32
	lines               pointer
	lineCount, attachID uint32
	attachObj, _        uint32
	fds                 pointer
	_                   pointer // relocations for the kernel to do
	_, needed           uint32
	token, _            uint32
}
