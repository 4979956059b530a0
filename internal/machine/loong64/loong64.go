// Package loong64 reads machine code of LoongArch of 64 bits.
//
// Source of what x/arch does not tell: LoongArch Reference Manual, volume 1.
package loong64

import (
	"strings"

	"golang.org/x/arch/loong64/loong64asm"

	"github.com/gobpftool/gobpftool/internal/machine"
)

// Arch is LoongArch of 64 bits.
var Arch = machine.Arch{
	Name:   "loongarch64",
	Reader: machine.Language{Decode: decode, Build: build, Through: through}.Reader,
}

func decode(code []byte, pc uint64) machine.Inst {
	w, ok := machine.Little(code)
	if !ok {
		return machine.Unknown(".word", code, 4)
	}
	inst := machine.Inst{Len: 4, Ref: branch(w, pc)}
	if inst.Text = own(w); inst.Text != "" {
		return inst
	}
	i, err := loong64asm.Decode(code)
	if err != nil {
		return machine.Unknown(".word", code, 4)
	}
	inst.Text = spell(i, inst.Ref)
	return inst
}

// branch tells where w at pc goes, if that stands in it.
func branch(w machine.Word, pc uint64) machine.Ref {
	switch w >> 26 {
	case 0x10, 0x11, 0x12: // beqz, bnez; bceqz, bcnez
		if w>>26 == 0x12 && w.Bits(8, 2) > 1 {
			return machine.Ref{}
		}
		return machine.Jump.To(pc + uint64((w.Signed(0, 5)<<16|int64(w.Bits(10, 16)))*4))
	case 0x14, 0x15: // b, bl
		kind := [...]machine.RefKind{machine.Jump, machine.Call}[w>>26&1]
		return kind.To(pc + uint64((w.Signed(0, 10)<<16|int64(w.Bits(10, 16)))*4))
	case 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b: // of two registers
		return machine.Jump.To(pc + uint64(w.Signed(10, 16)*4))
	}
	return machine.Ref{}
}

// spell writes i as objdump does, but for the last operand of a branch, which
// is the address that objdump tells in a comment.
func spell(i loong64asm.Inst, ref machine.Ref) string {
	mnemonic, list, _ := strings.Cut(loong64asm.GNUSyntax(i), " ")
	if list == "" {
		return mnemonic
	}
	operands := strings.Split(list, ", ")
	if ref.Kind != machine.NoRef {
		operands[len(operands)-1] = machine.Address(ref.Value)
	}
	return machine.Text(mnemonic, ", ", operands...)
}

// build follows what puts 12, 20 or 52 bits into place, and addresses that
// are relative to pc.
func build(code []byte, pc uint64, n machine.Number) machine.Number {
	w, _ := machine.Little(code)
	rd, rj := int(w.Bits(0, 5)), int(w.Bits(5, 5))
	upper, imm := w.Signed(5, 20), uint64(w.Bits(10, 12))
	switch op := w >> 25; {
	case rd == 0:
	case op == 0x0a: // lu12i.w
		return machine.Begun(rd, uint64(upper<<12))
	case op == 0x0c: // pcaddi
		return machine.Begun(rd, pc+uint64(upper<<2))
	case op == 0x0d: // pcalau12i
		return machine.Paged(rd, (pc+uint64(upper<<12))&^0xfff)
	case op == 0x0e: // pcaddu12i
		return machine.Paged(rd, pc+uint64(upper<<12))
	case op == 0x0f: // pcaddu18i
		return machine.Paged(rd, pc+uint64(upper<<18))
	case op == 0x0b && n.Reg == rd: // lu32i.d
		return n.More(uint64(upper<<32) | n.Value&0xffffffff)
	case w>>22 == 0x00c && rj == 0: // lu52i.d
		return machine.Begun(rd, imm<<52)
	case w>>22 == 0x00e && rj == 0: // ori
		return machine.Begun(rd, imm)
	case w>>22 == 0x00a && rj == 0, w>>22 == 0x00b && rj == 0: // addi.w, addi.d
		return machine.Begun(rd, uint64(w.Signed(10, 12)))
	case n.Reg != rd || rj != rd:
	case w>>22 == 0x00c: // lu52i.d
		return n.More(n.Value&(1<<52-1) | imm<<52)
	case w>>22 == 0x00e: // ori
		return n.More(n.Value | imm)
	case w>>22 == 0x00b: // addi.d
		return n.More(n.Value + uint64(w.Signed(10, 12)))
	}
	return machine.Number{}
}

// through knows jirl: it is a call if it keeps where it came from.
func through(code []byte) (kind machine.RefKind, reg int, offset int64) {
	w, _ := machine.Little(code)
	if w>>26 != 0x13 || w.Bits(5, 5) == 0 {
		return machine.NoRef, 0, 0
	}
	kind = machine.Call
	if w.Bits(0, 5) == 0 {
		kind = machine.Jump
	}
	return kind, int(w.Bits(5, 5)), w.Signed(10, 16) * 4
}
