package core

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A reading is what a relocation asks for, as it is on one side: in the object or on the
// kernel.
type reading struct {
	value uint64
	size  uint32 // bytes of the field whose offset was asked for; 0 unless the access may have to be adapted
	typ   btf.ID // of that field
	vague bool   // compilers have a choice, so that it need not be what is in the object
}

// errWide is of a bitfield that no load can get at once.
var errWide = errors.New("the bitfield lies across more than 8 bytes")

// read answers a relocation by an access on one side, whose machine has a byte order.
func (s *spec) read(kind names.Relocation, order binary.ByteOrder) (reading, error) {
	switch kind {
	case fieldExists, typeExists, typeMatches, valueExists:
		return reading{value: 1}, nil
	case targetID:
		return reading{value: uint64(s.root), vague: true}, nil
	case typeSize:
		size, err := sizeOf(s.types, s.root)
		return reading{value: uint64(size)}, err
	case value:
		e := s.last()
		return reading{value: uint64(s.types.Shape(e.in).Enumerator(e.index).Value)}, nil
	}
	if s.last().name == "" {
		return s.readElement(kind)
	}
	return s.readMember(kind, order)
}

// readElement answers for an element of an array, or a value as a whole.
func (s *spec) readElement(kind names.Relocation) (reading, error) {
	id := s.last().in
	switch kind {
	case byteOffset:
		size, err := s.elementSize(id)
		return reading{value: uint64(s.bits / 8), size: size, typ: id}, err
	case byteSize:
		size, err := sizeOf(s.types, id)
		return reading{value: uint64(size)}, err
	}
	return reading{}, fmt.Errorf("%v is asked of an element of an array, want of a member", kind)
}

// elementSize returns the size in bytes of a type, or if it is an array of its elements.
func (s *spec) elementSize(id btf.ID) (uint32, error) {
	for range maxDepth {
		t, err := s.types.Resolve(id)
		if err != nil {
			return 0, err
		}
		if t.Kind != btf.Array {
			return sizeOf(s.types, t.ID)
		}
		id, _, _ = t.Array()
	}
	return 0, errTooDeep
}

// readMember answers for a member of a struct or union.
func (s *spec) readMember(kind names.Relocation, order binary.ByteOrder) (reading, error) {
	last := s.last()
	m := s.types.Shape(last.in).Place(last.index)
	t, err := s.types.Resolve(m.Type)
	if err != nil {
		return reading{}, err
	}
	f, err := s.place(m, t)
	if err != nil {
		return reading{}, err
	}
	r := reading{vague: m.Bits > 0}
	switch kind {
	case byteOffset:
		r.value = uint64(f.byte)
		if m.Bits == 0 {
			r.typ = t.ID
			r.size, err = s.elementSize(t.ID)
		}
	case byteSize:
		r.value = uint64(f.size)
	case fieldSigned:
		r.vague = false
		if isSigned(t) {
			r.value = 1
		}
	case leftShift:
		r.value = uint64(64 - (s.bits + f.bits - f.byte*8))
		if order.Uint16([]byte{0, 1}) == 1 {
			r.value = uint64((8-f.size)*8 + s.bits - f.byte*8)
		}
	case rightShift:
		r.vague = false
		r.value = uint64(64 - f.bits)
	}
	return r, err
}

// A field is where a member is in memory: the bytes to load, and how many bits are its own.
type field struct{ byte, size, bits uint32 }

// place finds the bytes to load for a member of a type: for a bitfield the fewest that a
// load can get, in which all of it lies.
func (s *spec) place(m btf.Member, t btf.Type) (field, error) {
	if m.Bits == 0 {
		size, err := sizeOf(s.types, t.ID)
		return field{s.bits / 8, size, size * 8}, err
	}
	size, err := sizeOf(s.types, t.ID)
	if err != nil || size == 0 {
		return field{}, errors.New("a bitfield of a type that has no size")
	}
	for {
		at := s.bits / 8 / size * size
		if s.bits+m.Bits-at*8 <= size*8 {
			return field{at, size, m.Bits}, nil
		}
		if size >= 8 {
			return field{}, errWide
		}
		size *= 2
	}
}

// isSigned reports whether a number has a sign.
func isSigned(t btf.Type) bool {
	if isEnum(t.Kind) {
		return t.Flag
	}
	if t.Kind != btf.Int {
		return false
	}
	e, _, _ := t.Int()
	return e&btf.Signed != 0
}

// adaptable reports whether a load or store of a field may become one of another size:
// if what is read has no sign, zeroes are what is missing.
func adaptable(local, target *btf.Spec, a, b reading) bool {
	x, y := local.Shape(a.typ), target.Shape(b.typ)
	if x.Kind != btf.Int || y.Kind != btf.Int {
		return x.Kind == btf.Pointer && y.Kind == btf.Pointer
	}
	// A number that is a bool or a char, too, is taken for one without a sign, as libbpf does.
	e, _, _ := x.Int()
	f, _, _ := y.Int()
	return e != btf.Signed && f != btf.Signed
}
