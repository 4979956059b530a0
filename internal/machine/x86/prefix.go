package x86

import "golang.org/x/arch/x86/x86asm"

// prefixes are what stands before an opcode, each kind as it takes effect.
type prefixes struct {
	len    int        // bytes
	seg    x86asm.Reg // the last segment, or 0
	data16 bool
	addr32 bool
	lock   bool
	rep    byte // the last of 0xf2 and 0xf3, or 0
	rex    byte // or 0
}

// scan reads prefixes in any order and number.
//
// Source: Intel SDM, volume 2, 2.1.1 and 2.2.1.
func scan(code []byte) (p prefixes) {
	for ; p.len < len(code); p.len++ {
		c := code[p.len]
		switch {
		case c&0xf0 == 0x40:
			p.rex = c
			continue
		case c == 0x66:
			p.data16 = true
		case c == 0x67:
			p.addr32 = true
		case c == 0xf0:
			p.lock = true
		case c == 0xf2 || c == 0xf3:
			p.rep = c
		case segment(c) != 0:
			p.seg = segment(c)
		default:
			return p
		}
		p.rex = 0 // it counts directly before the opcode only
	}
	return p
}

// segment returns the register that a prefix selects, or 0 if it is none of these.
func segment(prefix byte) x86asm.Reg {
	switch prefix {
	case 0x26:
		return x86asm.ES
	case 0x2e:
		return x86asm.CS
	case 0x36:
		return x86asm.SS
	case 0x3e:
		return x86asm.DS
	case 0x64:
		return x86asm.FS
	case 0x65:
		return x86asm.GS
	}
	return 0
}
