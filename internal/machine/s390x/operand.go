package s390x

import (
	"fmt"

	"golang.org/x/arch/s390x/s390xasm"
)

// operandsOf spells the arguments of the instruction of that name.
func operandsOf(name string, args []s390xasm.Arg, pc uint64) []string {
	var operands []string
	for at := 0; at < len(args) && args[at] != nil; at++ {
		switch a := args[at].(type) {
		case s390xasm.Disp12, s390xasm.Disp20:
			s, used := memory(args[at:], pc)
			operands = append(operands, s)
			at += used
		case s390xasm.Sign8, s390xasm.Sign16, s390xasm.Sign32, s390xasm.Imm:
			operands = append(operands, immediate(name, a))
		default:
			operands = append(operands, a.String(pc))
		}
	}
	return operands
}

// base spells the register that a displacement is from; zero is none.
func base(reg uint64) string {
	if reg == 0 {
		return ""
	}
	return fmt.Sprintf("(%%r%d)", reg)
}

// memory spells a displacement and what follows it in brackets, and tells how
// many arguments that takes beyond the first.
func memory(args []s390xasm.Arg, pc uint64) (operand string, used int) {
	operand = args[0].String(pc)
	within := ""
	for used+1 < len(args) {
		used++
		switch a := args[used].(type) {
		case s390xasm.Base:
			switch {
			case within == "":
				return operand + base(uint64(a)), used
			case a == 0:
				return operand + "(" + within + ",0)", used
			}
			return fmt.Sprintf("%s(%s,%%r%d)", operand, within, a), used
		case s390xasm.Index:
			if a != 0 {
				within = fmt.Sprintf("%%r%d", a)
			}
		case s390xasm.Len, s390xasm.Reg, s390xasm.VReg:
			within = a.String(pc)
		default:
			return operand, used - 1
		}
	}
	return operand, used
}

// immediate spells a number with the sign that the instruction gives it, which
// x/arch does not always have.
func immediate(name string, a s390xasm.Arg) string {
	switch name {
	case "ni", "oi", "xi", "niy", "oiy", "xiy", "nihh", "nihl", "nilh", "nill", "oihh", "oihl", "oilh", "oill",
		"llihh", "llihl", "llilh", "llill", "nihf", "nilf", "oihf", "oilf", "xihf", "xilf", "llihf", "llilf", "iihf", "iilf":
		switch a := a.(type) {
		case s390xasm.Sign8:
			return fmt.Sprint(uint8(a))
		case s390xasm.Sign16:
			return fmt.Sprint(uint16(a))
		case s390xasm.Sign32:
			return fmt.Sprint(uint32(a))
		}
	case "alsih", "alsihn":
		if a, ok := a.(s390xasm.Imm); ok {
			return fmt.Sprint(int32(a))
		}
	case "mvhi", "mvghi", "mvhhi":
		if a, ok := a.(s390xasm.Imm); ok {
			return fmt.Sprint(int16(a))
		}
	}
	return a.String(0)
}
