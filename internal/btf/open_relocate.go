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
		r.record(to.types[off:])
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

// record changes the record at the start of b.
func (r *relocation) record(b []byte) {
	kind, _, vlen := split(r.from.ByteOrder().Uint32(b[4:]))
	l, tail := links[kind], tails[kind]
	r.name(b)
	if l.ref {
		r.id(b[8:])
	}
	b = b[recordLen:]
	if kind == Array {
		r.id(b)
		r.id(b[4:])
		return
	}
	b = b[tail.once:]
	for range vlen {
		if tail.each == 0 {
			break
		}
		if l.named {
			r.name(b)
		}
		if l.id >= 0 {
			r.id(b[l.id:])
		}
		b = b[tail.each:]
	}
}

// id changes the ID at the start of b.
func (r *relocation) id(b []byte) {
	id := ID(r.from.ByteOrder().Uint32(b))
	if first := r.from.First(); id >= first {
		id += r.base.Len() - first
	} else {
		id = r.ids[id]
	}
	r.from.ByteOrder().PutUint32(b, uint32(id))
}

// name changes the offset of a string at the start of b. Strings of the first
// base are added to those of its own.
func (r *relocation) name(b []byte) {
	off := r.from.ByteOrder().Uint32(b)
	n := r.from.base.textLen()
	if off == 0 {
		return
	}
	to, ok := r.added[off]
	switch {
	case off >= n:
		to = off - n + r.base.textLen()
	case !ok:
		to = r.base.textLen() + uint32(len(r.strings))
		r.strings = append(append(r.strings, r.from.text(off)...), 0)
		r.added[off] = to
	}
	r.from.ByteOrder().PutUint32(b, to)
}
