package bytecode

import "strconv"

// A Namer spells what instructions refer to.
type Namer interface {
	// AppendCall spells what instruction at calls, after "call ".
	AppendCall(b []byte, list []Insn, at int) []byte
	// AppendLoad spells the operand of the wide load at.
	AppendLoad(b []byte, list []Insn, at int) []byte
}

// Words by the operation, in the highest four bits of the code. What has none is
// spelled as printf(3) would have it.
const none = "(null)"

var (
	computes = [16]string{"+=", "-=", "*=", "/=", "|=", "&=", "<<=", ">>=", "neg", "%=", "^=", "=", "s>>=", "endian", none, none}
	compares = [16]string{"jmp", "==", ">", ">=", "&", "!=", "s>", "s>=", "call", "exit", "<", "<=", "s<", "s<=", none, none}
)

// Types of memory by their size, in bits 3 and 4 of the code.
var (
	unsigned = [4]string{"u32", "u16", "u8", "u64"}
	signed   = [4]string{"s32", "s16", "s8", "s64"}
)

func (in Insn) size() uint8 { return in.Code >> 3 & 3 }

const sizeDouble = 3 // 64 bits, as size has it

// Append appends the text of instruction at of a list: what a verifier's log has
// after its number. n spells what it refers to.
func Append(b []byte, list []Insn, at int, n Namer) []byte {
	in := list[at]
	switch in.class() {
	case classALU, classALU64:
		return in.appendCompute(b)
	case classSTX:
		return in.appendStore(b)
	case classST:
		return in.appendStoreNumber(b)
	case classLDX:
		return in.appendLoad(b)
	case classLD:
		switch {
		case in.Wide():
			b = append(in.appendCode(b), 'r')
			b = append(strconv.AppendUint(b, uint64(in.Dst), 10), " = "...)
			return n.AppendLoad(b, list, at)
		}
		return in.appendLoadPacket(b)
	}
	if in.IsCall() {
		return n.AppendCall(append(in.appendCode(b), "call "...), list, at)
	}
	return in.appendJump(b)
}

const digits = "0123456789abcdef"

// appendCode appends how all texts start.
func (in Insn) appendCode(b []byte) []byte {
	return append(b, '(', digits[in.Code>>4], digits[in.Code&0xf], ')', ' ')
}

// bug spells an instruction that should not be there.
func (in Insn) bug(b []byte, kind string) []byte {
	return append(append(b, kind...), digits[in.Code>>4], digits[in.Code&0xf])
}

// appendReg appends a register, the whole of it or, with the letter w, its lower half.
func appendReg(b []byte, letter byte, reg uint8) []byte {
	return strconv.AppendUint(append(b, letter), uint64(reg), 10)
}

// letter is what registers are called in instructions of a class.
func (in Insn) letter() byte {
	if in.class() == classALU || in.class() == classJMP32 {
		return 'w'
	}
	return 'r'
}

// AppendSigned appends a number with its sign, a plus as well.
func AppendSigned(b []byte, n int64) []byte {
	if n >= 0 {
		b = append(b, '+')
	}
	return strconv.AppendInt(b, n, 10)
}

// appendMemory appends a place in memory such as "(u32 *)(r1 +4)".
func (in Insn) appendMemory(b []byte, typ string, reg uint8) []byte {
	b = append(append(append(b, '('), typ...), " *)("...)
	b = append(appendReg(b, 'r', reg), ' ')
	return append(AppendSigned(b, int64(in.Off)), ')')
}

// Operations of the classes ALU and ALU64 that have a shape of their own.
const (
	opDiv  = 0x30
	opNeg  = 0x80
	opMod  = 0x90
	opMove = 0xb0
	opSwap = 0xd0
)

func (in Insn) appendCompute(b []byte) []byte {
	w := in.letter()
	b = in.appendCode(b)
	switch {
	case in.op() == opSwap:
		return in.appendSwap(b)
	case in.op() == opNeg:
		b = appendReg(b, w, in.Dst)
		return appendReg(append(b, " = -"...), w, in.Dst)
	case in.op() == opMove && in.register() && in.class() == classALU64 && in.Off == castOff:
		return in.appendCast(b)
	case in.op() == opMove && in.register() && in.class() == classALU64 && in.Off == percpuOff:
		b = append(appendReg(b, 'r', in.Dst), " = &(void __percpu *)("...)
		return append(appendReg(b, 'r', in.Src), ')')
	}
	b = append(appendReg(b, w, in.Dst), ' ')
	if (in.op() == opDiv || in.op() == opMod) && in.Off == signedOff {
		b = append(b, 's')
	}
	b = append(append(b, computes[in.op()>>4]...), ' ')
	if !in.register() {
		return strconv.AppendInt(b, int64(in.Imm), 10)
	}
	if in.op() == opMove {
		b = append(b, extension(in.Off)...)
	}
	return appendReg(b, w, in.Src)
}

// What the offset of an instruction says that needs none.
const (
	signedOff = 1  // a division, of signed numbers
	castOff   = 1  // a move, from one address space to another
	percpuOff = -1 // a move, to the address that this processor has
)

// extension returns the cast with which a move extends the sign of so many bits.
func extension(bits int16) string {
	switch bits {
	case 8:
		return "(s8)"
	case 16:
		return "(s16)"
	case 32:
		return "(s32)"
	}
	return ""
}

func (in Insn) appendCast(b []byte) []byte {
	b = append(appendReg(b, 'r', in.Dst), " = addr_space_cast("...)
	b = append(appendReg(b, 'r', in.Src), ", "...)
	b = append(strconv.AppendUint(b, uint64(uint32(in.Imm)>>16), 10), ", "...)
	return append(strconv.AppendUint(b, uint64(uint16(in.Imm)), 10), ')')
}

func (in Insn) appendSwap(b []byte) []byte {
	b = append(appendReg(b, 'r', in.Dst), " = "...)
	switch {
	case in.class() == classALU64:
		b = append(b, "bswap"...)
	case in.register():
		b = append(b, "be"...)
	default:
		b = append(b, "le"...)
	}
	b = append(strconv.AppendInt(b, int64(in.Imm), 10), ' ')
	return appendReg(b, 'r', in.Dst)
}
