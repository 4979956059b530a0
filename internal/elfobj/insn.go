package elfobj

import "encoding/binary"

// An insn is an instruction at the start of some bytes.
type insn struct {
	b     []byte
	order binary.ByteOrder
}

// The instructions that may refer to something.
//
// Source: Documentation/bpf/standardization/instruction-set.rst of the kernel.
const (
	callCode = 0x85
	wideCode = 0x18 // loads 64 bits, and has the length of two instructions

	localCall = 1 // source register of a call of a function of the program
	funcAddr  = 4 // source register of a load of the address of one
)

func (i insn) code() byte { return i.b[0] }

// src returns the number of the source register.
func (i insn) src() byte {
	if i.order == binary.BigEndian {
		return i.b[1] & 0xf
	}
	return i.b[1] >> 4
}

// setSrc sets the number of the source register.
func (i insn) setSrc(n byte) {
	if i.order == binary.BigEndian {
		i.b[1] = i.b[1]&0xf0 | n
	} else {
		i.b[1] = i.b[1]&0xf | n<<4
	}
}

func (i insn) imm() int32 { return int32(i.order.Uint32(i.b[4:])) }

func (i insn) setImm(n int32) { i.order.PutUint32(i.b[4:], uint32(n)) }

// calls reports whether it calls a function that is no helper.
func (i insn) calls() bool { return i.code() == callCode && i.src() == localCall }

// wide reports whether it is one that loads 64 bits.
func (i insn) wide() bool { return i.code() == wideCode }
