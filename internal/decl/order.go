package decl

import (
	"fmt"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// order puts a type and what it needs into the queue, what is needed first, and
// reports whether who refers to it needs it complete: a declaration of its name
// is enough otherwise. via is whether it was reached through a pointer.
//
// Once a type has been put in order it counts as needed: it is complete anyway.
func (p *printer) order(id btf.ID, via bool) bool {
	if p.is(id, ordered) {
		return true
	}
	if !p.enter(id) {
		return false
	}
	defer p.leave()
	switch t := p.get(id); t.Kind {
	case btf.Pointer:
		strong := p.order(t.Ref(), true)
		p.set(id, ordered)
		return strong
	case btf.Array:
		elem, _, _ := t.Array()
		return p.order(elem, false)
	case btf.Struct, btf.Union:
		return p.orderMembers(t, via)
	case btf.Enum, btf.Enum64, btf.Forward:
		if t.Name != "" || !p.is(id, referenced) {
			p.queue = append(p.queue, id)
		}
		p.set(id, ordered)
		return true
	case btf.Typedef:
		if strong := p.order(t.Ref(), via); via && !strong {
			return false
		}
		p.queue = append(p.queue, id)
		p.set(id, ordered)
		return true
	case btf.Volatile, btf.Const, btf.Restrict, btf.TypeTag:
		return p.order(t.Ref(), via)
	case btf.FuncProto:
		return p.orderSignature(t, via)
	default:
		p.set(id, ordered)
		return false
	}
}

// orderMembers is order for a struct or union.
func (p *printer) orderMembers(t btf.Type, via bool) bool {
	if via && t.Name != "" {
		return false
	}
	if p.is(t.ID, ordering) {
		p.fail(fmt.Errorf("type %d contains itself", t.ID))
		return false
	}
	p.set(t.ID, ordering)
	for i := range t.Len() {
		p.order(t.Place(i).Type, false)
	}
	if t.Name != "" {
		p.queue = append(p.queue, t.ID)
	}
	p.clear(t.ID, ordering)
	p.set(t.ID, ordered)
	return true
}

// orderSignature is order for a function prototype, which needs what any part of
// it needs.
func (p *printer) orderSignature(t btf.Type, via bool) bool {
	strong := p.order(t.Ref(), via)
	for i := range t.Len() {
		if p.order(t.Param(i).Type, via) {
			strong = true
		}
	}
	return strong
}

// idle reports whether a type would not make anything be written any more, and
// marks it as done. It is for what is left when all that is for a number,
// enumeration, struct or signature is written: of more than half of a kernel's
// types, such as pointers, only those to forwards and the like are worth sorting.
func (p *printer) idle(id btf.ID) bool {
	if p.is(id, ordered) {
		return true
	}
	if !p.enter(id) {
		return false
	}
	idle := p.idleParts(id)
	p.leave()
	if idle {
		p.set(id, ordered)
	}
	return idle
}

// idleParts is idle for what a type refers to.
func (p *printer) idleParts(id btf.ID) bool {
	switch t := p.spec.Shape(id); t.Kind {
	case btf.Struct, btf.Union:
		return p.get(id).Name == "" && !p.is(id, ordering) && p.idleMembers(t)
	case btf.FuncProto:
		for i := range t.Len() {
			if !p.idle(t.Param(i).Type) {
				return false
			}
		}
		return p.idle(t.Ref())
	default:
		next, ok := reference(t)
		return ok && t.Kind != btf.Typedef && p.idle(next)
	}
}

func (p *printer) idleMembers(t btf.Type) bool {
	p.set(t.ID, ordering)
	defer p.clear(t.ID, ordering)
	for i := range t.Len() {
		if !p.idle(t.Place(i).Type) {
			return false
		}
	}
	return true
}
