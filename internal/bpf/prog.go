package bpf

import (
	"unsafe"
)

// ProgInfo is struct bpf_prog_info of include/uapi/linux/bpf.h. A field that
// the kernel does not know stays zero.
type ProgInfo struct {
	Type            uint32
	ID              uint32
	Tag             [8]byte
	JitedLen        uint32 // bytes of machine code, 0 if not compiled
	XlatedLen       uint32 // bytes of verified bytecode
	jitedInsns      pointer
	xlatedInsns     pointer
	LoadTime        uint64 // nanoseconds since boot, 0 before Linux 4.15
	UID             uint32 // who loaded it, meaningless if LoadTime is 0
	nrMapIDs        uint32
	mapIDs          pointer
	name            [16]byte
	Ifindex         uint32 // device that the program is bound to, or 0
	flags           uint32 // bit 0: gpl_compatible
	NetnsDev        uint64 // of the network namespace of Ifindex
	NetnsIno        uint64
	nrKsyms         uint32
	nrFuncLens      uint32
	ksyms           pointer
	funcLens        pointer
	BTFID           uint32
	funcInfoSize    uint32
	funcInfo        pointer
	FuncCount       uint32 // functions that BTF names
	nrLineInfo      uint32
	lineInfo        pointer
	jitedLineInfo   pointer
	nrJitedLineInfo uint32
	lineInfoSize    uint32
	jitedLineSize   uint32
	nrTags          uint32
	tags            pointer
	RunTime         uint64 // nanoseconds, 0 unless statistics are enabled
	RunCount        uint64
	RecursionMisses uint64
	VerifiedInsns   uint32
	AttachBTFObjID  uint32
	AttachBTFID     uint32
	_               uint32

	// MapIDs are the maps that the program uses, filled in by [ReadProgInfo].
	MapIDs []uint32
}

const progInfoLen = unsafe.Offsetof(ProgInfo{}.MapIDs)

// Name returns the name given at load time, at most 15 bytes of it.
func (i *ProgInfo) Name() string { return cString(i.name[:]) }

// GPL reports whether the program may call GPL-only helpers.
func (i *ProgInfo) GPL() bool { return i.flags&1 != 0 }

// Functions returns how many functions of the program are compiled, 0 without a JIT
// compiler and before Linux 4.18.
func (i *ProgInfo) Functions() int { return int(i.nrKsyms) }

// ReadProgInfo asks the kernel about the program behind f.
//
// The error is [unix.ENODEV] if the program was bound to a network device that
// is gone.
func ReadProgInfo(f FD) (ProgInfo, error) {
	// Nearly all programs use fewer maps: one call tells everything.
	maps := make([]uint32, 16)
	for {
		info := ProgInfo{nrMapIDs: uint32(len(maps)), mapIDs: buffer(maps)}
		if err := readInfo(f, unsafe.Pointer(&info), progInfoLen); err != nil {
			return ProgInfo{}, err
		}
		if int(info.nrMapIDs) <= len(maps) {
			if info.nrMapIDs > 0 {
				info.MapIDs = maps[:info.nrMapIDs:info.nrMapIDs]
			}
			info.mapIDs = pointer{}
			return info, nil
		}
		maps = make([]uint32, info.nrMapIDs)
	}
}

// ReadMainFunc returns the ID of the BTF type of the main function of the
// program behind f, or 0 if the program has no function information.
//
// Source: func_info of struct bpf_prog_info and struct bpf_func_info, whose
// second word is the type.
func ReadMainFunc(f FD, info *ProgInfo) (uint32, error) {
	if info.BTFID == 0 || info.FuncCount == 0 || info.funcInfoSize < 8 {
		return 0, nil
	}
	first := make([]uint32, info.funcInfoSize/4)
	again := ProgInfo{FuncCount: 1, funcInfoSize: info.funcInfoSize, funcInfo: buffer(first)}
	if err := readInfo(f, unsafe.Pointer(&again), progInfoLen); err != nil {
		return 0, err
	}
	return first[1], nil
}
