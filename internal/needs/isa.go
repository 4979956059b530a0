package needs

import (
	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A feature is what instructions may be that the first kernels do not know.
type feature struct {
	name  string
	in    names.Version
	level int // of -mcpu, 0 if compilers do not count it among these
}

// features are by the words of instructions.
//
// Source: Documentation/bpf/standardization/instruction-set.rst of the kernel and its history; the
// option -mcpu of clang.
var features = map[string]feature{
	"jlt":        {"jumps if less: jlt, jle, jslt, jsle", names.Version{Major: 4, Minor: 14}, 2},
	"jmp32":      {"jumps by halves of registers: jmp32", names.Version{Major: 5, Minor: 1}, 3},
	"atomic":     {"atomic operations beyond addition", names.Version{Major: 5, Minor: 12}, 3},
	"sdiv":       {"division with a sign: sdiv, smod", names.Version{Major: 6, Minor: 6}, 4},
	"movsx":      {"moves with a sign: movsx", names.Version{Major: 6, Minor: 6}, 4},
	"ldsx":       {"loads with a sign: ldsx", names.Version{Major: 6, Minor: 6}, 4},
	"bswap":      {"swaps of bytes whatever the order: bswap", names.Version{Major: 6, Minor: 6}, 4},
	"gotol":      {"long jumps: gotol", names.Version{Major: 6, Minor: 6}, 4},
	"may_goto":   {"may_goto", names.Version{Major: 6, Minor: 9}, 0},
	"addr_space": {"addr_space_cast", names.Version{Major: 6, Minor: 9}, 0},
	"acquire":    {"load_acquire, store_release", names.Version{Major: 6, Minor: 15}, 0},
	"gotox":      {"gotox", names.Version{Major: 6, Minor: 19}, 0},
}

// instruction notes what an instruction is.
func (s *scan) instruction(f *elfobj.Func, in bytecode.Insn) {
	if x, ok := features[word(in)]; ok {
		s.add(Need{Kind: Instruction, Name: x.name, Since: x.in, level: x.level}, f.Name)
	}
}

// Parts of the code of an instruction.
const (
	classMask = 0x07
	ldx       = 0x01
	stx       = 0x03
	alu       = 0x04
	jmp       = 0x05
	jmp32     = 0x06
	alu64     = 0x07
	modeMask  = 0xe0
	signed    = 0x80 // mode of ldx
	atomic    = 0xc0 // mode of stx
	fromReg   = 0x08

	loadAcquire, storeRelease = 0x100, 0x110
)

// word returns which of features an instruction is, or nothing.
func word(in bytecode.Insn) string {
	switch in.Code & classMask {
	case ldx:
		if in.Code&modeMask == signed {
			return "ldsx"
		}
	case stx:
		switch {
		case in.Code&modeMask != atomic || in.Imm == 0:
		case in.Imm == loadAcquire || in.Imm == storeRelease:
			return "acquire"
		default:
			return "atomic"
		}
	case jmp, jmp32:
		return jumpWord(in)
	case alu, alu64:
		return computeWord(in)
	}
	return ""
}

func jumpWord(in bytecode.Insn) string {
	switch {
	case in.Code == 0x06:
		return "gotol"
	case in.Code == 0x0d:
		return "gotox"
	case in.Code == 0xe5:
		return "may_goto"
	case in.Code&classMask == jmp32:
		return "jmp32"
	}
	if op := in.Code & 0xf0; op >= 0xa0 && op <= 0xd0 {
		return "jlt"
	}
	return ""
}

func computeWord(in bytecode.Insn) string {
	wide := in.Code&classMask == alu64
	switch op := in.Code & 0xf0; {
	case (op == 0x30 || op == 0x90) && in.Off == 1:
		return "sdiv"
	case op == 0xb0 && in.Code&fromReg != 0 && (in.Off == 8 || in.Off == 16 || in.Off == 32):
		return "movsx"
	case op == 0xb0 && in.Code&fromReg != 0 && wide && in.Off == 1:
		return "addr_space"
	case op == 0xd0 && wide:
		return "bswap"
	}
	return ""
}
