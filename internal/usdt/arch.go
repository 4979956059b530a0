package usdt

import (
	"debug/elf"
	"regexp"
	"strconv"
	"strings"
)

// An arch is how the arguments of user-space tracepoints are written for one architecture, and where the
// kernel saves its registers.
type arch struct {
	form      *regexp.Regexp // of one argument, with what follows up to the next
	registers func(name string) (at uint16, ok bool)
}

// archOf returns the rules for an architecture, or nil if there are none.
//
// Source: what GNU as calls operands, which <sys/sdt.h> copies; struct pt_regs, user_pt_regs and
// user_regs_struct of arch/*/include/uapi/asm/ptrace.h, and those of x86 in arch/x86/include/asm/ptrace.h.
func archOf(m elf.Machine) *arch {
	switch m {
	case elf.EM_X86_64:
		return &arch{argumentForm(`\$(?P<constant>-?\d+)|%(?P<register>\w+)|` +
			`(?P<distance>-?\d+)?\(%(?P<base>\w+)(?:,%(?P<index>\w+)(?:,(?P<scale>\d+))?)?\)`), x86Register}
	case elf.EM_AARCH64:
		return &arch{argumentForm(`(?P<constant>-?\d+)|(?P<register>[a-z]\w*)|\[(?P<base>\w+)(?:, *#?(?P<distance>-?\d+))?\]`), arm64Register}
	case elf.EM_S390:
		return &arch{argumentForm(`(?P<distance>-?\d+)\(%(?P<base>\w+)\)|(?P<constant>-?\d+)|%(?P<register>\w+)`), s390Register}
	case elf.EM_RISCV:
		return &arch{argumentForm(`(?P<distance>-?\d+)\((?P<base>\w+)\)|(?P<constant>-?\d+)|(?P<register>[a-z]\w*)`), riscvRegister}
	}
	return nil
}

// argumentForm is a size, what is said in a rule, and blanks.
func argumentForm(rule string) *regexp.Regexp {
	return regexp.MustCompile(`^(?P<size>-?\d+) *@ *(?:` + rule + `)(?:\s+|$)`)
}

// numbered returns the number in a name such as "x7", if it is below a limit.
func numbered(name, prefix string, limit int) (n int, ok bool) {
	text, ok := strings.CutPrefix(name, prefix)
	n, err := strconv.Atoi(text)
	return n, ok && err == nil && n >= 0 && n < limit && strconv.Itoa(n) == text
}

// x86Registers are those of struct pt_regs, in its order, with the names of their parts.
var x86Registers = []string{
	"r15 r15d r15w r15b", "r14 r14d r14w r14b", "r13 r13d r13w r13b", "r12 r12d r12w r12b",
	"rbp ebp bp bpl", "rbx ebx bx bl",
	"r11 r11d r11w r11b", "r10 r10d r10w r10b", "r9 r9d r9w r9b", "r8 r8d r8w r8b",
	"rax eax ax al", "rcx ecx cx cl", "rdx edx dx dl", "rsi esi si sil", "rdi edi di dil",
	"", "rip eip", "", "", "rsp esp sp spl",
}

func x86Register(name string) (uint16, bool) {
	for i, names := range x86Registers {
		for word := range strings.FieldsSeq(names) {
			if word == name {
				return uint16(8 * i), true
			}
		}
	}
	return 0, false
}

func arm64Register(name string) (uint16, bool) {
	if name == "sp" {
		return 31 * 8, true
	}
	n, ok := numbered(name, "x", 31)
	return uint16(8 * n), ok
}

// s390Register finds a register in struct user_pt_regs, where 8 bytes and the program status word are before them.
func s390Register(name string) (uint16, bool) {
	n, ok := numbered(name, "r", 16)
	return uint16(8 + 16 + 8*n), ok
}

// riscvRegisters are those of struct user_regs_struct, in its order.
const riscvRegisters = "pc ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6"

func riscvRegister(name string) (uint16, bool) {
	for i, word := range strings.Fields(riscvRegisters) {
		if word == name {
			return uint16(8 * i), true
		}
	}
	return 0, false
}
