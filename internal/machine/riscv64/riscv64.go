// Package riscv64 reads machine code of RISC-V of 64 bits.
//
// Source of what x/arch does not tell: The RISC-V Instruction Set Manual, volume I,
// chapters of the extensions C, Zcb, A, Zabha, Zihintntl, Zbkb, Zimop.
package riscv64

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/arch/riscv64/riscv64asm"

	"github.com/gobpftool/gobpftool/internal/machine"
)

// Arch is RISC-V of 64 bits.
var Arch = machine.Arch{
	Name:   "riscv64",
	Reader: machine.Language{Decode: decode, Build: build, Through: through}.Reader,
}

// length returns the length in bytes of the instruction that begins with first,
// of which the lowest bits tell it, or 0 for one that is longer than any there is.
func length(first byte) int {
	switch {
	case first&3 != 3:
		return 2
	case first&0x1f != 0x1f:
		return 4
	}
	return 0
}

func decode(code []byte, pc uint64) machine.Inst {
	n := length(code[0])
	if n == 0 || len(code) < n {
		return unknown(code, 2)
	}
	inst := machine.Inst{Len: n, Ref: branch(code, pc)}
	if inst.Text = own(code[:n]); inst.Text != "" {
		return inst
	}
	i, err := riscv64asm.Decode(code[:n])
	if err != nil {
		return unknown(code, n)
	}
	inst.Text = spell(i, inst.Ref)
	return inst
}

// unknown is n bytes that are no instruction, and have that length in themselves.
func unknown(code []byte, n int) machine.Inst {
	inst := machine.Unknown(".insn", code, n)
	inst.Text = strings.Replace(inst.Text, ".insn\t", fmt.Sprintf(".insn\t%d, ", n), 1)
	return inst
}

// branch tells where the instruction goes, if that stands in it.
func branch(code []byte, pc uint64) machine.Ref {
	if length(code[0]) == 2 {
		return shortBranch(machine.Word(code[0])|machine.Word(code[1])<<8, pc)
	}
	w, _ := machine.Little(code)
	switch w & 0x7f {
	case 0x63: // branches
		offset := w.Signed(31, 1)<<12 | int64(w.Bits(7, 1)<<11|w.Bits(25, 6)<<5|w.Bits(8, 4)<<1)
		return machine.Jump.To(pc + uint64(offset))
	case 0x6f: // jal
		offset := w.Signed(31, 1)<<20 | int64(w.Bits(12, 8)<<12|w.Bits(20, 1)<<11|w.Bits(21, 10)<<1)
		if w.Bits(7, 5) == 0 {
			return machine.Jump.To(pc + uint64(offset))
		}
		return machine.Call.To(pc + uint64(offset))
	}
	return machine.Ref{}
}

func shortBranch(w machine.Word, pc uint64) machine.Ref {
	switch w & 0xe003 {
	case 0xa001: // c.j
		offset := w.Signed(12, 1)<<11 | int64(w.Bits(11, 1)<<4|w.Bits(9, 2)<<8|w.Bits(8, 1)<<10|
			w.Bits(7, 1)<<6|w.Bits(6, 1)<<7|w.Bits(3, 3)<<1|w.Bits(2, 1)<<5)
		return machine.Jump.To(pc + uint64(machine.Word(offset).Signed(0, 12)))
	case 0xc001, 0xe001: // c.beqz, c.bnez
		offset := w.Bits(12, 1)<<8 | w.Bits(10, 2)<<3 | w.Bits(5, 2)<<6 | w.Bits(3, 2)<<1 | w.Bits(2, 1)<<5
		return machine.Jump.To(pc + uint64(offset.Signed(0, 9)))
	}
	return machine.Ref{}
}

// spell writes i as objdump does: registers have the names of the calling
// convention, and the last operand of a jump is the address.
func spell(i riscv64asm.Inst, ref machine.Ref) string {
	mnemonic, list, _ := strings.Cut(riscv64asm.GNUSyntax(i), " ")
	if list == "" {
		return mnemonic
	}
	operands := strings.Split(list, ",")
	for at, s := range operands {
		operands[at] = operand(s)
	}
	end := len(operands) - 1
	switch {
	case ref.Kind != machine.NoRef:
		operands[end] = machine.Address(ref.Value)
	case i.Op == riscv64asm.ADD && i.Len == 4 && mnemonic == "mv":
		// The usual spelling of mv adds an immediate zero.
		return machine.Text("add", ",", operands[0], "zero", operands[1])
	case i.Op == riscv64asm.JALR && end == 1 && operands[0] == "ra":
		operands = operands[1:]
	case i.Op == riscv64asm.JALR:
		if in, ok := strings.CutPrefix(operands[end], "0("); ok {
			operands[end] = strings.TrimSuffix(in, ")")
		}
	case i.Op == riscv64asm.LUI:
		// x/arch has the sign in more bits than the instruction could.
		if v, err := strconv.ParseUint(operands[end], 0, 32); err == nil {
			operands[end] = fmt.Sprintf("%#x", v&0xfffff)
		}
	}
	return machine.Text(mnemonic, ",", operands...)
}

// operand gives s, or the register in brackets at its end, its usual name.
func operand(s string) string {
	if number, ok := strings.CutPrefix(s, "csr("); ok {
		n, _ := strconv.Atoi(strings.TrimSuffix(number, ")"))
		return fmt.Sprintf("%#x", n)
	}
	if before, in, ok := strings.Cut(s, "("); ok {
		return before + "(" + operand(strings.TrimSuffix(in, ")")) + ")"
	}
	if len(s) < 2 || s[0] != 'x' && s[0] != 'f' {
		return s
	}
	n, err := strconv.Atoi(s[1:])
	switch {
	case err != nil || n > 31:
		return s
	case s[0] == 'x':
		return registers[n]
	}
	return float(n)
}

var registers = [...]string{
	"zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
	"a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
}

// float names the floating-point register n.
func float(n int) string {
	switch {
	case n < 8:
		return fmt.Sprintf("ft%d", n)
	case n < 10:
		return fmt.Sprintf("fs%d", n-8)
	case n < 18:
		return fmt.Sprintf("fa%d", n-10)
	case n < 28:
		return fmt.Sprintf("fs%d", n-16)
	}
	return fmt.Sprintf("ft%d", n-20)
}
