package core

import "github.com/gobpftool/gobpftool/internal/btf"

// levels is how deep types may be within each other for them to be compared.
//
// Source: what libbpf 1.8 refuses.
const levels = 32

// agree reports whether two types of one name are of the same sort: names further down do
// not count, nor do sizes.
func (m *matcher) agree(local, target btf.ID, level int) (bool, error) {
	if !compatible(m.local.Kind(local), m.target.Kind(target)) {
		return false, nil
	}
	for range levels {
		if err := m.spend(); err != nil {
			return false, err
		}
		a, b, err := m.resolve(local, target)
		if err != nil || !compatible(a.Kind, b.Kind) {
			return false, err
		}
		switch a.Kind {
		case btf.Void, btf.Struct, btf.Union, btf.Enum, btf.Enum64, btf.Forward:
			return true, nil
		case btf.Int:
			return aligned(a) && aligned(b), nil
		case btf.Pointer:
			local, target = a.Ref(), b.Ref()
		case btf.Array:
			local, _, _ = a.Array()
			target, _, _ = b.Array()
		case btf.FuncProto:
			ok, err := m.params(a, b, level, func(x, y btf.ID) (bool, error) {
				p, q, err := m.resolve(x, y)
				if err != nil {
					return false, err
				}
				return m.agree(p.ID, q.ID, level-1)
			})
			if err != nil || !ok {
				return false, err
			}
			local, target = a.Ref(), b.Ref()
		default:
			return false, nil
		}
	}
	return false, errTooDeep
}

// resolve returns the types that two stand for.
func (m *matcher) resolve(local, target btf.ID) (a, b btf.Type, err error) {
	if a, err = m.local.Resolve(local); err == nil {
		b, err = m.target.Resolve(target)
	}
	return a, b, err
}

// params reports whether two prototypes have the same number of parameters, and the same
// can be said of each two.
func (m *matcher) params(a, b btf.Type, level int, same func(x, y btf.ID) (bool, error)) (bool, error) {
	if a.Len() != b.Len() {
		return false, nil
	}
	for i := range a.Len() {
		if level <= 0 {
			return false, errTooDeep
		}
		if ok, err := same(a.Param(i).Type, b.Param(i).Type); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// matches reports whether the kernel's type has all that the object's has, with the same
// names and of the same types; behind a pointer the name of a struct is enough.
func (m *matcher) matches(local, target btf.ID, pointed bool, level int) (bool, error) {
	if level <= 0 {
		return false, errTooDeep
	}
	for range levels {
		if err := m.spend(); err != nil {
			return false, err
		}
		a, b, err := m.resolve(local, target)
		if err != nil || !sameName(a.Name, b.Name) {
			return false, err
		}
		if kindsDiffer(a, b) && a.Kind != btf.Forward && !isComposite(a.Kind) {
			return false, nil
		}
		switch a.Kind {
		case btf.Void:
			return true, nil
		case btf.Forward:
			return matchForward(a, b, pointed), nil
		case btf.Enum, btf.Enum64:
			return m.enumsMatch(a, b)
		case btf.Struct, btf.Union:
			if pointed {
				return a.Kind == b.Kind || b.Kind == btf.Forward && b.Flag == (a.Kind == btf.Union), nil
			}
			if a.Kind != b.Kind {
				return false, nil
			}
			return m.membersMatch(a, b, level)
		case btf.Int:
			x, _, _ := a.Int()
			y, _, _ := b.Int()
			return a.Size() == b.Size() && x&btf.Signed == y&btf.Signed, nil
		case btf.Pointer:
			pointed = true
			local, target = a.Ref(), b.Ref()
		case btf.Array:
			elem, _, n := a.Array()
			other, _, m := b.Array()
			if n != m {
				return false, nil
			}
			local, target = elem, other
		case btf.FuncProto:
			ok, err := m.params(a, b, level, func(x, y btf.ID) (bool, error) { return m.matches(x, y, pointed, level-1) })
			if err != nil || !ok {
				return false, err
			}
			local, target = a.Ref(), b.Ref()
		default:
			return false, nil
		}
	}
	return false, errTooDeep
}

// kindsDiffer reports whether two types are of different kinds, where those of enumerations
// count as one.
func kindsDiffer(a, b btf.Type) bool { return !compatible(a.Kind, b.Kind) }

// sameName compares names without their flavours.
func sameName(local, target string) bool {
	if target == "" {
		return local == ""
	}
	return essential(local) == essential(target)
}

// matchForward reports whether the kernel's type is what a declaration is for.
func matchForward(a, b btf.Type, pointed bool) bool {
	switch {
	case b.Kind == btf.Forward:
		return a.Flag == b.Flag
	case !pointed:
		return false
	}
	return b.Kind == btf.Struct && !a.Flag || b.Kind == btf.Union && a.Flag
}

// enumsMatch reports whether an enumeration has all names of another, and its size.
func (m *matcher) enumsMatch(a, b btf.Type) (bool, error) {
	if a.Size() != b.Size() || a.Len() > b.Len() {
		return false, nil
	}
	for i := range a.Len() {
		name := a.Enumerator(i).Name
		found := false
		for j := 0; j < b.Len() && !found; j++ {
			if err := m.spend(); err != nil {
				return false, err
			}
			found = sameName(name, b.Enumerator(j).Name)
		}
		if !found {
			return false, nil
		}
	}
	return true, nil
}

// membersMatch reports whether a struct has all members of another.
func (m *matcher) membersMatch(a, b btf.Type, level int) (bool, error) {
	if a.Len() > b.Len() {
		return false, nil
	}
	for i := range a.Len() {
		x := a.Member(i)
		found := false
		for j := 0; j < b.Len() && !found; j++ {
			if err := m.spend(); err != nil {
				return false, err
			}
			y := b.Member(j)
			if !sameName(x.Name, y.Name) {
				continue
			}
			var err error
			if found, err = m.matches(x.Type, y.Type, false, level-1); err != nil {
				return false, err
			}
		}
		if !found {
			return false, nil
		}
	}
	return true, nil
}
