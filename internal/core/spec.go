package core

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
)

// The kinds of relocations.
//
// Source: enum bpf_core_relo_kind in include/uapi/linux/bpf.h.
const (
	byteOffset names.Relocation = iota
	byteSize
	fieldExists
	fieldSigned
	leftShift
	rightShift
	localID
	targetID
	typeExists
	typeSize
	valueExists
	value
	typeMatches
)

// AsksField reports whether a relocation asks about a field of a type, not about the type as
// such nor about an enumerator.
func AsksField(k names.Relocation) bool { return k <= rightShift }
func asksType(k names.Relocation) bool {
	return k >= localID && k <= typeSize || k == typeMatches
}
func asksValue(k names.Relocation) bool { return k == valueExists || k == value }

// maxDepth is how many steps an access may have, those through members without a name
// included.
const maxDepth = 64

// A spec is an access to a part of a type.
type spec struct {
	types *btf.Spec
	root  btf.ID
	steps []step
	depth int // steps, those through members without a name included
	bits  uint32
}

// A step leads to a member with a name, to an element, or for the first to one of several
// values; for enumerations to an enumerator.
type step struct {
	in    btf.ID // the type that has the member; of an element its own type
	index int
	name  string // of the member or enumerator, "" for elements
}

// last returns the last step of an access to a field.
func (s *spec) last() step { return s.steps[len(s.steps)-1] }

// parse takes the access of a relocation apart.
//
// Source: Documentation/bpf/llvm_reloc.rst of the kernel; what libbpf 1.8 refuses.
func parse(types *btf.Spec, r elfobj.CORERelo) (*spec, error) {
	s := &spec{types: types, root: r.Type}
	kind := names.Relocation(r.Kind)
	if asksType(kind) {
		if r.Access != "0" {
			return nil, fmt.Errorf("access %q to a type as such, want 0", r.Access)
		}
		return s, nil
	}
	numbers, err := split(r.Access)
	if err != nil {
		return nil, err
	}
	t, err := types.Resolve(r.Type)
	switch {
	case err != nil:
		return nil, err
	case asksValue(kind):
		return s, s.enumerator(t, numbers)
	case !AsksField(kind):
		return nil, fmt.Errorf("unknown kind %d", r.Kind)
	}
	return s, s.walk(t, numbers)
}

// split returns the numbers of an access.
func split(access string) ([]int, error) {
	words := strings.Split(access, ":")
	if len(words) > maxDepth {
		return nil, fmt.Errorf("access of %d steps, more than %d", len(words), maxDepth)
	}
	numbers := make([]int, len(words))
	for i, w := range words {
		n, err := strconv.ParseUint(w, 10, 31)
		if err != nil {
			return nil, fmt.Errorf("access %q: what is %q?", access, w)
		}
		numbers[i] = int(n)
	}
	return numbers, nil
}

func (s *spec) enumerator(t btf.Type, numbers []int) error {
	if !isEnum(t.Kind) || len(numbers) > 1 || numbers[0] >= t.Len() {
		return errors.New("no enumerator is there")
	}
	s.steps = []step{{t.ID, numbers[0], t.Enumerator(numbers[0]).Name}}
	return nil
}

// walk follows the numbers of an access to a field of a type.
func (s *spec) walk(t btf.Type, numbers []int) error {
	s.steps = append(make([]step, 0, len(numbers)), step{in: t.ID, index: numbers[0]})
	if err := s.skip(t.ID, numbers[0]); err != nil {
		return err
	}
	id := t.ID
	for i, n := range numbers[1:] {
		t, err := s.types.Resolve(id)
		if err != nil {
			return err
		}
		switch {
		case isComposite(t.Kind) && n < t.Len():
			id = s.enter(t, n)
		case t.Kind == btf.Array:
			if id, err = s.element(t, n); err != nil {
				return err
			}
		default:
			return fmt.Errorf("step %d: type %d has no part %d", i+1, t.ID, n)
		}
	}
	s.depth = len(numbers)
	return nil
}

// enter goes on to a member, whose type it returns.
func (s *spec) enter(t btf.Type, n int) btf.ID {
	m := t.Member(n)
	s.bits += m.Offset
	if m.Name != "" {
		s.steps = append(s.steps, step{t.ID, n, m.Name})
	}
	return m.Type
}

// element goes on to an element of an array, whose type it returns.
func (s *spec) element(array btf.Type, n int) (btf.ID, error) {
	id, _, length := array.Array()
	if !s.flexible(length) && uint32(n) >= length {
		return 0, fmt.Errorf("element %d of %d", n, length)
	}
	elem, err := s.types.Resolve(id)
	if err != nil {
		return 0, err
	}
	s.steps = append(s.steps, step{in: elem.ID, index: n})
	return elem.ID, s.skip(elem.ID, n)
}

// flexible reports whether an array of some length, the last step so far, ends its struct
// and has as many elements as there is memory.
func (s *spec) flexible(length uint32) bool {
	last := s.last()
	return last.name != "" && length == 0 && last.index == s.types.Shape(last.in).Len()-1
}

// skip adds the bits of n values of a type.
func (s *spec) skip(id btf.ID, n int) error {
	size, err := sizeOf(s.types, id)
	s.bits += uint32(n) * size * 8
	return err
}

// sizeOf returns the size of a type in bytes.
func sizeOf(types *btf.Spec, id btf.ID) (uint32, error) {
	size, err := types.SizeOf(id)
	if err == nil && size > math.MaxUint32 {
		err = fmt.Errorf("type %d of %d bytes", id, size)
	}
	return uint32(size), err
}
