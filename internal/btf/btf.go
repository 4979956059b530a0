// Package btf reads BTF, the compact description of types that the kernel, its
// modules and BPF programs carry.
//
// Source: Documentation/bpf/btf.rst of the kernel.
package btf

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// ID numbers a type within a Spec. ID 0 is void.
type ID uint32

// A Spec is a set of types. Those of a split BTF continue the numbers and the
// strings of its base.
type Spec struct {
	big     bool     // endian
	types   []byte   // records
	strings string   // each ends with a NUL byte
	offsets []uint32 // of each record in types
	base    *Spec    // nil unless split
	pointer uint32   // size of pointers in bytes
}

// header is struct btf_header of include/uapi/linux/btf.h.
type header struct {
	Magic    uint16
	Version  uint8
	Flags    uint8
	Len      uint32 // bytes, of the header
	TypeOff  uint32 // bytes from the end of the header, as the other offset
	TypeLen  uint32
	StrOff   uint32
	StrLen   uint32
	sections [2][]byte
}

const (
	magic     = 0xeb9f
	headerLen = 24 // bytes, of what all versions have
)

// Parse reads raw BTF. base is nil unless data is split BTF, which uses the
// types of another.
//
// All types and names that the BTF refers to exist. The error wraps [ErrNoBase]
// or [ErrOtherBase] if they might in a base.
func Parse(data []byte, base *Spec) (*Spec, error) { return complete(data, base, wide) }

// Trust is [Parse] for types of the kernel that it shows itself: it has made sure of what they refer to
// before it used them.
func Trust(data []byte) (*Spec, error) {
	s, err := parse(data, nil)
	if err != nil {
		return nil, err
	}
	s.pointer = s.pointerSize(wide)
	return s, nil
}

// wide is the size of pointers in bytes where nothing tells it.
const wide = 8

// complete is Parse for types whose pointers have some size in bytes.
func complete(data []byte, base *Spec, pointer uint32) (*Spec, error) {
	s, err := parse(data, base)
	if err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return s, err
	}
	s.pointer = s.pointerSize(pointer) // which reads names
	return s, nil
}

// parse makes sure that the records lie within data, but does not look at what
// they refer to.
func parse(data []byte, base *Spec) (*Spec, error) {
	order, err := byteOrder(data)
	if err != nil {
		return nil, err
	}
	h, err := readHeader(data, order)
	if err != nil {
		return nil, err
	}
	s := &Spec{big: order == binary.BigEndian, types: h.sections[0], strings: string(h.sections[1]), base: base}
	if n := len(s.strings); n > 0 && s.strings[n-1] != 0 {
		return nil, fmt.Errorf("offset %d: strings do not end with a NUL byte", len(data)-1)
	}
	return s, s.index()
}

// byteOrder tells the byte order of BTF by its magic number.
func byteOrder(data []byte) (binary.ByteOrder, error) {
	switch {
	case len(data) < headerLen:
		return nil, fmt.Errorf("BTF of %d bytes, want at least %d", len(data), headerLen)
	case binary.LittleEndian.Uint16(data) == magic:
		return binary.LittleEndian, nil
	case binary.BigEndian.Uint16(data) == magic:
		return binary.BigEndian, nil
	}
	return nil, fmt.Errorf("offset 0: magic number %#04x, want %#04x", binary.LittleEndian.Uint16(data), magic)
}

func readHeader(data []byte, order binary.ByteOrder) (*header, error) {
	h := &header{
		Version: data[2],
		Flags:   data[3],
		Len:     order.Uint32(data[4:]),
		TypeOff: order.Uint32(data[8:]),
		TypeLen: order.Uint32(data[12:]),
		StrOff:  order.Uint32(data[16:]),
		StrLen:  order.Uint32(data[20:]),
	}
	if h.Version != 1 {
		return nil, fmt.Errorf("offset 2: BTF version %d, want 1", h.Version)
	}
	if h.Len < headerLen || uint64(h.Len) > uint64(len(data)) {
		return nil, fmt.Errorf("offset 4: header of %d bytes in %d", h.Len, len(data))
	}
	rest := data[h.Len:]
	for i, s := range []struct {
		what     string
		off, len uint32
	}{{"types", h.TypeOff, h.TypeLen}, {"strings", h.StrOff, h.StrLen}} {
		end := uint64(s.off) + uint64(s.len)
		if end > uint64(len(rest)) {
			return nil, fmt.Errorf("offset %d: %s end at %d of %d", 8+8*i, s.what, end, len(rest))
		}
		h.sections[i] = rest[s.off:end]
	}
	return h, nil
}

// usualLen is about the length of a record of a kernel, in bytes.
const usualLen = 24

// index finds where each record starts. There are more than a hundred thousand: what all of them go
// through is short.
func (s *Spec) index() error {
	s.offsets = make([]uint32, 0, len(s.types)/usualLen)
	end := len(s.types)
	for off := 0; off < end; {
		if end-off < recordLen {
			return fmt.Errorf("type %d at %d: %d bytes, want %d", s.Len(), off, end-off, recordLen)
		}
		kind, _, vlen := split(s.uint32(s.types[off+4:]))
		if kind == Void || int(kind) >= len(tails) {
			return fmt.Errorf("type %d at %d: unknown kind %d", s.Len(), off, kind)
		}
		n := recordLen + tails[kind].once + tails[kind].each*uint64(vlen)
		if n > uint64(end-off) {
			return fmt.Errorf("type %d at %d: %d bytes, want %d", s.Len(), off, end-off, n)
		}
		s.offsets = append(s.offsets, uint32(off))
		off += int(n)
	}
	return nil
}

// uint32 reads a number. There are millions of them: it is inlined.
func (s *Spec) uint32(b []byte) uint32 {
	if s.big {
		return binary.BigEndian.Uint32(b)
	}
	return binary.LittleEndian.Uint32(b)
}

// First returns the ID of the first type that is not of the base.
func (s *Spec) First() ID {
	if s.base == nil {
		return 1
	}
	return s.base.Len()
}

// Len returns the number of types, that of the base and void included. All IDs
// below it are valid.
func (s *Spec) Len() ID { return s.First() + ID(len(s.offsets)) }

// Type returns the type with the given ID.
func (s *Spec) Type(id ID) (t Type, err error) {
	if id >= s.Len() {
		return t, fmt.Errorf("type %d of %d", id, s.Len())
	}
	if id != 0 {
		t.decode(s.of(id), id)
		t.Name = t.spec.text(t.name)
	}
	return t, nil
}

// Shape returns the type with the given ID, which exists, without its name: to
// find that takes the longest.
func (s *Spec) Shape(id ID) (t Type) {
	if id != 0 {
		t.decode(s.of(id), id)
	}
	return t
}

// of returns s, or its base if that has the type with the given ID.
func (s *Spec) of(id ID) *Spec {
	for id < s.First() {
		s = s.base
	}
	return s
}

// text returns the string at an offset in the strings of s and its base, which
// exists.
func (s *Spec) text(off uint32) string {
	if off == 0 {
		return "" // most types have no name
	}
	if s.base != nil {
		n := s.base.textLen()
		if off < n {
			return s.base.text(off)
		}
		off -= n
	}
	rest := s.strings[off:]
	return rest[:strings.IndexByte(rest, 0)]
}

// isText reports whether the string at an offset, which exists, is some text. It does not look
// for the end of what is another one.
func (s *Spec) isText(off uint32, text string) bool {
	if s.base != nil {
		n := s.base.textLen()
		if off < n {
			return s.base.isText(off, text)
		}
		off -= n
	}
	rest := s.strings[off:]
	return len(rest) > len(text) && rest[len(text)] == 0 && rest[:len(text)] == text
}

func (s *Spec) textLen() uint32 {
	n := uint32(len(s.strings))
	if s.base != nil {
		n += s.base.textLen()
	}
	return n
}

// String returns the string at an offset among those of s and its base, to which
// records of instructions refer as well. There is none if ok is false.
func (s *Spec) String(off uint32) (text string, ok bool) {
	if off >= s.textLen() {
		return "", false
	}
	return s.text(off), true
}
