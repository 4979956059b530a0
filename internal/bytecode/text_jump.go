package bytecode

import "strconv"

// Codes of jumps without a condition.
const (
	codeJump         = 0x05
	codeJumpLong     = 0x06
	codeJumpRegister = 0x0d
	codeExit         = 0x95
	codeMayGoto      = 0xe5 // with source register 0
)

func (in Insn) appendJump(b []byte) []byte {
	b = in.appendCode(b)
	switch {
	case in.Code == codeJump:
		return AppendSigned(append(b, "goto pc"...), int64(in.Off))
	case in.Code == codeJumpLong:
		return AppendSigned(append(b, "gotol pc"...), int64(in.Imm))
	case in.Code == codeJumpRegister:
		return appendReg(append(b, "gotox "...), 'r', in.Dst)
	case in.Code == codeMayGoto && in.Src == 0:
		return AppendSigned(append(b, "may_goto pc"...), int64(in.Off))
	case in.Code == codeExit:
		return append(b, "exit"...)
	}
	w := in.letter()
	b = append(appendReg(append(b, "if "...), w, in.Dst), ' ')
	b = append(append(b, compares[in.op()>>4]...), ' ')
	if in.register() {
		b = appendReg(b, w, in.Src)
	} else {
		b = strconv.AppendUint(append(b, "0x"...), uint64(uint32(in.Imm)), 16)
	}
	return AppendSigned(append(b, " goto pc"...), int64(in.Off))
}
