package load

import (
	"encoding/binary"

	"github.com/gobpftool/gobpftool/internal/bytecode"
)

// An insn is an instruction of a program and what follows it, in the byte order of this machine.
type insn []byte

// The kernel's struct bpf_insn has the registers as bitfields, so the machine's byte order tells
// which half of the byte is the source.
var bigEndian = binary.NativeEndian.Uint16([]byte{0, 1}) == 1

func (in insn) setSource(n uint8) {
	if bigEndian {
		in[1] = in[1]&0xf0 | n
		return
	}
	in[1] = in[1]&0x0f | n<<4
}

func (in insn) setImm(slot int, n uint32) {
	binary.NativeEndian.PutUint32(in[slot*bytecode.Size+4:], n)
}

// wide sets what an instruction of two slots loads.
func (in insn) wide(source uint8, first, second uint32) {
	in.setSource(source)
	in.setImm(0, first)
	in.setImm(1, second)
}

// call makes a call one of a function of the kernel, by the ID of its type and the number of
// its module.
func (in insn) call(id uint32, module uint16) {
	in.setSource(bytecode.CallKfunc)
	in.setImm(0, id)
	binary.NativeEndian.PutUint16(in[2:], module)
}

// poison makes an instruction a call of what does not exist.
func (in insn) poison(n int) {
	slots := 1
	if in[0] == wideCode {
		slots = 2
	}
	for i := range slots {
		b := in[i*bytecode.Size:][:bytecode.Size]
		clear(b)
		b[0] = callCode
		binary.NativeEndian.PutUint32(b[4:], uint32(n))
	}
}

const wideCode = 0x18 // BPF_LD | BPF_IMM | BPF_DW

// native32 returns a number as bytes.
func native32(n uint32) []byte { return binary.NativeEndian.AppendUint32(nil, n) }
