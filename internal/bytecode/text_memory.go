package bytecode

import "strconv"

// How instructions address memory.
const (
	modeImm         = 0x00
	modeAbs         = 0x20 // the packet, from its start
	modeInd         = 0x40 // the packet, from where a register says
	modeMem         = 0x60
	modeMemSigned   = 0x80
	modeAtomic      = 0xc0
	modeBarrier     = 0xc0 // of the class ST: the verifier's, against speculation
	modeProbeAtomic = 0xe0 // put by the verifier where the address may be bad
)

func (in Insn) appendLoad(b []byte) []byte {
	typ := unsigned[in.size()]
	switch {
	case in.mode() == modeMemSigned && in.size() != sizeDouble:
		typ = signed[in.size()]
	case in.mode() != modeMem:
		return in.bug(b, "BUG_ldx_")
	}
	b = appendReg(in.appendCode(b), 'r', in.Dst)
	return in.appendMemory(append(b, " = *"...), typ, in.Src)
}

func (in Insn) appendStoreNumber(b []byte) []byte {
	switch in.mode() {
	case modeMem:
		b = in.appendMemory(append(in.appendCode(b), '*'), unsigned[in.size()], in.Dst)
		return strconv.AppendInt(append(b, " = "...), int64(in.Imm), 10)
	case modeBarrier:
		return append(in.appendCode(b), "nospec"...)
	}
	return in.bug(b, "BUG_st_")
}

func (in Insn) appendStore(b []byte) []byte {
	switch in.mode() {
	case modeMem:
		b = in.appendMemory(append(in.appendCode(b), '*'), unsigned[in.size()], in.Dst)
		return appendReg(append(b, " = "...), 'r', in.Src)
	case modeAtomic, modeProbeAtomic:
		return in.appendAtomic(b)
	}
	return in.bug(b, "BUG_")
}

// Operations of atomic instructions, in the immediate number.
const (
	atomicFetch   = 0x01 // with it, the old value is kept
	atomicXchg    = 0xe1
	atomicCmpXchg = 0xf1
	loadAcquire   = 0x100
	storeRelease  = 0x110
)

// atomics are the operations that change a number in memory by another.
var atomics = map[int32]struct{ sign, word string }{
	0x00: {"+=", "add"},
	0x40: {"|=", "or"},
	0x50: {"&=", "and"},
	0xa0: {"^=", "xor"},
}

func (in Insn) appendAtomic(b []byte) []byte {
	start := len(b)
	b = in.appendCode(b)
	if in.mode() == modeProbeAtomic {
		b = append(b, "probe "...)
	}
	typ := unsigned[in.size()]
	operation, ok := atomics[in.Imm&^atomicFetch]
	switch {
	case ok && in.Imm&atomicFetch == 0:
		b = append(in.appendMemory(append(b, "lock *"...), typ, in.Dst), ' ')
		return appendReg(append(append(b, operation.sign...), ' '), 'r', in.Src)
	case ok:
		return in.appendFetch(b, "_fetch_"+operation.word, in.Src, "")
	case in.Imm == atomicXchg:
		return in.appendFetch(b, "_xchg", in.Src, "")
	case in.Imm == atomicCmpXchg:
		return in.appendFetch(b, "_cmpxchg", 0, "r0, ")
	case in.Imm == loadAcquire:
		b = append(appendReg(b, 'r', in.Dst), " = load_acquire("...)
		return append(in.appendMemory(b, typ, in.Src), ')')
	case in.Imm == storeRelease:
		b = in.appendMemory(append(b, "store_release("...), typ, in.Dst)
		return append(appendReg(append(b, ", "...), 'r', in.Src), ')')
	}
	return in.bug(b[:start], "BUG_")
}

// appendFetch appends an operation that puts the old value into a register.
func (in Insn) appendFetch(b []byte, word string, to uint8, before string) []byte {
	b = append(appendReg(b, 'r', to), " = atomic"...)
	if in.size() == sizeDouble {
		b = append(b, "64"...)
	}
	b = append(append(b, word...), '(')
	b = in.appendMemory(b, unsigned[in.size()], in.Dst)
	b = append(append(b, ", "...), before...)
	return append(appendReg(b, 'r', in.Src), ')')
}

// appendLoadPacket appends a load of the class LD that is not wide.
func (in Insn) appendLoadPacket(b []byte) []byte {
	if in.mode() != modeAbs && in.mode() != modeInd {
		return in.bug(b, "BUG_ld_")
	}
	b = append(append(in.appendCode(b), "r0 = *("...), unsigned[in.size()]...)
	b = append(b, " *)skb["...)
	if in.mode() == modeInd {
		b = append(appendReg(b, 'r', in.Src), " + "...)
	}
	return append(strconv.AppendInt(b, int64(in.Imm), 10), ']')
}
