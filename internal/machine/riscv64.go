package machine

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/arch/riscv64/riscv64asm"
)

// riscv64 is RISC-V of 64 bits.
//
// Source of what x/arch does not tell: The RISC-V Instruction Set Manual, volume I,
// chapters of the extensions C, Zcb, A, Zabha, Zihintntl, Zbkb, Zimop.
var riscv64 = Arch{Name: "riscv64", reader: language{decodeRiscv64, buildRiscv64, throughRiscv64}.reader}

// lenRiscv64 returns the length in bytes of the instruction that begins with first,
// of which the lowest bits tell it, or 0 for one that is longer than any there is.
func lenRiscv64(first byte) int {
	switch {
	case first&3 != 3:
		return 2
	case first&0x1f != 0x1f:
		return 4
	}
	return 0
}

func decodeRiscv64(code []byte, pc uint64) Inst {
	n := lenRiscv64(code[0])
	if n == 0 || len(code) < n {
		return unknownRiscv64(code, 2)
	}
	inst := Inst{Len: n, Ref: branchRiscv64(code, pc)}
	if inst.Text = ownRiscv64(code[:n]); inst.Text != "" {
		return inst
	}
	i, err := riscv64asm.Decode(code[:n])
	if err != nil {
		return unknownRiscv64(code, n)
	}
	inst.Text = textRiscv64(i, inst.Ref)
	return inst
}

// unknownRiscv64 is n bytes that are no instruction, and have that length in themselves.
func unknownRiscv64(code []byte, n int) Inst {
	inst := unknown(".insn", code, n)
	inst.Text = strings.Replace(inst.Text, ".insn\t", fmt.Sprintf(".insn\t%d, ", n), 1)
	return inst
}

// branchRiscv64 tells where the instruction goes, if that stands in it.
func branchRiscv64(code []byte, pc uint64) Ref {
	if lenRiscv64(code[0]) == 2 {
		return shortBranchRiscv64(uint32(code[0])|uint32(code[1])<<8, pc)
	}
	w, _ := little(code)
	switch w & 0x7f {
	case 0x63: // branches
		offset := signed(w, 31, 1)<<12 | int64(bits(w, 7, 1)<<11|bits(w, 25, 6)<<5|bits(w, 8, 4)<<1)
		return Ref{Jump, pc + uint64(offset)}
	case 0x6f: // jal
		offset := signed(w, 31, 1)<<20 | int64(bits(w, 12, 8)<<12|bits(w, 20, 1)<<11|bits(w, 21, 10)<<1)
		if bits(w, 7, 5) == 0 {
			return Ref{Jump, pc + uint64(offset)}
		}
		return Ref{Call, pc + uint64(offset)}
	}
	return Ref{}
}

func shortBranchRiscv64(w uint32, pc uint64) Ref {
	switch w & 0xe003 {
	case 0xa001: // c.j
		offset := signed(w, 12, 1)<<11 | int64(bits(w, 11, 1)<<4|bits(w, 9, 2)<<8|bits(w, 8, 1)<<10|
			bits(w, 7, 1)<<6|bits(w, 6, 1)<<7|bits(w, 3, 3)<<1|bits(w, 2, 1)<<5)
		return Ref{Jump, pc + uint64(signed(uint32(offset), 0, 12))}
	case 0xc001, 0xe001: // c.beqz, c.bnez
		offset := bits(w, 12, 1)<<8 | bits(w, 10, 2)<<3 | bits(w, 5, 2)<<6 | bits(w, 3, 2)<<1 | bits(w, 2, 1)<<5
		return Ref{Jump, pc + uint64(signed(offset, 0, 9))}
	}
	return Ref{}
}

// textRiscv64 spells i as objdump does: registers have the names of the calling
// convention, and the last operand of a jump is the address.
func textRiscv64(i riscv64asm.Inst, ref Ref) string {
	mnemonic, list, _ := strings.Cut(riscv64asm.GNUSyntax(i), " ")
	if list == "" {
		return mnemonic
	}
	operands := strings.Split(list, ",")
	for at, s := range operands {
		operands[at] = operandRiscv64(s)
	}
	end := len(operands) - 1
	switch {
	case ref.Kind != NoRef:
		operands[end] = address(ref.Value)
	case i.Op == riscv64asm.ADD && i.Len == 4 && mnemonic == "mv":
		// The usual spelling of mv adds an immediate zero.
		return text("add", ",", operands[0], "zero", operands[1])
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
	return text(mnemonic, ",", operands...)
}

// operandRiscv64 gives s, or the register in brackets at its end, its usual name.
func operandRiscv64(s string) string {
	if number, ok := strings.CutPrefix(s, "csr("); ok {
		n, _ := strconv.Atoi(strings.TrimSuffix(number, ")"))
		return fmt.Sprintf("%#x", n)
	}
	if before, in, ok := strings.Cut(s, "("); ok {
		return before + "(" + operandRiscv64(strings.TrimSuffix(in, ")")) + ")"
	}
	if len(s) < 2 || s[0] != 'x' && s[0] != 'f' {
		return s
	}
	n, err := strconv.Atoi(s[1:])
	switch {
	case err != nil || n > 31:
		return s
	case s[0] == 'x':
		return registersRiscv64[n]
	}
	return floatRiscv64(n)
}

var registersRiscv64 = [...]string{
	"zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
	"a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
}

// floatRiscv64 names the floating-point register n.
func floatRiscv64(n int) string {
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
