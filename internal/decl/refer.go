package decl

import "github.com/gobpftool/gobpftool/internal/btf"

// markReferenced marks the types that others refer to. The result of a function
// does not count, as for bpftool.
func (p *printer) markReferenced() {
	for id := btf.ID(1); id < p.spec.Len(); id++ {
		switch t := p.spec.Shape(id); t.Kind {
		case btf.Array:
			elem, _, _ := t.Array()
			p.set(elem, referenced)
		case btf.Struct, btf.Union:
			for i := range t.Len() {
				p.set(t.Place(i).Type, referenced)
			}
		case btf.FuncProto:
			for i := range t.Len() {
				p.set(t.Param(i).Type, referenced)
			}
		case btf.Datasec:
			for i := range t.Len() {
				p.set(t.Variable(i).Type, referenced)
			}
		default:
			if isReference(t.Kind) || t.Kind == btf.Func || t.Kind == btf.Var {
				p.set(t.Ref(), referenced)
			}
		}
	}
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
