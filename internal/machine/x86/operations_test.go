package x86

import (
	"fmt"

	"github.com/cilium/ebpf/asm"
)

// operations is a socket filter with whatever instructions of BPF compilers must
// be able to translate, on all registers.
func operations() asm.Instructions {
	insns := asm.Instructions{asm.Mov.Reg(asm.R6, asm.R1)}
	for i := range 8 {
		insns = append(insns, store(int16(-8*(i+1)), int64(-i), asm.DWord))
	}
	for dst := asm.R0; dst <= asm.R9; dst++ {
		for _, src := range []asm.Register{asm.R0, asm.R3, asm.R4, asm.R5, asm.R9} {
			if dst != src {
				insns = append(insns, withRegisters(dst, src)...)
			}
		}
		insns = append(insns, withNumbers(dst)...)
		insns = append(insns, withMemory(dst)...)
	}
	insns = append(insns, branches()...)
	return append(insns, asm.FnGetSmpProcessorId.Call(), asm.FnKtimeGetNs.Call(),
		asm.FnGetCurrentTask.Call(), asm.Mov.Imm(asm.R0, 0), asm.Return())
}

// store puts a number on the stack.
func store(off int16, value int64, size asm.Size) asm.Instruction {
	return asm.Instruction{OpCode: asm.StoreImmOp(size), Dst: asm.R10, Offset: off, Constant: value}
}

var arithmetic = []asm.ALUOp{asm.Add, asm.Sub, asm.Mul, asm.Div, asm.SDiv, asm.Or, asm.And, asm.LSh, asm.RSh,
	asm.Mod, asm.SMod, asm.Xor, asm.Mov, asm.ArSh}

func withRegisters(dst, src asm.Register) (insns asm.Instructions) {
	for _, op := range arithmetic {
		insns = append(insns,
			asm.Mov.Imm(dst, 70000), asm.Mov.Imm(src, 3), op.Reg(dst, src),
			asm.Mov.Imm(dst, -5), asm.Mov.Imm(src, 3), op.Reg32(dst, src))
	}
	for _, off := range []int16{8, 16, 32} { // moves that extend a sign
		move := asm.Mov.Reg(dst, src)
		move.Offset = off
		insns = append(insns, asm.Mov.Imm(src, -1), move)
	}
	return insns
}

func withNumbers(dst asm.Register) (insns asm.Instructions) {
	for _, op := range arithmetic {
		for _, n := range []int32{1, 3, 31, 100_000, -1} {
			shift := op == asm.LSh || op == asm.RSh || op == asm.ArSh
			if shift && (n < 0 || n > 31) {
				continue
			}
			insns = append(insns, asm.Mov.Imm(dst, 70000), op.Imm(dst, n), asm.Mov.Imm32(dst, -7), op.Imm32(dst, n))
		}
	}
	insns = append(insns, asm.LoadImm(dst, 1<<40+7, asm.DWord), asm.LoadImm(dst, -1<<40, asm.DWord),
		asm.LoadImm(dst, 1<<31, asm.DWord), asm.Neg.Imm(dst, 0), asm.Neg.Imm32(dst, 0))
	for _, size := range []asm.Size{asm.Half, asm.Word, asm.DWord} {
		insns = append(insns, asm.HostTo(asm.BE, dst, size), asm.HostTo(asm.LE, dst, size), asm.BSwap(dst, size))
	}
	return insns
}

func withMemory(reg asm.Register) (insns asm.Instructions) {
	for _, size := range []asm.Size{asm.Byte, asm.Half, asm.Word, asm.DWord} {
		insns = append(insns, asm.Mov.Imm(reg, 1), asm.StoreMem(asm.R10, -8, reg, size),
			store(-16, -2, size), asm.LoadMem(reg, asm.R10, -24, size))
		if size != asm.DWord {
			insns = append(insns, asm.LoadMemSX(reg, asm.R10, -32, size))
		}
	}
	for _, op := range []asm.AtomicOp{asm.AddAtomic, asm.FetchAdd, asm.AndAtomic, asm.FetchAnd, asm.OrAtomic,
		asm.FetchOr, asm.XorAtomic, asm.FetchXor, asm.Xchg, asm.CmpXchg} {
		for _, size := range []asm.Size{asm.Word, asm.DWord} {
			insns = append(insns, store(-8, 1, asm.DWord), asm.Mov.Imm(asm.R0, 1),
				asm.Mov.Imm(reg, 1), op.Mem(asm.R10, reg, size, -8))
		}
	}
	return insns
}

// branches are short and long.
func branches() (insns asm.Instructions) {
	jumps := []asm.JumpOp{asm.JEq, asm.JGT, asm.JGE, asm.JSet, asm.JNE, asm.JSGT, asm.JSGE, asm.JLT, asm.JLE, asm.JSLT, asm.JSLE}
	n := 0
	to := func() string { n++; return fmt.Sprint("to", n) }
	for _, op := range jumps {
		for _, reg := range []asm.Register{asm.R0, asm.R7} {
			insns = append(insns, asm.FnGetPrandomU32.Call(), asm.Mov.Reg(asm.R7, asm.R0), asm.Mov.Reg(asm.R8, asm.R0))
			for _, jump := range []func(string) asm.Instruction{
				func(l string) asm.Instruction { return op.Imm(reg, 0, l) },
				func(l string) asm.Instruction { return op.Imm32(reg, -100_000, l) },
				func(l string) asm.Instruction { return op.Reg(reg, asm.R8, l) },
				func(l string) asm.Instruction { return op.Reg32(reg, asm.R8, l) },
			} {
				label := to()
				insns = append(insns, jump(label), asm.Mov.Imm(asm.R9, 1), asm.Mov.Imm(asm.R9, 2).WithSymbol(label))
			}
		}
	}
	near, far := to(), to()
	insns = append(insns, asm.JEq.Imm(asm.R0, 77, far), asm.JEq.Imm(asm.R0, 78, near), asm.Ja.Label(far),
		asm.Mov.Imm(asm.R9, 3).WithSymbol(near))
	for range 40 {
		insns = append(insns, asm.LoadImm(asm.R9, 1<<50, asm.DWord))
	}
	return append(insns, asm.Mov.Imm(asm.R9, 4).WithSymbol(far))
}
