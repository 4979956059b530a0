package prog

import (
	"strconv"

	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/kallsyms"
	"github.com/gobpftool/gobpftool/internal/names"
)

// callBase is the symbol relative to which programs that are loaded call functions of
// the kernel.
const callBase = "__bpf_call_base"

// symbols spells what the instructions of a loaded program refer to. It implements
// [bytecode.Namer].
type symbols struct {
	base  uint64   // address of callBase, 0 if addresses may not be seen
	funcs []uint64 // addresses of the program's functions; empty if it is not compiled
	named map[uint64]kallsyms.Symbol
}

// symbols looks up all that the instructions call.
func (c *code) symbols(insns []bytecode.Insn) *symbols {
	s := &symbols{funcs: c.ksyms()}
	var calls []bytecode.Insn
	for at := 0; at < len(insns); at += bytecode.Slots(insns, at) {
		if in := insns[at]; in.IsCall() && s.looksUp(in) {
			calls = append(calls, in)
		}
	}
	if len(calls) == 0 {
		return s
	}
	base, named, err := kallsyms.LookupFrom(callBase, func(base uint64) map[uint64]bool {
		s.base = base
		addrs := make(map[uint64]bool)
		for _, in := range calls {
			addrs[s.address(in)] = true
		}
		return addrs
	})
	if err == nil { // names are no reason to fail
		s.base, s.named = base, named
	}
	return s
}

// ksyms returns the addresses of the program's functions, zero where they may not be
// seen.
func (c *code) ksyms() []uint64 {
	if c.Ksyms == nil {
		return make([]uint64, c.info.Functions())
	}
	return c.Ksyms
}

// looksUp reports whether a call is spelled by a symbol.
func (s *symbols) looksUp(in bytecode.Insn) bool {
	if in.Src == bytecode.CallFunc {
		return len(s.funcs) > 0
	}
	_, ok := helper(in)
	return !ok
}

// helper returns the name of the helper that a call is for, if it says so.
func helper(in bytecode.Insn) (name string, ok bool) {
	if in.Src != bytecode.CallHelper {
		return "", false
	}
	return names.Helper(in.Imm)
}

// address returns the address of what is called.
func (s *symbols) address(in bytecode.Insn) uint64 {
	if in.Src == bytecode.CallFunc && uint64(uint32(in.Imm)) < uint64(len(s.funcs)) {
		return s.funcs[in.Imm]
	}
	return s.base + uint64(int64(in.Imm))
}

// AppendCall implements [bytecode.Namer].
func (s *symbols) AppendCall(b []byte, list []bytecode.Insn, at int) []byte {
	in := list[at]
	if in.Src == bytecode.CallFunc {
		b = bytecode.AppendSigned(append(b, "pc"...), int64(in.Off))
		if len(s.funcs) == 0 {
			return b
		}
		return s.appendSymbol(append(b, '#'), in)
	}
	if name, ok := helper(in); ok {
		b = append(b, name...)
	} else {
		b = s.appendSymbol(b, in)
	}
	return strconv.AppendInt(append(b, '#'), int64(in.Imm), 10)
}

func (s *symbols) appendSymbol(b []byte, in bytecode.Insn) []byte {
	addr := s.address(in)
	if sym, ok := s.named[addr]; ok {
		return append(b, sym.Name...)
	}
	return strconv.AppendUint(append(b, "0x"...), addr, 16)
}

// AppendLoad implements [bytecode.Namer].
func (s *symbols) AppendLoad(b []byte, list []bytecode.Insn, at int) []byte {
	in, high := list[at], int64(list[at+1].Imm)
	switch in.Src {
	case bytecode.LoadMap:
		b = strconv.AppendInt(append(b, "map[id:"...), int64(in.Imm), 10)
		return append(b, ']')
	case bytecode.LoadValue:
		b = strconv.AppendInt(append(b, "map[id:"...), int64(in.Imm), 10)
		return strconv.AppendInt(append(b, "][0]+"...), high, 10)
	case bytecode.LoadValueIndex:
		b = strconv.AppendInt(append(b, "map[idx:"...), int64(in.Imm), 10)
		return strconv.AppendInt(append(b, "]+"...), high, 10)
	case bytecode.LoadFunc:
		return append(bytecode.AppendSigned(append(b, "subprog["...), int64(in.Imm)), ']')
	}
	return strconv.AppendUint(append(b, "0x"...), bytecode.Long(list, at), 16)
}
