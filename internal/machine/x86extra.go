package machine

import "golang.org/x/arch/x86/x86asm"

func (p *x86Prefixes) special(code []byte) (Inst, bool) { return Inst{}, false }

func (p *x86Prefixes) unknown(code []byte) Inst {
	if n := mapLen(code[p.len:]); n != 0 {
		return data(code[:p.len+n])
	}
	return data(code[:1])
}

func (p *x86Prefixes) vector(code []byte, pc uint64) Inst {
	n := vectorLen(code[p.len:])
	if n == 0 {
		return data(code[:1])
	}
	in, err := x86asm.Decode(code[p.len:], 64)
	if err != nil || in.Op == 0 || in.Len != n {
		return data(code[:p.len+n])
	}
	in.Len += p.len
	w := x86Writer{x86Prefixes: *p, in: &in, pc: pc, code: code[:in.Len], vector: true}
	return w.inst()
}
