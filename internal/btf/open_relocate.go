package btf

import (
	"bytes"
	"fmt"
)

// A module may bring, instead of the numbers of its kernel's types, what it
// expects of them: a distilled base, in which a type is a name, a kind and a
// size. This file finds the types of a real kernel for it.
//
// Source: "BTF.base section" in Documentation/bpf/btf.rst of the kernel.

// relocate returns s, whose base is distilled, on another base. The error wraps
// [ErrOtherBase] if that does not have a type that s needs.
func (s *Spec) relocate(base *Spec) (*Spec, error) {
	if base.big != s.big {
		return nil, fmt.Errorf("%v, its base is %v: %w", s.ByteOrder(), base.ByteOrder(), ErrOtherBase)
	}
	ids, err := match(s.base, base)
	if err != nil {
		return nil, err
	}
	r := &relocation{
		from: s, base: base, ids: ids,
		strings: []byte(s.strings), added: make(map[uint32]uint32),
	}
	to := &Spec{big: s.big, pointer: s.pointer, types: bytes.Clone(s.types), offsets: s.offsets, base: base}
	for _, off := range to.offsets {
		to.rename(to.types[off:], r.name)
		to.renumber(to.types[off:], r.id)
	}
	to.strings = string(r.strings)
	return to, nil
}

// match finds the types of a distilled base in another one. The result has an
// element for each ID of the first.
func match(distilled, base *Spec) ([]ID, error) {
	wanted := make(map[string][]ID, distilled.Len())
	for id := ID(1); id < distilled.Len(); id++ {
		t, err := distilled.Type(id)
		if err != nil {
			return nil, err
		}
		wanted[t.Name] = append(wanted[t.Name], id)
	}
	ids := make([]ID, distilled.Len())
	for id := ID(1); id < base.Len(); id++ {
		t, err := base.Type(id)
		if err != nil {
			return nil, err
		}
		if t.Name == "" {
			continue
		}
		for _, w := range wanted[t.Name] {
			want, _ := distilled.Type(w)
			if !want.fits(t) {
				continue
			}
			if ids[w] != 0 {
				return nil, fmt.Errorf("type %q is types %d and %d: %w", t.Name, ids[w], id, ErrOtherBase)
			}
			ids[w] = id
		}
	}
	for id := ID(1); id < distilled.Len(); id++ {
		if t, _ := distilled.Type(id); ids[id] == 0 {
			return nil, fmt.Errorf("no type %q of kind %d and %d bytes: %w", t.Name, t.Kind, t.word, ErrOtherBase)
		}
	}
	return ids, nil
}

// fits reports whether a type of a kernel, which has the same name, is what t of
// a distilled base stands for.
func (t Type) fits(real Type) bool {
	switch t.Kind {
	case Int:
		return real.Kind == Int && real.Size() == t.Size() && bytes.Equal(real.tail()[:tails[Int].once], t.tail()[:tails[Int].once])
	case Forward: // of which only pointers are used
		if real.Kind == Forward {
			return real.Flag == t.Flag
		}
		return real.Kind == Struct && !t.Flag || real.Kind == Union && t.Flag
	case Enum, Enum64:
		return (real.Kind == Enum || real.Kind == Enum64) && real.Size() == t.Size()
	case Float, Struct, Union:
		return real.Kind == t.Kind && real.Size() == t.Size()
	}
	return false
}

// A relocation moves records from one base to another.
type relocation struct {
	from    *Spec
	base    *Spec
	ids     []ID // of the other base, by those of the first
	strings []byte
	added   map[uint32]uint32 // strings of the first base, by offset, to the new ones
}

// id returns the other number of a type.
func (r *relocation) id(id ID) ID {
	if first := r.from.First(); id >= first {
		return id + r.base.Len() - first
	}
	return r.ids[id]
}

// name returns the other offset of a string. Strings of the first base are added
// to those of its own.
func (r *relocation) name(off uint32) uint32 {
	n := r.from.base.textLen()
	if off == 0 {
		return 0
	}
	if off >= n {
		return off - n + r.base.textLen()
	}
	to, ok := r.added[off]
	if !ok {
		to = r.base.textLen() + uint32(len(r.strings))
		r.strings = append(append(r.strings, r.from.text(off)...), 0)
		r.added[off] = to
	}
	return to
}
