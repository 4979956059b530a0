package decl

import (
	"strconv"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// define writes a type, unless that was done or nothing is to be written.
func (p *goPrinter) define(id btf.ID) {
	t := p.get(id)
	named := p.names.same[id] == id
	if p.is(id, emitted) || !named && p.names.values[id] == nil {
		return
	}
	p.set(id, emitted)
	switch t.Kind {
	case btf.Struct:
		p.defineType(t, p.structText(p.layout(t, 0)))
	case btf.Union:
		p.mentionMembers(t)
		p.defineType(t, goBlock(uint64(t.Size()), uint64(p.alignOf(id))).text)
	case btf.Enum, btf.Enum64:
		if named {
			p.defineType(t, goEnum(t).text)
		}
		p.defineValues(t)
	case btf.Typedef:
		p.defineAlias(t)
	}
}

// defineType writes a type that has a name of its own.
func (p *goPrinter) defineType(t btf.Type, text string) {
	is := p.names.c[t.ID]
	if t.Name != "" {
		is = keyword(t) + " " + is
	}
	name := p.names.types[t.ID]
	p.put("\n// ", name, " is ", oneLine(is))
	if t.Kind == btf.Union && t.Len() > 0 {
		p.put(", one of:\n//")
		for _, m := range p.membersInC(t) {
			p.put("\n//\t", m)
		}
	} else {
		p.put(".")
	}
	p.put("\ntype ", name, " ")
	p.put(tabulate(text))
	p.put("\n")
}

// defineAlias writes a typedef.
func (p *goPrinter) defineAlias(t btf.Type) {
	name := p.names.types[t.ID]
	g, ok := p.typeOf(t.Ref(), 0)
	p.put("\n// ", name, " is ", oneLine(t.Name))
	switch {
	case !ok:
		p.put(", which has no values: ", p.inC(t.Ref(), t.Name), "\n")
		return
	case g.opaque:
		p.put(":\n//\n//\t", p.inC(t.Ref(), t.Name))
	default:
		p.put(".")
	}
	p.put("\ntype ", name, " = ")
	p.put(tabulate(g.text))
	p.put("\n")
}

// defineValues writes the enumerators of a type. Those of one without a name in
// Go, or that is not a number there, have no type.
func (p *goPrinter) defineValues(t btf.Type) {
	typ := ""
	if p.names.same[t.ID] != 0 && isNumber(uint64(t.Size())) {
		typ = p.names.types[t.ID]
	}
	p.put(valueTable(t, p.names.values[t.ID], typ))
}

// valueTable returns the declarations of the enumerators of a type by their names
// in Go, or "" if it has none. typ is their type, or "".
func valueTable(t btf.Type, names []string, typ string) string {
	var text []byte
	for i, name := range names {
		e := t.Enumerator(i)
		text = append(text, '\t')
		text = append(text, name...)
		if typ != "" {
			text = append(append(text, '\v'), typ...)
		}
		text = append(text, "\v= "...)
		text = appendValue(text, t, e.Value)
		if c := oneLine(e.Name); name != e.Name && c != "" {
			if typ == "" {
				text = append(text, '\v')
			}
			text = append(append(text, "\v// "...), c...)
		}
		text = append(text, '\n')
	}
	if len(text) == 0 {
		return ""
	}
	return "\nconst (\n" + tabulate(string(text)) + ")\n"
}

// appendValue appends the value of an enumerator of t, in the bits of its type.
func appendValue(text []byte, t btf.Type, v int64) []byte {
	unused := 64 - 8*min(t.Size(), 8)
	if t.Kind == btf.Enum {
		unused = max(unused, 32)
	}
	if t.Size() == 0 {
		unused = 0
	}
	if t.Flag {
		return strconv.AppendInt(text, v<<unused>>unused, 10)
	}
	return strconv.AppendUint(text, uint64(v)<<unused>>unused, 10)
}
