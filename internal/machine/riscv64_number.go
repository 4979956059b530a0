package machine

// buildRiscv64 follows lui, auipc, addi, addiw and slli, and their short forms.
func buildRiscv64(code []byte, pc uint64, n number) (number, stage) {
	size := lenRiscv64(code[0])
	if size == 0 || len(code) < size {
		return n, other
	}
	if size == 2 {
		return buildShortRiscv64(uint32(code[0])|uint32(code[1])<<8, n)
	}
	w, _ := little(code)
	rd, rs, imm := int(bits(w, 7, 5)), int(bits(w, 15, 5)), signed(w, 20, 12)
	upper := uint64(signed(w, 12, 20) << 12)
	switch {
	case rd == 0:
	case w&0x7f == 0x37: // lui
		return number{rd, upper}, begun
	case w&0x7f == 0x17: // auipc
		return number{rd, pc + upper}, paged
	case w&0x707f == 0x13 && rs == 0: // li
		return number{rd, uint64(imm)}, begun
	case rs != rd || n.reg != rd:
	case w&0x707f == 0x13: // addi
		return number{rd, n.value + uint64(imm)}, more
	case w&0x707f == 0x1b: // addiw
		return number{rd, extended(n.value + uint64(imm))}, more
	case w&0xfc00707f == 0x1013: // slli
		return number{rd, n.value << bits(w, 20, 6)}, more
	}
	return n, other
}

func buildShortRiscv64(w uint32, n number) (number, stage) {
	rd := int(bits(w, 7, 5))
	imm := bits(w, 12, 1)<<5 | bits(w, 2, 5)
	small := uint64(signed(imm, 0, 6))
	switch {
	case rd == 0:
	case w&0xe003 == 0x4001: // c.li
		return number{rd, small}, begun
	case w&0xe003 == 0x6001 && rd != 2: // c.lui
		return number{rd, small << 12}, begun
	case n.reg != rd:
	case w&0xe003 == 0x0001: // c.addi
		return number{rd, n.value + small}, more
	case w&0xe003 == 0x2001: // c.addiw
		return number{rd, extended(n.value + small)}, more
	case w&0xe003 == 0x0002: // c.slli
		return number{rd, n.value << imm}, more
	}
	return n, other
}

// extended is the lower half of v, with its sign.
func extended(v uint64) uint64 { return uint64(int64(int32(uint32(v)))) }

// throughRiscv64 knows jalr: it is a call if it keeps where it came from.
func throughRiscv64(code []byte) (kind RefKind, reg int, offset int64) {
	if lenRiscv64(code[0]) == 2 && len(code) >= 2 {
		switch w := uint32(code[0]) | uint32(code[1])<<8; w & 0xf07f {
		case 0x8002: // c.jr
			kind, reg = Jump, int(bits(w, 7, 5))
		case 0x9002: // c.jalr
			kind, reg = Call, int(bits(w, 7, 5))
		}
	} else if w, _ := little(code); w&0x707f == 0x67 {
		kind, reg, offset = Call, int(bits(w, 15, 5)), signed(w, 20, 12)
		if bits(w, 7, 5) == 0 {
			kind = Jump
		}
	}
	if reg == 0 {
		return NoRef, 0, 0
	}
	return kind, reg, offset
}
