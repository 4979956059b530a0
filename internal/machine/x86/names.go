package x86

import "golang.org/x/arch/x86/x86asm"

// A kind says what is appended to a mnemonic.
type kind uint8

const (
	bare    kind = iota
	sized        // b, w, l or q: the width of the first operand
	loaded       // the same, if that is in memory
	stacked      // q, or w: what goes to the stack is never 32 bits wide
	floats       // s, l or t: the width of a floating point number in memory
	ints         // s, l or ll: the width of a number for the floating point unit in memory
	widened      // two of b, w, l and q: from which width to which
	doubles      // d or q
)

// A spelling is how an operation is spelt.
type spelling struct {
	name string // or "" if it is that of x86asm in small letters
	kind kind
}

// nameOf returns how an operation is spelt.
func nameOf(op x86asm.Op) spelling {
	if int(op) < len(names) {
		return names[op]
	}
	return spelling{}
}

// names are those that x86asm does not call as we do.
var names = [...]spelling{
	x86asm.ADC: {"adc", sized}, x86asm.ADD: {"add", sized}, x86asm.AND: {"and", sized},
	x86asm.BSF: {"bsf", sized}, x86asm.BSR: {"bsr", sized}, x86asm.BSWAP: {"bswap", sized},
	x86asm.BT: {"bt", sized}, x86asm.BTC: {"btc", sized}, x86asm.BTR: {"btr", sized}, x86asm.BTS: {"bts", sized},
	x86asm.CALL: {"call", stacked}, x86asm.CMP: {"cmp", sized},
	x86asm.CMPXCHG: {"cmpxchg", sized}, x86asm.DEC: {"dec", sized}, x86asm.DIV: {"div", sized},
	x86asm.IDIV: {"idiv", sized}, x86asm.JMP: {"jmp", stacked}, x86asm.IMUL: {"imul", sized}, x86asm.IN: {"in", sized}, x86asm.INC: {"inc", sized},
	x86asm.LEA: {"lea", sized}, x86asm.LZCNT: {"lzcnt", sized},
	x86asm.MOV: {"mov", sized}, x86asm.MOVBE: {"movbe", sized}, x86asm.MUL: {"mul", sized},
	x86asm.NEG: {"neg", sized}, x86asm.NOT: {"not", sized}, x86asm.OR: {"or", sized}, x86asm.OUT: {"out", sized},
	x86asm.POP: {"pop", stacked}, x86asm.POPCNT: {"popcnt", sized}, x86asm.PUSH: {"push", stacked},
	x86asm.RCL: {"rcl", sized}, x86asm.RCR: {"rcr", sized}, x86asm.RET: {"ret", stacked},
	x86asm.ROL: {"rol", sized}, x86asm.ROR: {"ror", sized}, x86asm.SAR: {"sar", sized}, x86asm.SBB: {"sbb", sized},
	x86asm.SHL: {"shl", sized}, x86asm.SHLD: {"shld", sized}, x86asm.SHR: {"shr", sized}, x86asm.SHRD: {"shrd", sized},
	x86asm.SUB: {"sub", sized}, x86asm.TEST: {"test", sized}, x86asm.TZCNT: {"tzcnt", sized},
	x86asm.XADD: {"xadd", sized}, x86asm.XCHG: {"xchg", sized}, x86asm.XOR: {"xor", sized},

	x86asm.CMOVA: {"cmova", sized}, x86asm.CMOVAE: {"cmovae", sized}, x86asm.CMOVB: {"cmovb", sized}, x86asm.CMOVBE: {"cmovbe", sized},
	x86asm.CMOVE: {"cmove", sized}, x86asm.CMOVG: {"cmovg", sized}, x86asm.CMOVGE: {"cmovge", sized}, x86asm.CMOVL: {"cmovl", sized},
	x86asm.CMOVLE: {"cmovle", sized}, x86asm.CMOVNE: {"cmovne", sized}, x86asm.CMOVNO: {"cmovno", sized}, x86asm.CMOVNP: {"cmovnp", sized},
	x86asm.CMOVNS: {"cmovns", sized}, x86asm.CMOVO: {"cmovo", sized}, x86asm.CMOVP: {"cmovp", sized}, x86asm.CMOVS: {"cmovs", sized},

	x86asm.CBW: {"cbtw", bare}, x86asm.CWDE: {"cwtl", bare}, x86asm.CDQE: {"cltq", bare},
	x86asm.CWD: {"cwtd", bare}, x86asm.CDQ: {"cltd", bare}, x86asm.CQO: {"cqto", bare},
	x86asm.CMPSD: {"cmpsl", bare}, x86asm.INSD: {"insl", bare}, x86asm.LODSD: {"lodsl", bare},
	x86asm.MOVSD: {"movsl", bare}, x86asm.OUTSD: {"outsl", bare}, x86asm.SCASD: {"scasl", bare}, x86asm.STOSD: {"stosl", bare},
	x86asm.CMPSD_XMM: {"cmpsd", bare}, x86asm.MOVSD_XMM: {"movsd", bare},
	x86asm.MOVSXD: {"movslq", bare}, x86asm.MOVSX: {"movs", widened}, x86asm.MOVZX: {"movz", widened},

	x86asm.INT: {"int", bare}, x86asm.ICEBP: {"int1", bare}, x86asm.IRET: {"iretw", bare}, x86asm.IRETD: {"iretl", bare},
	x86asm.LCALL: {"lcall", sized}, x86asm.LJMP: {"ljmp", sized}, x86asm.LRET: {"lret", sized},
	x86asm.CRC32: {"crc32", sized}, x86asm.CVTSI2SD: {"cvtsi2sd", loaded}, x86asm.CVTSI2SS: {"cvtsi2ss", loaded},
	x86asm.LAR: {"lar", sized}, x86asm.LSL: {"lsl", sized}, x86asm.LFS: {"lfs", sized}, x86asm.LGS: {"lgs", sized},
	x86asm.LSS: {"lss", sized}, x86asm.LGDT: {"lgdtq", bare}, x86asm.LIDT: {"lidtq", bare},
	x86asm.SGDT: {"sgdtq", bare}, x86asm.SIDT: {"sidtq", bare}, x86asm.LLDT: {"lldtw", bare},
	x86asm.LMSW: {"lmsww", bare}, x86asm.LTR: {"ltrw", bare}, x86asm.MOVNTI: {"movnti", sized},
	x86asm.RDFSBASE: {"rdfsbase", sized}, x86asm.RDGSBASE: {"rdgsbase", sized},
	x86asm.WRFSBASE: {"wrfsbase", sized}, x86asm.WRGSBASE: {"wrgsbase", sized},
	x86asm.SLDT: {"sldt", sized}, x86asm.SMSW: {"smsw", sized}, x86asm.STR: {"str", sized},
	x86asm.UD1:    {"ud1", sized},
	x86asm.SYSRET: {"sysret", sized}, x86asm.SYSEXIT: {"sysexit", sized},
	x86asm.POPF: {"popfw", bare}, x86asm.PUSHF: {"pushfw", bare},

	x86asm.FADD: {"fadd", floats}, x86asm.FCOM: {"fcom", floats}, x86asm.FCOMP: {"fcomp", floats},
	x86asm.FDIV: {"fdiv", floats}, x86asm.FDIVR: {"fdivr", floats}, x86asm.FLD: {"fld", floats},
	x86asm.FMUL: {"fmul", floats}, x86asm.FST: {"fst", floats}, x86asm.FSTP: {"fstp", floats},
	x86asm.FSUB: {"fsub", floats}, x86asm.FSUBR: {"fsubr", floats},
	x86asm.FIADD: {"fiadd", ints}, x86asm.FICOM: {"ficom", ints}, x86asm.FICOMP: {"ficomp", ints},
	x86asm.FIDIV: {"fidiv", ints}, x86asm.FIDIVR: {"fidivr", ints}, x86asm.FILD: {"fild", ints},
	x86asm.FIMUL: {"fimul", ints}, x86asm.FIST: {"fist", ints}, x86asm.FISTP: {"fistp", ints},
	x86asm.FISTTP: {"fisttp", ints}, x86asm.FISUB: {"fisub", ints}, x86asm.FISUBR: {"fisubr", ints},
	x86asm.FCOMIP: {"fcompi", bare}, x86asm.FUCOMIP: {"fucompi", bare},

	x86asm.ANDN: {"andn", sized}, x86asm.BEXTR: {"bextr", sized}, x86asm.BLSI: {"blsi", sized}, x86asm.BLSMSK: {"blsmsk", sized},
	x86asm.BLSR: {"blsr", sized}, x86asm.BZHI: {"bzhi", sized}, x86asm.MULX: {"mulx", sized}, x86asm.PDEP: {"pdep", sized},
	x86asm.PEXT: {"pext", sized}, x86asm.RORX: {"rorx", sized}, x86asm.SARX: {"sarx", sized}, x86asm.SHLX: {"shlx", sized},
	x86asm.SHRX: {"shrx", sized},
}
