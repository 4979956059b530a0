package x86

// isVector reports whether an opcode has the prefix VEX, EVEX or XOP.
func isVector(op []byte) bool {
	if len(op) < 2 {
		return false
	}
	return op[0] == 0xc4 || op[0] == 0xc5 || op[0] == 0x62 || op[0] == 0x8f && op[1]&0x1f >= 8
}

// vectorLen returns the length of an instruction behind VEX, EVEX or XOP, these
// included, or 0 if there is none of that form or it is cut off.
//
// Source: Intel SDM, volume 2, 2.3 and 2.7; AMD manual, volume 3, 1.2.
func vectorLen(op []byte) int {
	n, table := 3, op[1]&0x1f
	switch op[0] {
	case 0xc5:
		n, table = 2, 1
	case 0x62:
		n, table = 4, op[1]&7
	}
	if len(op) <= n {
		return 0
	}
	c, imm := op[n], 0
	switch table {
	case 1:
		if c == 0x77 {
			return n + 1 // vzeroupper
		}
		if c >= 0x70 && c <= 0x73 || c == 0xc2 || c >= 0xc4 && c <= 0xc6 {
			imm = 1
		}
	case 3, 8:
		imm = 1
	case 2, 5, 6, 9:
	case 10:
		imm = 4
	default:
		return 0
	}
	return withModRM(op, n+1, imm)
}

// mapLen returns the length of an instruction of the maps 0F, 0F38 and 0F3A that
// is not known, or 0 if none is where it belongs, or it is cut off.
func mapLen(op []byte) int {
	if len(op) < 2 || op[0] != 0x0f {
		return 0
	}
	switch c := op[1]; {
	case c == 0x38:
		return withModRM(op, 3, 0)
	case c == 0x3a, c == 0x0f:
		n := 3
		if c == 0x0f {
			n = 2 // 3DNow!: the opcode comes last
		}
		return withModRM(op, n, 1)
	case c <= 1, c == 0x0d, c >= 0x18 && c <= 0x1f, c == 0x78, c == 0x79, c == 0xae, c == 0xb9, c == 0xc7, c == 0xff:
		return withModRM(op, 2, 0)
	}
	return 0
}

// withModRM returns the length of an instruction with ModRM at n and an immediate
// number of imm bytes, or 0 if it is cut off.
func withModRM(op []byte, n, imm int) int {
	if len(op) <= n {
		return 0
	}
	mod, rm := op[n]>>6, op[n]&7
	n++
	if mod != 3 && rm == 4 {
		if len(op) <= n {
			return 0
		}
		rm = op[n] & 7
		n++
	}
	switch {
	case mod == 1:
		n++
	case mod == 2, mod == 0 && rm == 5:
		n += 4
	}
	if n+imm > len(op) {
		return 0
	}
	return n + imm
}
