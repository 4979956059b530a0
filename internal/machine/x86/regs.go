package x86

import "golang.org/x/arch/x86/x86asm"

// regs has the names of registers.
var regs = [...]string{
	x86asm.AL: "%al", x86asm.CL: "%cl", x86asm.DL: "%dl", x86asm.BL: "%bl", x86asm.AH: "%ah", x86asm.CH: "%ch", x86asm.DH: "%dh", x86asm.BH: "%bh",
	x86asm.SPB: "%spl", x86asm.BPB: "%bpl", x86asm.SIB: "%sil", x86asm.DIB: "%dil",
	x86asm.R8B: "%r8b", x86asm.R9B: "%r9b", x86asm.R10B: "%r10b", x86asm.R11B: "%r11b",
	x86asm.R12B: "%r12b", x86asm.R13B: "%r13b", x86asm.R14B: "%r14b", x86asm.R15B: "%r15b",
	x86asm.AX: "%ax", x86asm.CX: "%cx", x86asm.DX: "%dx", x86asm.BX: "%bx", x86asm.SP: "%sp", x86asm.BP: "%bp", x86asm.SI: "%si", x86asm.DI: "%di",
	x86asm.R8W: "%r8w", x86asm.R9W: "%r9w", x86asm.R10W: "%r10w", x86asm.R11W: "%r11w",
	x86asm.R12W: "%r12w", x86asm.R13W: "%r13w", x86asm.R14W: "%r14w", x86asm.R15W: "%r15w",
	x86asm.EAX: "%eax", x86asm.ECX: "%ecx", x86asm.EDX: "%edx", x86asm.EBX: "%ebx", x86asm.ESP: "%esp", x86asm.EBP: "%ebp", x86asm.ESI: "%esi", x86asm.EDI: "%edi",
	x86asm.R8L: "%r8d", x86asm.R9L: "%r9d", x86asm.R10L: "%r10d", x86asm.R11L: "%r11d",
	x86asm.R12L: "%r12d", x86asm.R13L: "%r13d", x86asm.R14L: "%r14d", x86asm.R15L: "%r15d",
	x86asm.RAX: "%rax", x86asm.RCX: "%rcx", x86asm.RDX: "%rdx", x86asm.RBX: "%rbx", x86asm.RSP: "%rsp", x86asm.RBP: "%rbp", x86asm.RSI: "%rsi", x86asm.RDI: "%rdi",
	x86asm.R8: "%r8", x86asm.R9: "%r9", x86asm.R10: "%r10", x86asm.R11: "%r11",
	x86asm.R12: "%r12", x86asm.R13: "%r13", x86asm.R14: "%r14", x86asm.R15: "%r15",
	x86asm.IP: "%ip", x86asm.EIP: "%eip", x86asm.RIP: "%rip",
	x86asm.F0: "%st", x86asm.F1: "%st(1)", x86asm.F2: "%st(2)", x86asm.F3: "%st(3)",
	x86asm.F4: "%st(4)", x86asm.F5: "%st(5)", x86asm.F6: "%st(6)", x86asm.F7: "%st(7)",
	x86asm.M0: "%mm0", x86asm.M1: "%mm1", x86asm.M2: "%mm2", x86asm.M3: "%mm3",
	x86asm.M4: "%mm4", x86asm.M5: "%mm5", x86asm.M6: "%mm6", x86asm.M7: "%mm7",
	x86asm.X0: "%xmm0", x86asm.X1: "%xmm1", x86asm.X2: "%xmm2", x86asm.X3: "%xmm3",
	x86asm.X4: "%xmm4", x86asm.X5: "%xmm5", x86asm.X6: "%xmm6", x86asm.X7: "%xmm7",
	x86asm.X8: "%xmm8", x86asm.X9: "%xmm9", x86asm.X10: "%xmm10", x86asm.X11: "%xmm11",
	x86asm.X12: "%xmm12", x86asm.X13: "%xmm13", x86asm.X14: "%xmm14", x86asm.X15: "%xmm15",
	x86asm.X16: "%xmm16", x86asm.X17: "%xmm17", x86asm.X18: "%xmm18", x86asm.X19: "%xmm19",
	x86asm.X20: "%xmm20", x86asm.X21: "%xmm21", x86asm.X22: "%xmm22", x86asm.X23: "%xmm23",
	x86asm.X24: "%xmm24", x86asm.X25: "%xmm25", x86asm.X26: "%xmm26", x86asm.X27: "%xmm27",
	x86asm.X28: "%xmm28", x86asm.X29: "%xmm29", x86asm.X30: "%xmm30", x86asm.X31: "%xmm31",
	x86asm.Y0: "%ymm0", x86asm.Y1: "%ymm1", x86asm.Y2: "%ymm2", x86asm.Y3: "%ymm3",
	x86asm.Y4: "%ymm4", x86asm.Y5: "%ymm5", x86asm.Y6: "%ymm6", x86asm.Y7: "%ymm7",
	x86asm.Y8: "%ymm8", x86asm.Y9: "%ymm9", x86asm.Y10: "%ymm10", x86asm.Y11: "%ymm11",
	x86asm.Y12: "%ymm12", x86asm.Y13: "%ymm13", x86asm.Y14: "%ymm14", x86asm.Y15: "%ymm15",
	x86asm.Y16: "%ymm16", x86asm.Y17: "%ymm17", x86asm.Y18: "%ymm18", x86asm.Y19: "%ymm19",
	x86asm.Y20: "%ymm20", x86asm.Y21: "%ymm21", x86asm.Y22: "%ymm22", x86asm.Y23: "%ymm23",
	x86asm.Y24: "%ymm24", x86asm.Y25: "%ymm25", x86asm.Y26: "%ymm26", x86asm.Y27: "%ymm27",
	x86asm.Y28: "%ymm28", x86asm.Y29: "%ymm29", x86asm.Y30: "%ymm30", x86asm.Y31: "%ymm31",
	x86asm.Z0: "%zmm0", x86asm.Z1: "%zmm1", x86asm.Z2: "%zmm2", x86asm.Z3: "%zmm3",
	x86asm.Z4: "%zmm4", x86asm.Z5: "%zmm5", x86asm.Z6: "%zmm6", x86asm.Z7: "%zmm7",
	x86asm.Z8: "%zmm8", x86asm.Z9: "%zmm9", x86asm.Z10: "%zmm10", x86asm.Z11: "%zmm11",
	x86asm.Z12: "%zmm12", x86asm.Z13: "%zmm13", x86asm.Z14: "%zmm14", x86asm.Z15: "%zmm15",
	x86asm.Z16: "%zmm16", x86asm.Z17: "%zmm17", x86asm.Z18: "%zmm18", x86asm.Z19: "%zmm19",
	x86asm.Z20: "%zmm20", x86asm.Z21: "%zmm21", x86asm.Z22: "%zmm22", x86asm.Z23: "%zmm23",
	x86asm.Z24: "%zmm24", x86asm.Z25: "%zmm25", x86asm.Z26: "%zmm26", x86asm.Z27: "%zmm27",
	x86asm.Z28: "%zmm28", x86asm.Z29: "%zmm29", x86asm.Z30: "%zmm30", x86asm.Z31: "%zmm31",
	x86asm.K0: "%k0", x86asm.K1: "%k1", x86asm.K2: "%k2", x86asm.K3: "%k3",
	x86asm.K4: "%k4", x86asm.K5: "%k5", x86asm.K6: "%k6", x86asm.K7: "%k7",
	x86asm.ES: "%es", x86asm.CS: "%cs", x86asm.SS: "%ss", x86asm.DS: "%ds", x86asm.FS: "%fs", x86asm.GS: "%gs",
	x86asm.CR0: "%cr0", x86asm.CR1: "%cr1", x86asm.CR2: "%cr2", x86asm.CR3: "%cr3",
	x86asm.CR4: "%cr4", x86asm.CR5: "%cr5", x86asm.CR6: "%cr6", x86asm.CR7: "%cr7",
	x86asm.CR8: "%cr8", x86asm.CR9: "%cr9", x86asm.CR10: "%cr10", x86asm.CR11: "%cr11",
	x86asm.CR12: "%cr12", x86asm.CR13: "%cr13", x86asm.CR14: "%cr14", x86asm.CR15: "%cr15",
	x86asm.DR0: "%dr0", x86asm.DR1: "%dr1", x86asm.DR2: "%dr2", x86asm.DR3: "%dr3",
	x86asm.DR4: "%dr4", x86asm.DR5: "%dr5", x86asm.DR6: "%dr6", x86asm.DR7: "%dr7",
	x86asm.DR8: "%dr8", x86asm.DR9: "%dr9", x86asm.DR10: "%dr10", x86asm.DR11: "%dr11",
	x86asm.DR12: "%dr12", x86asm.DR13: "%dr13", x86asm.DR14: "%dr14", x86asm.DR15: "%dr15",
}

// width returns the number of bits of a general register, or 0 if it is another.
func width(r x86asm.Reg) int {
	switch {
	case r >= x86asm.AL && r <= x86asm.R15B:
		return 8
	case r >= x86asm.AX && r <= x86asm.R15W:
		return 16
	case r >= x86asm.EAX && r <= x86asm.R15L:
		return 32
	case r >= x86asm.RAX && r <= x86asm.R15:
		return 64
	}
	return 0
}
