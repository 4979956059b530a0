package x86

import "golang.org/x/arch/x86/x86asm"

// vector reads an instruction with the prefix VEX or EVEX. It leaves out those with
// a mask, a broadcast or rounding, and those that other prefixes forbid.
func (p *prefixes) vector(code []byte) (in x86asm.Inst, name spelling, ok bool) {
	op := code[p.len:]
	n := vectorLen(op)
	if n == 0 || p.lock || p.data16 || p.addr32 || p.rep != 0 || p.rex != 0 {
		return in, name, false
	}
	if op[0] == 0x62 && op[3]&0x97 != 0 {
		return in, name, false
	}
	in, err := x86asm.Decode(op, 64)
	if err != nil || in.Op == 0 || in.Len != n {
		return in, name, false
	}
	for i, a := range in.Args {
		if m, is := a.(x86asm.Mem); is && m.Base == 0 && m.Scale == 0 {
			m.Base = x86asm.RIP // without a SIB byte there is no other address
			in.Args[i] = m
		}
	}
	in.Len += p.len
	return in, nameOf(in.Op), true
}
