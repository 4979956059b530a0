package decl

import (
	"fmt"
	"strconv"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// A declarator is what stands around a name: a chain of types, from that of the
// name at its start to the one that begins the text at its end.
type declarator struct {
	chain []btf.Type
	name  string
	tabs  int
}

// cDeclare writes the declaration of a name of some type. The name may be empty;
// tabs is the indent of the line, for the members of structs without a name.
func (p *cPrinter) cDeclare(id btf.ID, name string, tabs int) {
	if !p.enter(id) {
		return
	}
	defer p.leave()
	base := len(p.chain)
	if p.chainOf(id); p.err == nil {
		d := declarator{p.chain[base:], name, tabs}
		p.cBase(&d)
		p.cAround(&d, false)
	}
	p.chain = p.chain[:base]
}

// chainOf collects the types of a declarator.
func (p *cPrinter) chainOf(id btf.ID) {
	for p.step(id) {
		t := p.get(id)
		if !p.bare || qualifier(t.Kind) == "" && t.Kind != btf.TypeTag {
			p.chain = append(p.chain, t)
		}
		switch t.Kind {
		case btf.Pointer, btf.Volatile, btf.Const, btf.Restrict, btf.TypeTag, btf.FuncProto:
			id = t.Ref()
		case btf.Array:
			id, _, _ = t.Array()
		default:
			return
		}
	}
}

// pop takes the last type off the chain.
func (d *declarator) pop() btf.Type {
	t := d.chain[len(d.chain)-1]
	d.chain = d.chain[:len(d.chain)-1]
	return t
}

// cBase writes the type that a declaration begins with, and its qualifiers.
func (p *cPrinter) cBase(d *declarator) {
	t := d.pop()
	for word := d.qualifier(); word != ""; word = d.qualifier() {
		p.put(word, " ")
	}
	p.include(t, d)
	switch t.Kind {
	case btf.Void:
		p.put("void")
	case btf.Int, btf.Float:
		p.put(t.Name)
	case btf.Typedef:
		p.put(p.unique(t, p.names.idents))
	case btf.Forward:
		p.cForward(t)
	case btf.Struct, btf.Union, btf.Enum, btf.Enum64:
		p.cTagged(t, d.tabs)
	default:
		p.fail(fmt.Errorf("type %d: nothing can be of this kind, %d", t.ID, t.Kind))
	}
}

// cTagged writes a struct, union or enumeration by its name, or what it is made of
// if it has none.
func (p *cPrinter) cTagged(t btf.Type, tabs int) {
	switch isEnum := t.Kind == btf.Enum || t.Kind == btf.Enum64; {
	case t.Name != "":
		p.cTag(t)
	case p.brief:
		p.put(keyword(t), " {...}")
	case isEnum:
		p.cEnum(t, tabs)
	default:
		p.cStruct(t, tabs)
	}
}

// qualifier takes a qualifier off the end of the chain: one of what has just been
// taken off. It returns "" if there is none.
func (d *declarator) qualifier() string {
	if len(d.chain) == 0 {
		return ""
	}
	word := qualifier(d.chain[len(d.chain)-1].Kind)
	if word != "" {
		d.pop()
	}
	return word
}

// dropQualifiers leaves out the qualifiers and tags of an array or a function:
// GCC describes those of the elements twice, and marks functions that do not
// return as volatile.
func (d *declarator) dropQualifiers() {
	for len(d.chain) > 0 {
		k := d.chain[len(d.chain)-1].Kind
		if qualifier(k) == "" && k != btf.TypeTag {
			return
		}
		d.pop()
	}
}

func qualifier(k btf.Kind) string {
	switch k {
	case btf.Const:
		return "const"
	case btf.Volatile:
		return "volatile"
	case btf.Restrict:
		return "restrict"
	}
	return ""
}

// cAround writes the rest of a declaration, from the inside of the chain to the
// name and what follows it. close is whether the name needs no space before it.
func (p *cPrinter) cAround(d *declarator, close bool) {
	for len(d.chain) > 0 {
		switch t := d.pop(); t.Kind {
		case btf.Pointer:
			if !close {
				p.put(" ")
			}
			p.put("*")
			close = true
		case btf.TypeTag:
			for word := d.qualifier(); word != ""; word = d.qualifier() {
				p.put(" ", word)
			}
			p.cTypeTag(t)
			close = false
		case btf.Array:
			p.cArray(d, t, close)
			return
		case btf.FuncProto:
			p.cSignature(d, t, close)
			return
		default:
			p.put(" ", qualifier(t.Kind))
			close = false
		}
	}
	p.cName(d, close)
}

func (p *cPrinter) cName(d *declarator, close bool) {
	if d.name != "" && !close {
		p.put(" ")
	}
	p.write(d.name)
}

func (p *cPrinter) cTypeTag(t btf.Type) {
	if t.Flag {
		p.put(" __attribute__((", t.Name, "))")
	} else {
		p.put(` __attribute__((btf_type_tag("`, t.Name, `")))`)
	}
}

// cArray writes the rest of the declaration of an array.
func (p *cPrinter) cArray(d *declarator, t btf.Type, close bool) {
	d.dropQualifiers()
	switch {
	case len(d.chain) == 0:
		p.cName(d, close)
	default:
		if d.name != "" && !close {
			p.put(" ")
		}
		if d.chain[len(d.chain)-1].Kind == btf.Array {
			p.cAround(d, true)
			break
		}
		if p.brief && d.name == "" && !close {
			p.put(" ")
		}
		p.put("(")
		p.cAround(d, true)
		p.put(")")
	}
	_, _, n := t.Array()
	p.put("[")
	p.b = strconv.AppendUint(p.b, uint64(n), 10)
	p.put("]")
}

// cSignature writes the rest of the declaration of a function, or of what
// points to one.
func (p *cPrinter) cSignature(d *declarator, t btf.Type, close bool) {
	d.dropQualifiers()
	if len(d.chain) > 0 {
		p.put(" (")
		p.cAround(d, true)
		p.put(")")
	} else {
		p.cName(d, close)
	}
	p.put("(")
	for i := range t.Len() {
		if i > 0 {
			p.put(", ")
		}
		a := t.Param(i)
		switch {
		case a.Type != 0 || i < t.Len()-1:
			p.cDeclare(a.Type, a.Name, d.tabs)
		case i == 0:
			p.put("void")
		default:
			p.put("...")
		}
	}
	if t.Len() == 0 {
		p.put("void")
	}
	p.put(")")
}
