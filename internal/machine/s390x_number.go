package machine

import "encoding/binary"

// branchS390x tells where w at pc goes, if that stands in it.
func branchS390x(w, pc uint64) Ref {
	near := func(kind RefKind, half uint64) Ref { return Ref{kind, pc + uint64(int64(int16(half))*2)} }
	far := func(kind RefKind) Ref { return Ref{kind, pc + uint64(int64(int32(w))*2)} }
	if w>>32 == 0 {
		switch op, sub, mask := w>>24, w>>16&15, w>>20&15; {
		case op == 0xa7 && sub == 4 && mask != 0, op == 0xa7 && sub == 6, op == 0xa7 && sub == 7, op == 0x84, op == 0x85:
			return near(Jump, w) // brc, brct, brctg, brxh, brxle
		case op == 0xa7 && sub == 5: // bras
			return near(Call, w)
		}
		return Ref{}
	}
	switch op, sub, mask := w>>40, w>>32&15, w>>36&15; {
	case op == 0xc0 && sub == 4 && mask != 0: // brcl
		return far(Jump)
	case op == 0xc0 && sub == 5: // brasl
		return far(Call)
	case op == 0xec && isCompareS390x(byte(w)):
		return near(Jump, w>>16)
	}
	return Ref{}
}

// isCompareS390x reports whether what begins with 0xec compares and branches, or
// counts and branches.
func isCompareS390x(last byte) bool {
	switch last {
	case 0x44, 0x45, 0x64, 0x65, 0x76, 0x77, 0x7c, 0x7d, 0x7e, 0x7f:
		return true
	}
	return false
}

// buildS390x follows addresses that are relative to pc, loads of a number that stands
// behind them in code, and what puts 32 bits into place.
func buildS390x(code []byte, pc uint64, n number) (number, stage) {
	w, ok := wordS390x(code)
	if !ok || lenS390x(code[0]) != 6 {
		return n, other
	}
	reg := int(w>>36&15) + 1 // as zero is none
	imm := uint64(uint32(w))
	relative := int64(int32(w)) * 2
	switch w>>40<<4&0xff0 | w>>32&15 {
	case 0xc00: // larl
		return number{reg, pc + uint64(relative)}, begun
	case 0xc01: // lgfi
		return number{reg, extended(imm)}, begun
	case 0xc0e: // llihf
		return number{reg, imm << 32}, begun
	case 0xc0f: // llilf
		return number{reg, imm}, begun
	case 0xc48: // lgrl
		if relative > 0 && relative+8 <= int64(len(code)) {
			return number{reg, binary.BigEndian.Uint64(code[relative:])}, begun
		}
	}
	if n.reg != reg {
		return n, other
	}
	switch w>>40<<4&0xff0 | w>>32&15 {
	case 0xc08: // iihf
		return number{reg, n.value&0xffffffff | imm<<32}, more
	case 0xc09: // iilf
		return number{reg, n.value&^0xffffffff | imm}, more
	case 0xc0c: // oihf
		return number{reg, n.value | imm<<32}, more
	case 0xc0d: // oilf
		return number{reg, n.value | imm}, more
	case 0xc28: // agfi
		return number{reg, n.value + extended(imm)}, more
	}
	return n, other
}

// throughS390x knows basr, and br, which is bcr on any condition.
func throughS390x(code []byte) (kind RefKind, reg int, offset int64) {
	w, ok := wordS390x(code)
	switch {
	case !ok || w>>16 != 0 || w&15 == 0:
	case w>>8 == 0x0d:
		kind = Call
	case w>>4 == 0x07f:
		kind = Jump
	}
	return kind, int(w&15) + 1, 0
}
