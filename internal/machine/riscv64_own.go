package machine

import "fmt"

// ownRiscv64 spells instructions that x/arch does not know; it returns "" for all
// others.
func ownRiscv64(code []byte) string {
	if len(code) == 2 {
		return shortRiscv64(uint32(code[0]) | uint32(code[1])<<8)
	}
	w, _ := little(code)
	rd, rs1, rs2 := registersRiscv64[bits(w, 7, 5)], registersRiscv64[bits(w, 15, 5)], registersRiscv64[bits(w, 20, 5)]
	switch {
	case w&0x7f == 0x2f && bits(w, 12, 3) < 2:
		return smallAtomicRiscv64(w)
	case w&0xfe00707f == 0x08004033:
		return text("pack", ",", rd, rs1, rs2)
	case w&0xfe00707f == 0x08007033:
		return text("packh", ",", rd, rs1, rs2)
	case w&0xfe00707f == 0x0800403b && rs2 != "zero":
		return text("packw", ",", rd, rs1, rs2)
	case w&0xfff0707f == 0x68705013:
		return text("brev8", ",", rd, rs1)
	case w&0xb3c0707f == 0x81c04073:
		return text(fmt.Sprintf("mop.r.%d", bits(w, 30, 1)<<4|bits(w, 26, 2)<<2|bits(w, 20, 2)), ",", rd, rs1)
	case w&0xb200707f == 0x82004073:
		return text(fmt.Sprintf("mop.rr.%d", bits(w, 30, 1)<<2|bits(w, 26, 2)), ",", rd, rs1, rs2)
	case w&0xfe0fffff == 0x00000033 && bits(w, 20, 5)-2 < 4:
		return "ntl." + localityRiscv64(w>>20)
	case w&0xfff0707f == 0x0800003b:
		return text("zext.w", ",", rd, rs1)
	case w&0xfe007fff == 0x12000073:
		return fenceRiscv64(rs1, rs2)
	}
	return systemRiscv64(w)
}

// fenceRiscv64 spells sfence.vma without the registers behind which there is none
// but zero.
func fenceRiscv64(rs1, rs2 string) string {
	switch {
	case rs2 != "zero":
		return text("sfence.vma", ",", rs1, rs2)
	case rs1 != "zero":
		return text("sfence.vma", ",", rs1)
	}
	return "sfence.vma"
}

// systemRiscv64 spells system instructions without operands.
func systemRiscv64(w uint32) string {
	switch w {
	case 0x00d00073:
		return "wrs.nto"
	case 0x01d00073:
		return "wrs.sto"
	case 0x10200073:
		return "sret"
	case 0x30200073:
		return "mret"
	case 0x10500073:
		return "wfi"
	}
	return ""
}

// localityRiscv64 names what a hint of locality, in the number of a register, is of.
func localityRiscv64(reg uint32) string {
	return [...]string{"p1", "pall", "s1", "all"}[(reg&31)-2]
}

// smallAtomicRiscv64 spells atomic operations on one and two bytes.
func smallAtomicRiscv64(w uint32) string {
	var name string
	switch w >> 27 {
	case 0:
		name = "amoadd"
	case 1:
		name = "amoswap"
	case 4:
		name = "amoxor"
	case 5:
		name = "amocas"
	case 8:
		name = "amoor"
	case 12:
		name = "amoand"
	case 16:
		name = "amomin"
	case 20:
		name = "amomax"
	case 24:
		name = "amominu"
	case 28:
		name = "amomaxu"
	default:
		return ""
	}
	name += [...]string{".b", ".h"}[bits(w, 12, 1)] + [...]string{"", ".rl", ".aq", ".aqrl"}[bits(w, 25, 2)]
	return text(name, ",", registersRiscv64[bits(w, 7, 5)], registersRiscv64[bits(w, 20, 5)],
		"("+registersRiscv64[bits(w, 15, 5)]+")")
}

// shortRiscv64 spells instructions of two bytes: those of Zcb, and hints.
func shortRiscv64(w uint32) string {
	first, second := registersRiscv64[8+bits(w, 7, 3)], registersRiscv64[8+bits(w, 2, 3)]
	byteOffset := fmt.Sprintf("%d(%s)", bits(w, 6, 1)|bits(w, 5, 1)<<1, first)
	halfOffset := fmt.Sprintf("%d(%s)", bits(w, 5, 1)<<1, first)
	switch {
	case w == 0:
		return "unimp"
	case w&0xfc03 == 0x8000:
		return text("lbu", ",", second, byteOffset)
	case w&0xfc43 == 0x8400:
		return text("lhu", ",", second, halfOffset)
	case w&0xfc43 == 0x8440:
		return text("lh", ",", second, halfOffset)
	case w&0xfc03 == 0x8800:
		return text("sb", ",", second, byteOffset)
	case w&0xfc43 == 0x8c00:
		return text("sh", ",", second, halfOffset)
	case w&0xfc63 == 0x9c41:
		return text("mul", ",", first, first, second)
	case w&0xfc63 == 0x9c61 && bits(w, 2, 3) < 6:
		return text([...]string{"zext.b", "sext.b", "zext.h", "sext.h", "zext.w", "not"}[bits(w, 2, 3)], ",", first, first)
	case w&0xf8ff == 0x6081:
		return fmt.Sprintf("c.mop.%d", bits(w, 8, 3)<<1|1)
	case w&0xff83 == 0x9002 && bits(w, 2, 5)-2 < 4:
		return "ntl." + localityRiscv64(w>>2)
	case w&0xef83 == 0x0001 && w != 1:
		return fmt.Sprintf("c.nop\t%d", signed(bits(w, 12, 1)<<5|bits(w, 2, 5), 0, 6))
	}
	return ""
}
