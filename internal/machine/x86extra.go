package machine

import "golang.org/x/arch/x86/x86asm"

// An x86Extra is an instruction of the map 0F that x86asm does not know, or takes
// for another.
type x86Extra struct {
	prefix byte // 0x66, 0xf2, 0xf3 or 0: what must stand before it, and nothing else of these
	op     byte
	modrm  byte // of the bits that count
	mask   byte // which these are
	form   x86Form
	name   x86Name
}

// x86Form says which operands an x86Extra has.
type x86Form uint8

const (
	none   x86Form = iota
	reg            // a register
	wide           // a register of 64 bits
	mem            // memory
	regmem         // either
)

// x86Extras are in the order in which they are tried.
//
// Source: Intel SDM, volume 2.
var x86Extras = [...]x86Extra{
	{0xf3, 0x1e, 0xfa, 0xff, none, x86Name{"endbr64", bare}},
	{0xf3, 0x1e, 0xfb, 0xff, none, x86Name{"endbr32", bare}},
	{0xf3, 0x1e, 0x08, 0x38, reg, x86Name{"rdssp", doubles}},
	{0xf3, 0xae, 0x28, 0x38, reg, x86Name{"incssp", doubles}},
	{0x66, 0xae, 0x38, 0x38, mem, x86Name{"clflushopt", bare}},
	{0x66, 0xae, 0x30, 0x38, mem, x86Name{"clwb", bare}},
	{0x66, 0xae, 0x30, 0x38, reg, x86Name{"tpause", bare}},
	{0x00, 0x01, 0xc1, 0xff, none, x86Name{"vmcall", bare}},
	{0x00, 0x01, 0xca, 0xff, none, x86Name{"clac", bare}},
	{0x00, 0x01, 0xcb, 0xff, none, x86Name{"stac", bare}},
	{0x00, 0x01, 0xd9, 0xff, none, x86Name{"vmmcall", bare}},
	{0x00, 0x01, 0xe8, 0xff, none, x86Name{"serialize", bare}},
	{0xf2, 0xae, 0x30, 0x38, reg, x86Name{"umwait", bare}},
	{0xf3, 0xae, 0x30, 0x38, wide, x86Name{"umonitor", bare}},
	{0xf3, 0xc7, 0x38, 0x38, wide, x86Name{"rdpid", bare}},
	{0x00, 0xc7, 0x30, 0x38, reg, x86Name{"rdrand", sized}},
	{0x66, 0xc7, 0x30, 0x38, reg, x86Name{"rdrand", sized}},
	{0x00, 0xc7, 0x38, 0x38, reg, x86Name{"rdseed", sized}},
	{0x66, 0xc7, 0x38, 0x38, reg, x86Name{"rdseed", sized}},
}

// extra reads an instruction that x86asm does not.
func (p *x86Prefixes) extra(code []byte) (in x86asm.Inst, name x86Name, ok bool) {
	op := code[p.len:]
	if len(op) < 3 || op[0] != 0x0f {
		return in, name, false
	}
	form := regmem
	if x := p.find(op[1], op[2]); x != nil {
		form, name = x.form, x.name
	} else if op[1] >= 0x19 && op[1] <= 0x1f {
		name = x86Name{"nop", sized} // hints, for processors that have none
	} else {
		return in, name, false
	}
	in, ok = p.operandOf(code, form, name.kind)
	return in, name, ok
}

// find returns the row for an opcode, or nil if there is none.
func (p *x86Prefixes) find(op, modrm byte) *x86Extra {
	prefix := p.rep
	if prefix == 0 && p.data16 {
		prefix = 0x66
	}
	for i := range x86Extras {
		x := &x86Extras[i]
		if x.op != op || x.prefix != prefix || (modrm^x.modrm)&x.mask != 0 {
			continue
		}
		if isReg := modrm >= 0xc0; x.form == mem && isReg || (x.form == reg || x.form == wide) && !isReg {
			continue
		}
		return x
	}
	return nil
}

// operandOf reads the operand that ModRM names, by the help of an instruction
// that has one of these and comes in all widths.
func (p x86Prefixes) operandOf(code []byte, form x86Form, kind x86Kind) (x86asm.Inst, bool) {
	const imul = 0xaf
	if kind != sized {
		p.data16 = false // it is a part of the opcode
	}
	if form == wide {
		p.rex |= 0x48
	}
	var buf [x86Max]byte
	like := buf[:copy(buf[:], code)]
	like[p.len+1] = imul
	in, err := p.decodeAs(like, 0)
	in.Args = x86asm.Args{in.Args[1]}
	if form == none {
		in.Args[0] = nil
	}
	return in, err == nil && in.Op == x86asm.IMUL
}

// mistaken reports whether x86asm takes an instruction for another that is not
// among the x86Extras: those of the groups 9 and 15 that a prefix makes.
func (p *x86Prefixes) mistaken(code []byte) bool {
	op := code[p.len:]
	if len(op) < 3 || op[0] != 0x0f {
		return false
	}
	return op[1] == 0xae && op[2] < 0xc0 && p.rep != 0 || op[1] == 0xc7 && op[2]&0x30 == 0x30
}
