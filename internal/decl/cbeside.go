package decl

import (
	"slices"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/uapi"
)

// What headers define beside the declarations is of three kinds. What one header
// surely has is left out; if it is needed complete, the declarations include the
// header. What depends on conditions keeps the kernel's definition under a name
// with a number, like all but the first of several types with one name. And
// typedefs of numbers that are the same in both stay: C allows that.
type beside struct {
	*uapi.Headers
	left      map[btf.ID]string // the header of a type that is left out
	included  map[string]bool   // headers that are needed
	names     map[string]bool   // structs and unions that are only declared, such as "struct iphdr"
	macros    map[string]bool   // names that are written, but are macros of headers
	sockets   bool              // struct sockaddr is written
	registers bool              // a struct of <asm/ptrace.h> is written
}

// leaveOut marks what headers define: as done, or its name as taken.
func (p *cPrinter) leaveOut(headers *uapi.Headers) {
	p.beside = &beside{Headers: headers, left: map[btf.ID]string{}, included: map[string]bool{}, names: map[string]bool{}, macros: map[string]bool{}}
	for id := btf.ID(1); id < p.spec.Len() && p.err == nil; id++ {
		switch t := p.get(id); t.Kind {
		case btf.Forward:
			if p.announces(t) {
				p.set(t.ID, ordered|emitted)
			}
		case btf.Struct, btf.Union:
			p.leaveOutTag(t, ordered) // its name may have to be declared
		case btf.Enum, btf.Enum64:
			p.leaveOutTag(t, ordered|emitted)
			p.leaveOutValues(t)
		case btf.Typedef:
			p.leaveOutTypedef(t)
		}
	}
}

// leaveOutTag leaves out a struct, union or enumeration that headers define. What
// is in <asm/ptrace.h> stays, see cGuard.
func (p *cPrinter) leaveOutTag(t btf.Type, done state) {
	if d := p.beside.Tag(t.Name); d != nil && !d.Registers {
		p.leaveOutType(t, d, p.names.tags, done)
	}
}

func (p *cPrinter) leaveOutTypedef(t btf.Type) {
	d := p.beside.Typedef(t.Name)
	if d == nil {
		return
	}
	if of, err := p.spec.Resolve(t.ID); err == nil && of.Kind == btf.Int && p.beside.IsNumber(t.Name, of.Name) {
		return
	}
	p.leaveOutType(t, d, p.names.idents, ordered|emitted)
}

func (p *cPrinter) leaveOutType(t btf.Type, d *uapi.Definition, names map[string]uint32, done state) {
	if d.Header == "" {
		names[t.Name] = 1
		return
	}
	p.beside.left[t.ID] = d.Header
	p.set(t.ID, done)
}

// leaveOutValues marks the names of values as taken. Those of an enumeration that
// has no other use are left out, and so is the enumeration if there are no more.
func (p *cPrinter) leaveOutValues(t btf.Type) {
	kept := 0
	for i := range t.Len() {
		if name := t.Enumerator(i).Name; p.beside.Enumerator(name) {
			p.names.idents[name] = 1
		} else {
			kept++
		}
	}
	if kept == 0 && p.onlyValues(t) {
		p.set(t.ID, ordered|emitted)
	}
}

// onlyValues reports whether an enumeration is nothing but names for values.
func (p *cPrinter) onlyValues(t btf.Type) bool { return t.Name == "" && !p.is(t.ID, referenced) }

// leavesOut reports whether the value of an enumeration is left out.
func (p *cPrinter) leavesOut(t btf.Type, value string) bool {
	return p.beside != nil && p.onlyValues(t) && p.beside.Enumerator(value)
}

// include notes the header of a type that is left out, if its definition is
// needed: to what points to a struct the name is enough. d is what is declared, or
// nil if the type itself is asked for.
func (p *cPrinter) include(t btf.Type, d *declarator) {
	if p.beside == nil {
		return
	}
	header, ok := p.beside.left[t.ID]
	if ok && (!isStruct(t.Kind) || d == nil || !d.isPointer()) {
		p.beside.included[header] = true
	}
}

func isStruct(k btf.Kind) bool { return k == btf.Struct || k == btf.Union }

// isPointer reports whether the rest of a chain starts with a pointer, from the
// inside.
func (d *declarator) isPointer() bool {
	for _, t := range slices.Backward(d.chain) {
		if qualifier(t.Kind) == "" && t.Kind != btf.TypeTag {
			return t.Kind == btf.Pointer
		}
	}
	return false
}

// announces reports whether headers define a struct or union that is about to be
// declared. That is done before all else: what is declared among the others gets
// attributes that would become those of the header's definition.
func (p *cPrinter) announces(t btf.Type) bool {
	if p.beside == nil {
		return false
	}
	d := p.beside.Tag(t.Name)
	if d == nil || t.Kind != btf.Forward && d.Header == "" && !d.Registers {
		return false
	}
	p.beside.names[keyword(t)+" "+t.Name] = true
	return true
}

// write writes a name that must not be taken for a macro.
func (p *cPrinter) write(name string) {
	if p.beside != nil && p.beside.Macro(name) {
		p.beside.macros[name] = true
	}
	p.put(name)
}
