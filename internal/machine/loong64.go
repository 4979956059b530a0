package machine

import (
	"strings"

	"golang.org/x/arch/loong64/loong64asm"
)

// loong64 is LoongArch of 64 bits.
//
// Source of what x/arch does not tell: LoongArch Reference Manual, volume 1.
var loong64 = Arch{Name: "loongarch64", reader: language{decodeLoong64, buildLoong64, throughLoong64}.reader}

func decodeLoong64(code []byte, pc uint64) Inst {
	w, ok := little(code)
	if !ok {
		return unknown(".word", code, 4)
	}
	inst := Inst{Len: 4, Ref: branchLoong64(w, pc)}
	if inst.Text = ownLoong64(w); inst.Text != "" {
		return inst
	}
	i, err := loong64asm.Decode(code)
	if err != nil {
		return unknown(".word", code, 4)
	}
	inst.Text = textLoong64(i, inst.Ref)
	return inst
}

// branchLoong64 tells where w at pc goes, if that stands in it.
func branchLoong64(w uint32, pc uint64) Ref {
	switch w >> 26 {
	case 0x10, 0x11, 0x12: // beqz, bnez; bceqz, bcnez
		if w>>26 == 0x12 && bits(w, 8, 2) > 1 {
			return Ref{}
		}
		return Ref{Jump, pc + uint64((signed(w, 0, 5)<<16|int64(bits(w, 10, 16)))*4)}
	case 0x14, 0x15: // b, bl
		kind := [...]RefKind{Jump, Call}[w>>26&1]
		return Ref{kind, pc + uint64((signed(w, 0, 10)<<16|int64(bits(w, 10, 16)))*4)}
	case 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b: // of two registers
		return Ref{Jump, pc + uint64(signed(w, 10, 16)*4)}
	}
	return Ref{}
}

// textLoong64 spells i as objdump does, but for the last operand of a branch, which
// is the address that objdump tells in a comment.
func textLoong64(i loong64asm.Inst, ref Ref) string {
	mnemonic, list, _ := strings.Cut(loong64asm.GNUSyntax(i), " ")
	if list == "" {
		return mnemonic
	}
	operands := strings.Split(list, ", ")
	if ref.Kind != NoRef {
		operands[len(operands)-1] = address(ref.Value)
	}
	return text(mnemonic, ", ", operands...)
}

// buildLoong64 follows what puts 12, 20 or 52 bits into place, and addresses that
// are relative to pc.
func buildLoong64(code []byte, pc uint64, n number) (number, stage) {
	w, _ := little(code)
	rd, rj := int(bits(w, 0, 5)), int(bits(w, 5, 5))
	upper, imm := signed(w, 5, 20), uint64(bits(w, 10, 12))
	switch op := w >> 25; {
	case rd == 0:
	case op == 0x0a: // lu12i.w
		return number{rd, uint64(upper << 12)}, begun
	case op == 0x0c: // pcaddi
		return number{rd, pc + uint64(upper<<2)}, begun
	case op == 0x0d: // pcalau12i
		return number{rd, (pc + uint64(upper<<12)) &^ 0xfff}, paged
	case op == 0x0e: // pcaddu12i
		return number{rd, pc + uint64(upper<<12)}, paged
	case op == 0x0f: // pcaddu18i
		return number{rd, pc + uint64(upper<<18)}, paged
	case op == 0x0b && n.reg == rd: // lu32i.d
		return number{rd, uint64(upper<<32) | n.value&0xffffffff}, more
	case w>>22 == 0x00c && rj == 0: // lu52i.d
		return number{rd, imm << 52}, begun
	case w>>22 == 0x00e && rj == 0: // ori
		return number{rd, imm}, begun
	case w>>22 == 0x00a && rj == 0, w>>22 == 0x00b && rj == 0: // addi.w, addi.d
		return number{rd, uint64(signed(w, 10, 12))}, begun
	case n.reg != rd || rj != rd:
	case w>>22 == 0x00c: // lu52i.d
		return number{rd, n.value&(1<<52-1) | imm<<52}, more
	case w>>22 == 0x00e: // ori
		return number{rd, n.value | imm}, more
	case w>>22 == 0x00b: // addi.d
		return number{rd, n.value + uint64(signed(w, 10, 12))}, more
	}
	return n, other
}

// throughLoong64 knows jirl: it is a call if it keeps where it came from.
func throughLoong64(code []byte) (kind RefKind, reg int, offset int64) {
	w, _ := little(code)
	if w>>26 != 0x13 || bits(w, 5, 5) == 0 {
		return NoRef, 0, 0
	}
	kind = Call
	if bits(w, 0, 5) == 0 {
		kind = Jump
	}
	return kind, int(bits(w, 5, 5)), signed(w, 10, 16) * 4
}
