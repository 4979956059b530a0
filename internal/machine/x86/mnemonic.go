package x86

import "golang.org/x/arch/x86/x86asm"

// mnemonic writes prefixes and the name of the operation.
func (w *writer) mnemonic() {
	if w.lock {
		w.str("lock ")
	}
	if w.untracked() {
		w.str("notrack ")
	}
	if w.rep != 0 && w.opcode() != 0x0f && !w.consumed(w.rep) {
		if w.rep == 0xf2 {
			w.str("repne ")
		} else {
			w.str("rep ")
		}
	}
	if w.addr32 && !w.shows32() {
		w.str("addr32 ")
	}
	w.operation()
}

// operation writes the name of the operation, and how wide it is.
func (w *writer) operation() {
	op, n := w.in.Op, w.name
	if r := w.reversed(); r != "" {
		w.str(r)
		return
	}
	if n.name == "" {
		w.lower(op.String())
		return
	}
	if op == x86asm.MOV && w.wide() {
		n.name = "movabs"
	}
	w.str(n.name)
	if op == x86asm.INT && w.opcode() == 0xcc {
		w.str("3")
	}
	switch n.kind {
	case sized:
		w.letter(w.size())
	case loaded:
		if w.hasMemory() {
			w.letter(w.size())
		}
	case stacked:
		if op != x86asm.JMP || w.sizeOf(0) != 0 {
			w.letter(w.size())
		}
	case doubles:
		if w.size() == 32 {
			w.str("d")
		} else {
			w.str("q")
		}
	case widened:
		w.letter(w.sizeOf(1))
		w.letter(w.sizeOf(0))
	case floats, ints:
		if w.hasMemory() {
			w.floating(n.kind == ints)
		}
	}
}

// wide reports whether a move has a number or an address of 64 bits.
func (w *writer) wide() bool {
	switch c := w.opcode(); {
	case c&0xfc == 0xa0:
		return !w.addr32
	case c&0xf8 == 0xb8:
		return w.rex&8 != 0
	}
	return false
}

// consumed reports whether a prefix is a part of the opcode.
func (w *writer) consumed(prefix byte) bool {
	for _, p := range w.in.Prefix {
		if byte(p) == prefix && p&x86asm.PrefixImplicit != 0 {
			return true
		}
	}
	return false
}

// untracked reports whether the target of a jump or call may be any instruction.
func (w *writer) untracked() bool {
	return w.seg == x86asm.DS && w.name.kind == stacked && w.opcode() == 0xff && w.in.Op != x86asm.PUSH
}

// shows32 reports whether the operands, or the name, tell that addresses have 32
// bits.
func (w *writer) shows32() bool {
	if m, ok := w.memory(); ok {
		return m.Base != 0 || m.Index != 0 || w.opcode()&0xfc == 0xa0
	}
	return w.in.Op == x86asm.JECXZ
}

// lower writes a name in small letters.
func (w *writer) lower(s string) {
	for i := range len(s) {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		w.text = append(w.text, c)
	}
}

// letter writes the letter for a width in bits.
func (w *writer) letter(bits int) {
	switch bits {
	case 8:
		w.str("b")
	case 16:
		w.str("w")
	case 32:
		w.str("l")
	case 64:
		w.str("q")
	}
}

// memory returns the operand that is in memory, and whether there is one.
func (w *writer) memory() (x86asm.Mem, bool) {
	for _, a := range w.in.Args {
		if m, ok := a.(x86asm.Mem); ok {
			return m, true
		}
	}
	return x86asm.Mem{}, false
}

func (w *writer) hasMemory() bool {
	_, ok := w.memory()
	return ok
}

// size returns the width of the operation, in bits.
func (w *writer) size() int {
	switch op := w.in.Op; {
	case op == x86asm.OUT || op == x86asm.CRC32 || op == x86asm.CVTSI2SD || op == x86asm.CVTSI2SS:
		return w.sizeOf(1)
	case op == x86asm.LCALL || op == x86asm.LJMP || op == x86asm.LRET:
		return w.in.DataSize
	case op == x86asm.SYSRET || op == x86asm.SYSEXIT:
		return max(w.in.DataSize, 32)
	case w.name.kind == stacked:
		if _, direct := w.in.Args[0].(x86asm.Rel); w.in.DataSize == 16 && !direct {
			return 16
		}
		return 64
	}
	if n := w.sizeOf(0); n != 0 {
		return n
	}
	if n := w.sizeOf(1); n != 0 {
		return n
	}
	return w.in.DataSize
}

// sizeOf returns the width of an operand, in bits, or 0 if it tells none.
func (w *writer) sizeOf(i int) int {
	switch a := w.in.Args[i].(type) {
	case x86asm.Reg:
		return width(a)
	case x86asm.Mem:
		return w.in.MemBytes * 8
	}
	return 0
}
