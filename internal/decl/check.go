package decl

import (
	"fmt"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// check looks at all types once: that what they refer to exists and their names
// can be read. It marks those which others refer to.
func (p *printer) check() error {
	for id := btf.ID(1); id < p.spec.Len(); id++ {
		t, err := p.spec.Type(id)
		if err != nil {
			return err
		}
		if t.Name == btf.Invalid {
			return fmt.Errorf("type %d: name outside of the strings", id)
		}
		if err := p.checkParts(t); err != nil {
			return fmt.Errorf("type %d: %w", id, err)
		}
	}
	return nil
}

// checkParts marks what t refers to.
func (p *printer) checkParts(t btf.Type) error {
	switch t.Kind {
	case btf.Array:
		elem, _, _ := t.Array()
		return p.refer(elem)
	case btf.Struct, btf.Union:
		for i := range t.Len() {
			m := t.Member(i)
			if err := p.referBy(m.Name, m.Type); err != nil {
				return fmt.Errorf("member %d: %w", i, err)
			}
		}
	case btf.Enum, btf.Enum64:
		for i := range t.Len() {
			if t.Enumerator(i).Name == btf.Invalid {
				return fmt.Errorf("value %d: name outside of the strings", i)
			}
		}
	case btf.FuncProto:
		// The result does not count as referred to, as for bpftool.
		if t.Ref() >= p.spec.Len() {
			return fmt.Errorf("result: type %d of %d", t.Ref(), p.spec.Len())
		}
		for i := range t.Len() {
			a := t.Param(i)
			if err := p.referBy(a.Name, a.Type); err != nil {
				return fmt.Errorf("parameter %d: %w", i, err)
			}
		}
	case btf.Datasec:
		for i := range t.Len() {
			if err := p.refer(t.Variable(i).Type); err != nil {
				return fmt.Errorf("variable %d: %w", i, err)
			}
		}
	default:
		if isReference(t.Kind) || t.Kind == btf.Func || t.Kind == btf.Var {
			return p.refer(t.Ref())
		}
	}
	return nil
}

// isReference reports whether a type of kind k stands for, points to or tags
// just one other.
func isReference(k btf.Kind) bool {
	switch k {
	case btf.Pointer, btf.Typedef, btf.Volatile, btf.Const, btf.Restrict, btf.DeclTag, btf.TypeTag:
		return true
	}
	return false
}

func (p *printer) referBy(name string, id btf.ID) error {
	if name == btf.Invalid {
		return fmt.Errorf("name outside of the strings")
	}
	return p.refer(id)
}

func (p *printer) refer(id btf.ID) error {
	if id >= p.spec.Len() {
		return fmt.Errorf("type %d of %d", id, p.spec.Len())
	}
	p.set(id, referenced)
	return nil
}
