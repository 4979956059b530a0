package x86

import (
	"strconv"
	"strings"

	"golang.org/x/arch/x86/x86asm"

	"github.com/gobpftool/gobpftool/internal/machine"
)

// A writer spells an instruction.
type writer struct {
	prefixes
	in   x86asm.Inst
	name spelling
	pc   uint64 // of the instruction
	code []byte // of the instruction
	ref  machine.Ref
	text []byte
	kept *strings.Builder // texts of instructions that were read
}

func (w *writer) str(s string) { w.text = append(w.text, s...) }

// operands writes the operands, the source first.
func (w *writer) operands() {
	sep := "\t"
	put := func(i int, a x86asm.Arg) {
		w.str(sep)
		sep = ", "
		w.operand(i, a)
	}
	args := w.args()
	if w.inOrder() {
		for i, a := range args {
			put(i, a)
		}
		return
	}
	for i := len(args) - 1; i >= 0; i-- {
		put(i, args[i])
	}
}

// inOrder reports whether the operands are written in the order of Intel's manuals.
func (w *writer) inOrder() bool {
	return w.in.Op == x86asm.ENTER || w.in.Op == x86asm.XCHG && !w.hasMemory()
}

// args returns the operands that are written, the destination first.
func (w *writer) args() []x86asm.Arg {
	args := w.in.Args[:]
	for i, a := range args {
		if a == nil {
			args = args[:i]
			break
		}
	}
	switch w.in.Op {
	case x86asm.XLATB:
		return nil
	case x86asm.INT:
		if w.opcode() == 0xcc {
			return nil
		}
	case x86asm.SHL, x86asm.SHR, x86asm.SAR, x86asm.ROL, x86asm.ROR, x86asm.RCL, x86asm.RCR:
		if c := w.opcode(); c == 0xd0 || c == 0xd1 {
			args = args[:1] // by one, which is not written
		}
	}
	return args
}

// opcode returns the first byte behind the prefixes.
func (w *writer) opcode() byte { return w.code[w.prefixes.len] }

func (w *writer) operand(i int, a x86asm.Arg) {
	switch a := a.(type) {
	case x86asm.Reg:
		w.reg(a)
		if a == x86asm.F0 && w.stackRegister(i) {
			w.str("(0)")
		}
	case x86asm.Imm:
		w.imm(i, int64(a))
	case x86asm.Rel:
		w.target(w.pc + uint64(w.in.Len) + uint64(int64(a)))
	case x86asm.Mem:
		w.mem(a)
	}
}

func (w *writer) reg(r x86asm.Reg) {
	if w.in.Op == x86asm.JMP || w.in.Op == x86asm.CALL {
		w.str("*")
	}
	w.str(regs[r])
}

func (w *writer) target(addr uint64) {
	w.ref = machine.Jump.To(addr)
	if w.in.Op == x86asm.CALL {
		w.ref.Kind = machine.Call
	}
	w.str("0x")
	w.text = strconv.AppendUint(w.text, addr, 16)
}

// imm writes a number, which is operand i.
func (w *writer) imm(i int, v int64) {
	if w.in.Op == x86asm.MOV && w.sizeOf(0) == 64 && !w.hasMemory() && uint64(v)>>31 != 0 {
		w.ref = machine.Const.To(uint64(v))
	}
	w.text = append(w.text, '$')
	w.text = strconv.AppendInt(w.text, w.signed(i, v), 10)
}

// signed returns operand i, a number, as it is written: if it has as many bits as the
// operation, it is without a sign, unless that has 8 or 64.
func (w *writer) signed(i int, v int64) int64 {
	switch w.in.Op {
	case x86asm.IN, x86asm.OUT, x86asm.INT,
		x86asm.SHL, x86asm.SHR, x86asm.SAR, x86asm.ROL, x86asm.ROR, x86asm.RCL, x86asm.RCR:
		return v
	case x86asm.XABORT:
		return int64(int8(v))
	case x86asm.ENTER:
		if i == 1 {
			return int64(int8(v))
		}
		return int64(int16(v))
	case x86asm.RET, x86asm.LRET:
		if !w.data16 {
			return int64(int16(v))
		}
	}
	switch w.opcode() {
	case 0x0f, 0x62, 0x6a, 0x6b, 0x83, 0xc4, 0xc5:
		return v // of one byte
	}
	switch w.size() {
	case 8:
		return int64(int8(v))
	case 16:
		return int64(uint16(v))
	case 32:
		return int64(uint32(v))
	}
	return v
}

func (w *writer) mem(m x86asm.Mem) {
	switch w.in.Op {
	case x86asm.JMP, x86asm.CALL, x86asm.LJMP, x86asm.LCALL:
		w.str("*")
	}
	seg := w.seg
	if w.untracked() {
		seg = 0
	}
	if m.Segment == x86asm.ES {
		seg = m.Segment // of string instructions, which have no choice
	}
	if seg != 0 {
		w.str(regs[seg])
		w.str(":")
	}
	plain := m.Base == 0 && m.Index == 0 && m.Scale <= 1
	if seg == x86asm.GS && (plain || m.Base == x86asm.RIP) {
		w.ref = machine.PerCPU.To(uint64(m.Disp))
		if !plain {
			w.ref.Value += w.pc + uint64(w.in.Len)
		}
	}
	if m.Disp != 0 || plain {
		w.text = strconv.AppendInt(w.text, m.Disp, 10)
	}
	if !plain {
		w.address(m)
	}
}

// address writes base, index and scale.
func (w *writer) address(m x86asm.Mem) {
	w.str("(")
	if m.Base != 0 {
		w.str(regs[m.Base])
	}
	switch {
	case m.Index != 0:
		w.str(",")
		w.str(regs[m.Index])
	case m.Scale != 0 && m.Base != x86asm.RSP && m.Base != x86asm.ESP && m.Base != x86asm.R12 && m.Base != x86asm.R12L:
		// A SIB byte that was not needed.
		w.str(",%")
		if w.addr32 {
			w.str("eiz")
		} else {
			w.str("riz")
		}
	}
	if m.Scale > 1 {
		w.text = append(w.text, ',', '0'+m.Scale)
	}
	w.str(")")
}
