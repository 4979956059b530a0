package decl

import "github.com/gobpftool/gobpftool/internal/btf"

// emit writes what must stand before the use of a type within the type
// container, or if container is 0, the definition of the type too.
func (p *cPrinter) emit(id, container btf.ID) {
	if p.is(id, emitted) || !p.enter(id) {
		return
	}
	defer p.leave()
	t := p.get(id)
	if p.is(id, emitting) {
		p.emitEarly(t, container)
		return
	}
	switch t.Kind {
	case btf.Int:
		p.cAlias(t)
		p.set(id, emitted)
	case btf.Enum, btf.Enum64:
		if container == 0 {
			p.cEnum(t, 0)
			p.end()
		}
		p.set(id, emitted)
	case btf.Forward:
		p.cForward(t)
		p.end()
		p.set(id, emitted)
	case btf.Typedef:
		p.set(id, emitting)
		p.emit(t.Ref(), id)
		p.emitTypedef(t)
		p.set(id, emitted)
	case btf.Struct, btf.Union:
		p.emitStruct(t, container)
	case btf.Array:
		elem, _, _ := t.Array()
		p.emit(elem, container)
	case btf.FuncProto:
		p.emit(t.Ref(), container)
		for i := range t.Len() {
			p.emit(t.Param(i).Type, container)
		}
	default:
		if isReference(t.Kind) {
			p.emit(t.Ref(), container)
		}
	}
}

// emitEarly declares a type that is used, by itself or by another, before it can
// be complete.
func (p *cPrinter) emitEarly(t btf.Type, container btf.ID) {
	switch t.Kind {
	case btf.Struct, btf.Union:
		if t.Name != "" {
			p.emitForward(t, container)
		}
	case btf.Typedef:
		p.emitTypedef(t)
	}
}

// emitForward declares the name of a struct or union, unless that was done or it
// is used within its own definition.
func (p *cPrinter) emitForward(t btf.Type, container btf.ID) {
	if p.is(t.ID, forwarded) || t.ID == container {
		return
	}
	if p.set(t.ID, forwarded); p.announces(t) {
		return
	}
	p.cTag(t)
	p.end()
}

func (p *cPrinter) emitTypedef(t btf.Type) {
	if p.is(t.ID, forwarded) {
		return
	}
	if p.cTypedef(t) {
		p.end()
	}
	p.set(t.ID, forwarded)
}

// emitStruct writes a struct or union, or what its use within container needs.
func (p *cPrinter) emitStruct(t btf.Type, container btf.ID) {
	top := container == 0
	if !top && t.Name != "" {
		p.emitForward(t, container)
		return
	}
	p.set(t.ID, emitting)
	if t.Name != "" {
		container = t.ID
	}
	for i := range t.Len() {
		p.emit(t.Place(i).Type, container)
	}
	p.clear(t.ID, emitting)
	if top {
		guarded := p.cGuard(t)
		p.cStruct(t, 0)
		p.end()
		if guarded {
			p.put("#endif\n\n")
		}
		p.set(t.ID, emitted)
	}
}

// end ends a declaration.
func (p *cPrinter) end() { p.put(";\n\n") }
