package x86

import "golang.org/x/arch/x86/x86asm"

// An extra is an instruction of the map 0F that x86asm does not know, or takes
// for another.
type extra struct {
	prefix byte // 0x66, 0xf2, 0xf3 or 0: what must stand before it, and nothing else of these
	op     byte
	modrm  byte // of the bits that count
	mask   byte // which these are
	form   form
	name   spelling
}

// A form says which operands an extra has.
type form uint8

const (
	none   form = iota
	reg         // a register
	wide        // a register of 64 bits
	mem         // memory
	regmem      // either
)

// extras are in the order in which they are tried.
//
// Source: Intel SDM, volume 2.
var extras = [...]extra{
	{0xf3, 0x1e, 0xfa, 0xff, none, spelling{"endbr64", bare}},
	{0xf3, 0x1e, 0xfb, 0xff, none, spelling{"endbr32", bare}},
	{0xf3, 0x1e, 0x08, 0x38, reg, spelling{"rdssp", doubles}},
	{0xf3, 0xae, 0x28, 0x38, reg, spelling{"incssp", doubles}},
	{0x66, 0xae, 0x38, 0x38, mem, spelling{"clflushopt", bare}},
	{0x66, 0xae, 0x30, 0x38, mem, spelling{"clwb", bare}},
	{0x66, 0xae, 0x30, 0x38, reg, spelling{"tpause", bare}},
	{0x00, 0x01, 0xc1, 0xff, none, spelling{"vmcall", bare}},
	{0x00, 0x01, 0xca, 0xff, none, spelling{"clac", bare}},
	{0x00, 0x01, 0xcb, 0xff, none, spelling{"stac", bare}},
	{0x00, 0x01, 0xd9, 0xff, none, spelling{"vmmcall", bare}},
	{0x00, 0x01, 0xe8, 0xff, none, spelling{"serialize", bare}},
	{0xf2, 0xae, 0x30, 0x38, reg, spelling{"umwait", bare}},
	{0xf3, 0xae, 0x30, 0x38, wide, spelling{"umonitor", bare}},
	{0xf3, 0xc7, 0x38, 0x38, wide, spelling{"rdpid", bare}},
	{0x00, 0xc7, 0x30, 0x38, reg, spelling{"rdrand", sized}},
	{0x66, 0xc7, 0x30, 0x38, reg, spelling{"rdrand", sized}},
	{0x00, 0xc7, 0x38, 0x38, reg, spelling{"rdseed", sized}},
	{0x66, 0xc7, 0x38, 0x38, reg, spelling{"rdseed", sized}},
}

// extra reads an instruction that x86asm does not.
func (p *prefixes) extra(code []byte) (in x86asm.Inst, name spelling, ok bool) {
	op := code[p.len:]
	if len(op) < 3 || op[0] != 0x0f {
		return in, name, false
	}
	form := regmem
	if x := p.find(op[1], op[2]); x != nil {
		form, name = x.form, x.name
	} else if op[1] >= 0x19 && op[1] <= 0x1f {
		name = spelling{"nop", sized} // hints, for processors that have none
	} else {
		return in, name, false
	}
	in, ok = p.operandOf(code, form, name.kind)
	return in, name, ok
}

// find returns the row for an opcode, or nil if there is none.
func (p *prefixes) find(op, modrm byte) *extra {
	prefix := p.rep
	if prefix == 0 && p.data16 {
		prefix = 0x66
	}
	for i := range extras {
		x := &extras[i]
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
func (p prefixes) operandOf(code []byte, form form, kind kind) (x86asm.Inst, bool) {
	const imul = 0xaf
	if kind != sized {
		p.data16 = false // it is a part of the opcode
	}
	if form == wide {
		p.rex |= 0x48
	}
	var buf [maxLen]byte
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
// among the extras: those of the groups 9 and 15 that a prefix makes.
func (p *prefixes) mistaken(code []byte) bool {
	op := code[p.len:]
	if len(op) < 3 || op[0] != 0x0f {
		return false
	}
	return op[1] == 0xae && op[2] < 0xc0 && p.rep != 0 || op[1] == 0xc7 && op[2]&0x30 == 0x30
}
