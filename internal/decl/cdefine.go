package decl

import (
	"strconv"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// indent ends a line and begins one with tabs.
func (p *cPrinter) indent(tabs int) {
	p.put("\n")
	for range tabs {
		p.b = append(p.b, '\t')
	}
}

// keyword returns what a tag stands behind.
func keyword(t btf.Type) string {
	switch {
	case t.Kind == btf.Union, t.Kind == btf.Forward && t.Flag:
		return "union"
	case t.Kind == btf.Enum, t.Kind == btf.Enum64:
		return "enum"
	}
	return "struct"
}

// cTag writes a struct, union, enumeration or forward by its name.
func (p *cPrinter) cTag(t btf.Type) {
	p.put(keyword(t))
	if t.Name != "" {
		p.put(" ")
		p.write(p.tag(t))
	}
}

func (p *cPrinter) cForward(t btf.Type) {
	p.put(keyword(t), " ", p.tag(t))
}

// cStruct writes the definition of a struct or union whose first line has been
// indented by tabs.
func (p *cPrinter) cStruct(t btf.Type, tabs int) {
	p.cTag(t)
	p.put(" {")
	packed := p.packed(t)
	end, inBits := uint64(0), false // of the last member; whether it is a bitfield
	for i := range t.Len() {
		m := t.Member(i)
		if !p.step(t.ID) {
			return
		}
		align := uint64(1)
		if !packed {
			align = uint64(p.alignOf(m.Type))
		}
		p.cFill(t.ID, gap{end, uint64(m.Offset), 8 * align, inBits && m.Bits != 0}, tabs+1)
		p.cMember(m, tabs+1)
		if inBits = m.Bits != 0; inBits {
			end = uint64(m.Offset) + uint64(m.Bits)
		} else {
			end = uint64(m.Offset) + p.bitsOf(m.Type)
		}
	}
	if t.Kind == btf.Struct {
		p.cFill(t.ID, gap{from: end, to: 8 * uint64(t.Size()), align: 8 * uint64(p.alignOf(t.ID))}, tabs+1)
	}
	if t.Len() > 0 || t.Size() > 0 {
		p.indent(tabs)
	}
	p.put("}")
	if packed {
		p.put(" __attribute__((packed))")
	}
}

func (p *cPrinter) cMember(m btf.Member, tabs int) {
	p.indent(tabs)
	p.cDeclare(m.Type, m.Name, tabs)
	if m.Bits != 0 {
		p.put(": ")
		p.b = strconv.AppendUint(p.b, uint64(m.Bits), 10)
	}
	p.put(";")
}

// cFill writes padding into a gap of a struct.
func (p *cPrinter) cFill(id btf.ID, g gap, tabs int) {
	p.fill(g, func(name string, bits uint64) bool {
		p.indent(tabs)
		p.put(name, ": ")
		p.b = strconv.AppendUint(p.b, bits, 10)
		p.put(";")
		return p.step(id)
	})
}

// cEnum writes the definition of an enumeration whose first line has been
// indented by tabs. Without values it is only declared.
func (p *cPrinter) cEnum(t btf.Type, tabs int) {
	p.cTag(t)
	if t.Len() == 0 {
		return
	}
	p.put(" {")
	for i := range t.Len() {
		e := t.Enumerator(i)
		if !p.step(t.ID) {
			return
		}
		if p.leavesOut(t, e.Name) {
			continue
		}
		p.indent(tabs + 1)
		p.write(p.enumerator(e.Name))
		p.put(" = ")
		p.cValue(t, e.Value)
		p.put(",")
	}
	p.indent(tabs)
	p.put("}", p.cMode(t))
}

// cValue writes the value of an enumerator of t.
func (p *cPrinter) cValue(t btf.Type, v int64) {
	switch {
	case t.Flag:
		p.b = strconv.AppendInt(p.b, v, 10)
	case t.Kind == btf.Enum:
		p.b = strconv.AppendUint(p.b, uint64(uint32(v)), 10)
	default:
		p.b = strconv.AppendUint(p.b, uint64(v), 10)
	}
	switch {
	case t.Kind == btf.Enum:
	case t.Flag:
		p.put("LL")
	default:
		p.put("ULL")
	}
}

// cMode returns the attribute that gives an enumeration its size, if that is
// not what follows from its values.
func (p *cPrinter) cMode(t btf.Type) string {
	switch {
	case t.Size() == 1:
		return " __attribute__((mode(byte)))"
	case t.Size() != 8 || p.pointer != 8:
		return ""
	case t.Kind == btf.Enum64:
		for i := range t.Len() {
			if uint64(t.Enumerator(i).Value)>>32 != 0 {
				return ""
			}
		}
	}
	return " __attribute__((mode(word)))"
}

// cTypedef writes a typedef, and reports whether it did: one is known to all
// compilers, and another is known to be described wrongly by old ones.
func (p *cPrinter) cTypedef(t btf.Type) bool {
	switch {
	case t.Name == "__builtin_va_list":
		return false
	case t.Name == "__gnuc_va_list" && t.Ref() == 0:
		p.put("typedef __builtin_va_list __gnuc_va_list")
		return true
	}
	p.put("typedef ")
	p.cDeclare(t.Ref(), p.unique(t, p.names.idents), 0)
	return true
}

// cAliases are the types of GCC for Arm that other compilers do not know.
var cAliases = map[string]string{
	"__Poly8_t":   "unsigned char",
	"__Poly16_t":  "unsigned short",
	"__Poly64_t":  "unsigned long long",
	"__Poly128_t": "unsigned __int128",
}

func (p *cPrinter) cAlias(t btf.Type) {
	if of, ok := cAliases[t.Name]; ok {
		p.put("typedef ", of, " ", t.Name)
		p.end()
	}
}
