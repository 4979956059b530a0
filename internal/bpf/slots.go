package bpf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// TakenSlots returns those of some slots of the perf_event_array behind f that have
// an event.
//
// The kernel tells that to programs only, so one is loaded for the moment, which
// tries to read the counter of an event and thereby changes nothing.
func TakenSlots(f FD, slots []uint32) ([]uint32, error) {
	prog, err := loadProbe(f)
	if err != nil {
		return nil, fmt.Errorf("loading a program that looks into the array: %w", err)
	}
	defer prog.Close()
	var taken []uint32
	for _, slot := range slots {
		errno, err := runProbe(prog, slot)
		if err != nil {
			return nil, fmt.Errorf("running a program that looks into the array: %w", err)
		}
		// Others say why a counter cannot be read here, as on another CPU.
		if errno != unix.ENOENT && errno != unix.E2BIG {
			taken = append(taken, slot)
		}
	}
	return taken, nil
}

// An instruction is struct bpf_insn of include/uapi/linux/bpf.h.
type instruction struct {
	code byte
	regs byte // destination and source, half a byte each: see registers
	_    int16
	imm  int32
}

// registers puts the numbers of two registers into a byte. The bit-fields of C
// begin at the other end on big-endian machines.
func registers(dst, src byte) byte {
	if binary.NativeEndian.Uint16([]byte{0, 1}) == 1 {
		return dst<<4 | src
	}
	return src<<4 | dst
}

// Numbers of include/uapi/linux/bpf.h.
const (
	progRawTracepoint = 17 // BPF_PROG_TYPE_RAW_TRACEPOINT
	pseudoMapFD       = 1  // BPF_PSEUDO_MAP_FD
	perfEventRead     = 55 // BPF_FUNC_perf_event_read_value
	perfValueLen      = 24 // struct bpf_perf_event_value, bytes
)

// probe is the program that looks at the slot whose number is its first argument.
// It returns what the helper does.
func probe(f FD) []instruction {
	return []instruction{
		{code: 0x79, regs: registers(2, 1)},                              // r2 = *(u64 *)(r1 + 0)
		{code: 0x18, regs: registers(1, pseudoMapFD), imm: int32(f)}, {}, // r1 = map
		{code: 0xbf, regs: registers(3, 10)},                    // r3 = r10
		{code: 0x07, regs: registers(3, 0), imm: -perfValueLen}, // r3 += -24
		{code: 0xb7, regs: registers(4, 0), imm: perfValueLen},  // r4 = 24
		{code: 0x85, imm: perfEventRead},                        // call
		{code: 0x95},                                            // exit
	}
}

// loadProbe loads the probe, of a type that can be run without anything that it is
// attached to.
func loadProbe(f FD) (FD, error) {
	code, license := probe(f), []byte("Dual MIT/GPL\x00")
	attr := struct {
		typ, count                  uint32
		insns, license              pointer
		logLevel, logSize           uint32
		log                         pointer
		kernVersion, flags          uint32
		name                        [nameLen]byte
		ifindex, expectedAttachType uint32
	}{typ: progRawTracepoint, count: uint32(len(code)), insns: buffer(code), license: buffer(license)}
	copy(attr.name[:], "slots")
	fd, err := call(progLoad, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	if errors.Is(err, unix.EPERM) && raiseMemlock() {
		fd, err = call(progLoad, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	}
	return FD(fd), err
}

// runProbe runs the probe once, and returns the error number that it found.
func runProbe(prog FD, slot uint32) (unix.Errno, error) {
	args := []uint64{uint64(slot)}
	attr := struct {
		fd, retval             uint32
		dataIn, dataOut        uint32 // sizes
		data, result           pointer
		repeat, duration       uint32
		contextIn, contextOut  uint32 // sizes
		context, contextResult pointer
		flags, cpu             uint32
		batch, _               uint32
	}{fd: uint32(prog), contextIn: 8, context: buffer(args)}
	_, err := call(progTestRun, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	return unix.Errno(-int32(attr.retval)), err
}
