package machine

// counterPpc64 is the number that the register ctr has among those of buildPpc64.
const counterPpc64 = 33

// buildPpc64 follows li, lis, ori, oris, sldi, addi, pli and pla, and mtctr.
func buildPpc64(code []byte, pc uint64, n number) (number, stage) {
	w, ok := little(code)
	if !ok {
		return n, other
	}
	// The results of what is logical are in the field of what else is the first operand.
	first, second := int(bits(w, 21, 5))+1, int(bits(w, 16, 5))+1 // as zero is none
	imm := uint64(signed(w, 0, 16))
	switch op := w >> 26; {
	case op == 1:
		return prefixedPpc64(code, pc, n)
	case op == 14 && second == 1: // li
		return number{first, imm}, begun
	case op == 15 && second == 1: // lis
		return number{first, imm << 16}, begun
	case w&0xfc1fffff == 0x7c0903a6 && first == n.reg: // mtctr
		return number{counterPpc64, n.value}, copied
	case first != second || first != n.reg:
	case op == 14: // addi
		return number{first, n.value + imm}, more
	case op == 15: // addis
		return number{first, n.value + imm<<16}, more
	case op == 24: // ori
		return number{first, n.value | imm&0xffff}, more
	case op == 25: // oris
		return number{first, n.value | imm&0xffff<<16}, more
	case w&0xfc00001d == 0x78000004: // rldicr
		by := bits(w, 11, 5) | bits(w, 1, 1)<<5
		if end := bits(w, 6, 5) | bits(w, 5, 1)<<5; end == 63-by {
			return number{first, n.value << by}, more
		}
	}
	return n, other
}

// prefixedPpc64 follows pli and pla, which have 34 bits of the number.
func prefixedPpc64(code []byte, pc uint64, n number) (number, stage) {
	prefix, _ := little(code)
	suffix, ok := little(code[4:])
	if !ok || prefix>>18&^4 != 0x06000000>>18 || suffix>>26 != 14 || bits(suffix, 16, 5) != 0 {
		return n, other
	}
	value := uint64(signed(prefix, 0, 18)<<16 | int64(suffix&0xffff))
	if bits(prefix, 20, 1) != 0 {
		value += pc
	}
	return number{int(bits(suffix, 21, 5)) + 1, value}, begun
}

// throughPpc64 knows bctr and bctrl.
func throughPpc64(code []byte) (kind RefKind, reg int, offset int64) {
	switch w, _ := little(code); w {
	case 0x4e800420:
		return Jump, counterPpc64, 0
	case 0x4e800421:
		return Call, counterPpc64, 0
	}
	return NoRef, 0, 0
}
