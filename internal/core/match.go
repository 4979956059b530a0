package core

import (
	"errors"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// errTooDeep and errTooMuch are of types that nobody writes.
var (
	errTooDeep = errors.New("types too deep within each other")
	errTooMuch = errors.New("too many types to compare")
)

// How many parts of types are looked at for one answer, and for all of an object: few bytes
// can describe types that look alike for as long as they are looked at.
const (
	maxSteps    = 1 << 20
	maxAllSteps = 1 << 26
)

// A matcher compares a type of an object with one of a kernel.
type matcher struct {
	local  *btf.Spec
	target *btf.Spec
	left   int  // steps
	all    *int // steps that are left for the object
}

func (r *resolution) matcher(target *btf.Spec) *matcher {
	return &matcher{r.object.BTF, target, maxSteps, &r.steps}
}

// spend counts a step.
func (m *matcher) spend() error {
	m.left--
	*m.all--
	if m.left < 0 || *m.all < 0 {
		return errTooMuch
	}
	return nil
}

// match returns what an access to a type of the object is in a type of the kernel: nil if
// that has nothing of the kind.
func (m *matcher) match(kind names.Relocation, access *spec, id btf.ID) (*spec, error) {
	found := &spec{types: m.target, root: id}
	var ok bool
	var err error
	switch {
	case kind == typeMatches:
		ok, err = m.matches(access.root, id, false, levels)
	case asksType(kind):
		ok, err = m.agree(access.root, id, levels)
	case asksValue(kind):
		ok, err = found.findValue(access.steps[0].name)
	default:
		ok, err = m.follow(access, found)
	}
	if err != nil || !ok {
		return nil, err
	}
	return found, nil
}

// findValue finds the enumerator with a name.
func (s *spec) findValue(name string) (bool, error) {
	t, err := s.types.Resolve(s.root)
	if err != nil || !isEnum(t.Kind) {
		return false, err
	}
	name = essential(name)
	for i := range t.Len() {
		if e := t.Enumerator(i); essential(e.Name) == name {
			s.steps = []step{{t.ID, i, e.Name}}
			return true, nil
		}
	}
	return false, nil
}

// follow does the steps of an access in a type of the kernel.
func (m *matcher) follow(access, found *spec) (bool, error) {
	id := found.root
	for i, local := range access.steps {
		t, err := m.target.Resolve(id)
		if err != nil {
			return false, err
		}
		var ok bool
		switch id = t.ID; {
		case local.name != "":
			id, ok, err = m.member(local, t, found)
		case i == 0:
			ok, err = true, found.repeat(id, local.index)
		default:
			id, ok, err = found.nextElement(t, local.index)
		}
		if err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// repeat makes the n-th of several values of a type the next step.
func (s *spec) repeat(id btf.ID, n int) error {
	if s.depth == maxDepth {
		return errTooDeep
	}
	s.depth++
	s.steps = append(s.steps, step{in: id, index: n})
	return s.skip(id, n)
}

// nextElement makes an element of an array the next step, and returns its type.
func (s *spec) nextElement(array btf.Type, n int) (elem btf.ID, ok bool, err error) {
	if array.Kind != btf.Array {
		return 0, false, nil
	}
	id, _, length := array.Array()
	if !s.flexible(length) && uint32(n) >= length {
		return 0, false, nil
	}
	t, err := s.types.Resolve(id)
	if err != nil {
		return 0, false, err
	}
	return t.ID, true, s.repeat(t.ID, n)
}

// member makes the member that a step of the object leads to the next step, and returns
// its type. Members without a name are looked into.
func (m *matcher) member(local step, t btf.Type, found *spec) (id btf.ID, ok bool, err error) {
	if !isComposite(t.Kind) {
		return 0, false, nil
	}
	for i := range t.Len() {
		if err := m.spend(); err != nil {
			return 0, false, err
		}
		if found.depth == maxDepth {
			return 0, false, errTooDeep
		}
		part := t.Member(i)
		found.bits += part.Offset
		found.depth++
		switch {
		case part.Name == "":
			inner, err := m.target.Resolve(part.Type)
			if err != nil {
				return 0, false, err
			}
			if id, ok, err := m.member(local, inner, found); ok || err != nil {
				return id, ok, err
			}
		case part.Name == local.name:
			found.steps = append(found.steps, step{t.ID, i, part.Name})
			ok, err := m.fits(m.local.Shape(local.in).Place(local.index).Type, part.Type)
			return part.Type, ok, err
		}
		found.bits -= part.Offset
		found.depth--
	}
	return 0, false, nil
}

// fits reports whether a field of the object can be read where the kernel has another:
// numbers of any size for each other, structs and unions, pointers, enumerations of one
// name, arrays of what fits.
func (m *matcher) fits(local, target btf.ID) (bool, error) {
	for range levels {
		a, err := m.local.Resolve(local)
		if err != nil {
			return false, err
		}
		b, err := m.target.Resolve(target)
		if err != nil {
			return false, err
		}
		switch {
		case isComposite(a.Kind) && isComposite(b.Kind):
			return true, nil
		case !compatible(a.Kind, b.Kind):
			return false, nil
		}
		switch a.Kind {
		case btf.Pointer, btf.Float:
			return true, nil
		case btf.Forward, btf.Enum, btf.Enum64:
			x, y := essential(a.Name), essential(b.Name)
			return x == "" || y == "" || x == y, nil
		case btf.Int:
			return aligned(a) && aligned(b), nil
		case btf.Array:
			local, _, _ = a.Array()
			target, _, _ = b.Array()
		default:
			return false, nil
		}
	}
	return false, errTooDeep
}

// aligned reports whether a number starts at its first bit: others are from when BTF had
// no bitfields.
func aligned(t btf.Type) bool {
	_, offset, _ := t.Int()
	return offset == 0
}
