package btfdiff

import (
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/decl"
)

// same reports whether two types are written alike in C: pointers, arrays,
// qualifiers and prototypes down to the next names. Structs, unions and
// enumerations without names are alike if they are placed where what they are
// made of is compared by itself, else if that is the same.
func (d *Diff) same(old, new btf.ID, placed bool) bool {
	if !d.enter(old, new) {
		return false
	}
	defer d.leave()
	for range maxDepth {
		a, qualifiers := d.old.qualified(old)
		b, others := d.new.qualified(new)
		if qualifiers != others || !d.step(old, new) {
			return false
		}
		switch {
		case a.Kind == btf.Pointer && b.Kind == btf.Pointer:
			old, new = a.Ref(), b.Ref()
		case a.Kind == btf.TypeTag && b.Kind == btf.TypeTag && a.Name == b.Name && a.Flag == b.Flag:
			old, new = a.Ref(), b.Ref()
		case a.Kind == btf.Array && b.Kind == btf.Array:
			x, _, n := a.Array()
			y, _, m := b.Array()
			if n != m {
				return false
			}
			old, new = x, y
		default:
			return d.sameEnd(a, b, placed)
		}
	}
	d.fail(old, new, "they have no end")
	return false
}

// sameEnd is same for types that do not point to others.
func (d *Diff) sameEnd(a, b btf.Type, placed bool) bool {
	switch a.Kind {
	case btf.Int:
		return b.Kind == btf.Int && (a.Name == b.Name || key(a) == key(b))
	case btf.FuncProto:
		return b.Kind == btf.FuncProto && d.samePrototype(a, b)
	case btf.Struct, btf.Union, btf.Forward, btf.Enum, btf.Enum64:
		switch {
		case !isTagged(b) || kindName(a) != kindName(b) || a.Name != b.Name:
			return false
		case a.Name != "" || placed:
			return true
		}
		return d.sameParts(a, b)
	}
	return a.Kind == b.Kind && a.Name == b.Name
}

// isTagged reports whether a type stands behind struct, union or enum.
func isTagged(t btf.Type) bool {
	c, ok := classOf(t.Kind)
	return ok && (c == Structs || c == Enums)
}

// samePrototype compares prototypes. The names of parameters are part of them.
func (d *Diff) samePrototype(a, b btf.Type) bool {
	if a.Len() != b.Len() || !d.same(a.Ref(), b.Ref(), false) {
		return false
	}
	for i := range a.Len() {
		p, q := a.Param(i), b.Param(i)
		if p.Name != q.Name || !d.same(p.Type, q.Type, false) {
			return false
		}
	}
	return true
}

// sameParts compares what types are made of that have no names.
func (d *Diff) sameParts(a, b btf.Type) bool {
	if !d.enter(a.ID, b.ID) {
		return false
	}
	defer d.leave()
	f := &Finding{}
	if kindName(a) == "enum" {
		d.values(f, a, b)
	} else {
		d.fields(f, "", frame{t: a}, frame{t: b})
	}
	return a.Size() == b.Size() && f.isEmpty()
}

// The qualifiers of a type, as bits.
const (
	isConst = 1 << iota
	isVolatile
	isRestrict
)

// qualified takes the qualifiers off a type. Those of arrays and functions say
// nothing: compilers do not agree about them.
func (s *side) qualified(id btf.ID) (t btf.Type, qualifiers int) {
	for range maxDepth {
		switch t = s.get(id); t.Kind {
		case btf.Const:
			qualifiers |= isConst
		case btf.Volatile:
			qualifiers |= isVolatile
		case btf.Restrict:
			qualifiers |= isRestrict
		case btf.Array, btf.FuncProto:
			return t, 0
		default:
			return t, qualifiers
		}
		id = t.Ref()
	}
	return btf.Type{}, qualifiers // a loop of qualifiers is as good as void
}

// inner returns the struct, union or enumeration without a name that a type
// consists of, points to, or is an array of, and how its parts are written: after
// ".", "->" or "[].".
func (s *side) inner(id btf.ID) (t btf.Type, how string, ok bool) {
	for range maxDepth {
		switch t, _ = s.qualified(id); {
		case t.Kind == btf.Pointer:
			how += "->"
			id = t.Ref()
		case t.Kind == btf.TypeTag:
			id = t.Ref()
		case t.Kind == btf.Array:
			how += "[]"
			id, _, _ = t.Array()
		default:
			if how == "" || how[len(how)-1] != '>' {
				how += "."
			}
			return t, how, t.Name == "" && t.Kind != btf.Forward && isTagged(t)
		}
	}
	return t, how, false
}

// spelled returns two types spelled in C.
func (d *Diff) spelled(old, new btf.ID) *Pair[string] {
	return both(decl.Spell(d.old.spec, old), decl.Spell(d.new.spec, new))
}
