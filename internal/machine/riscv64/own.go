package riscv64

import (
	"fmt"

	"github.com/gobpftool/gobpftool/internal/machine"
)

// own spells instructions that x/arch does not know; it returns "" for all
// others.
func own(code []byte) string {
	if len(code) == 2 {
		return short(machine.Word(code[0]) | machine.Word(code[1])<<8)
	}
	w, _ := machine.Little(code)
	rd, rs1, rs2 := registers[w.Bits(7, 5)], registers[w.Bits(15, 5)], registers[w.Bits(20, 5)]
	switch {
	case w&0x7f == 0x2f && w.Bits(12, 3) < 2:
		return smallAtomic(w)
	case w&0xfe00707f == 0x08004033:
		return machine.Text("pack", ",", rd, rs1, rs2)
	case w&0xfe00707f == 0x08007033:
		return machine.Text("packh", ",", rd, rs1, rs2)
	case w&0xfe00707f == 0x0800403b && rs2 != "zero":
		return machine.Text("packw", ",", rd, rs1, rs2)
	case w&0xfff0707f == 0x68705013:
		return machine.Text("brev8", ",", rd, rs1)
	case w&0xb3c0707f == 0x81c04073:
		return machine.Text(fmt.Sprintf("mop.r.%d", w.Bits(30, 1)<<4|w.Bits(26, 2)<<2|w.Bits(20, 2)), ",", rd, rs1)
	case w&0xb200707f == 0x82004073:
		return machine.Text(fmt.Sprintf("mop.rr.%d", w.Bits(30, 1)<<2|w.Bits(26, 2)), ",", rd, rs1, rs2)
	case w&0xfe0fffff == 0x00000033 && w.Bits(20, 5)-2 < 4:
		return "ntl." + locality(w>>20)
	case w&0xfff0707f == 0x0800003b:
		return machine.Text("zext.w", ",", rd, rs1)
	case w&0xfe007fff == 0x12000073:
		return fence(rs1, rs2)
	}
	return system(w)
}

// fence spells sfence.vma without the registers behind which there is none
// but zero.
func fence(rs1, rs2 string) string {
	switch {
	case rs2 != "zero":
		return machine.Text("sfence.vma", ",", rs1, rs2)
	case rs1 != "zero":
		return machine.Text("sfence.vma", ",", rs1)
	}
	return "sfence.vma"
}

// system spells system instructions without operands.
func system(w machine.Word) string {
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

// locality names what a hint of locality, in the number of a register, is of.
func locality(reg machine.Word) string {
	return [...]string{"p1", "pall", "s1", "all"}[(reg&31)-2]
}

// smallAtomic spells atomic operations on one and two bytes.
func smallAtomic(w machine.Word) string {
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
	name += [...]string{".b", ".h"}[w.Bits(12, 1)] + [...]string{"", ".rl", ".aq", ".aqrl"}[w.Bits(25, 2)]
	return machine.Text(name, ",", registers[w.Bits(7, 5)], registers[w.Bits(20, 5)],
		"("+registers[w.Bits(15, 5)]+")")
}

// short spells instructions of two bytes: those of Zcb, and hints.
func short(w machine.Word) string {
	first, second := registers[8+w.Bits(7, 3)], registers[8+w.Bits(2, 3)]
	byteOffset := fmt.Sprintf("%d(%s)", w.Bits(6, 1)|w.Bits(5, 1)<<1, first)
	halfOffset := fmt.Sprintf("%d(%s)", w.Bits(5, 1)<<1, first)
	switch {
	case w == 0:
		return "unimp"
	case w&0xfc03 == 0x8000:
		return machine.Text("lbu", ",", second, byteOffset)
	case w&0xfc43 == 0x8400:
		return machine.Text("lhu", ",", second, halfOffset)
	case w&0xfc43 == 0x8440:
		return machine.Text("lh", ",", second, halfOffset)
	case w&0xfc03 == 0x8800:
		return machine.Text("sb", ",", second, byteOffset)
	case w&0xfc43 == 0x8c00:
		return machine.Text("sh", ",", second, halfOffset)
	case w&0xfc63 == 0x9c41:
		return machine.Text("mul", ",", first, first, second)
	case w&0xfc63 == 0x9c61 && w.Bits(2, 3) < 6:
		return machine.Text([...]string{"zext.b", "sext.b", "zext.h", "sext.h", "zext.w", "not"}[w.Bits(2, 3)], ",", first, first)
	case w&0xf8ff == 0x6081:
		return fmt.Sprintf("c.mop.%d", w.Bits(8, 3)<<1|1)
	case w&0xff83 == 0x9002 && w.Bits(2, 5)-2 < 4:
		return "ntl." + locality(w>>2)
	case w&0xef83 == 0x0001 && w != 1:
		return fmt.Sprintf("c.nop\t%d", (w.Bits(12, 1)<<5|w.Bits(2, 5)).Signed(0, 6))
	}
	return ""
}
