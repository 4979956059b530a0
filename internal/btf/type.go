package btf

import "encoding/binary"

// Kind says what a type is.
type Kind uint8

// The kinds of BTF_KIND_* in include/uapi/linux/btf.h.
const (
	Void Kind = iota
	Int
	Pointer
	Array
	Struct
	Union
	Enum
	Forward
	Typedef
	Volatile
	Const
	Restrict
	Func
	FuncProto
	Var
	Datasec
	Float
	DeclTag
	TypeTag
	Enum64
)

// recordLen is the size of struct btf_type, with which every record starts, in
// bytes.
const recordLen = 12

// tails are the bytes that follow struct btf_type, once and for each element.
var tails = [...]struct{ once, each uint64 }{
	Int:       {once: 4},
	Array:     {once: 12},
	Struct:    {each: 12},
	Union:     {each: 12},
	Enum:      {each: 8},
	FuncProto: {each: 8},
	Var:       {once: 4},
	Datasec:   {each: 12},
	DeclTag:   {once: 4},
	Enum64:    {each: 12},
}

// split takes the info word of struct btf_type apart.
func split(info uint32) (kind Kind, flag bool, vlen uint32) {
	return Kind(info >> 24 & 0x1f), info>>31 != 0, info & 0xffffff
}

// A Type is one record of BTF, decoded on demand.
type Type struct {
	ID   ID
	Kind Kind
	Flag bool // kind_flag: bitfields, unions among forwards, signed enums
	Name string

	name uint32 // offset in the strings
	vlen uint32 // number of elements
	word uint32 // size or type, by kind
	at   uint32 // where the record starts, in bytes
	spec *Spec
}

// decode sets t to the type of s itself with the given ID, but for its name.
func (t *Type) decode(s *Spec, id ID) {
	t.ID, t.spec, t.at = id, s, s.offsets[id-s.First()]
	b := s.types[t.at:][:recordLen]
	t.name = s.uint32(b)
	t.Kind, t.Flag, t.vlen = split(s.uint32(b[4:]))
	t.word = s.uint32(b[8:])
}

// tail returns what follows struct btf_type in the record, and the records after
// it.
func (t *Type) tail() []byte { return t.spec.types[t.at+recordLen:] }

// Kind returns the kind of the type with the given ID, which exists. It is for
// those who look for one kind among all.
func (s *Spec) Kind(id ID) Kind {
	kind, _ := s.head(id)
	return kind
}

// head returns the kind of a type that exists, and its size or the type that it
// refers to.
func (s *Spec) head(id ID) (kind Kind, word uint32) {
	if id == 0 {
		return Void, 0
	}
	s = s.of(id)
	b := s.types[s.offsets[id-s.First()]:][:recordLen]
	kind, _, _ = split(s.uint32(b[4:]))
	return kind, s.uint32(b[8:])
}

// Size returns the size in bytes of an Int, Struct, Union, Enum, Enum64,
// Datasec or Float.
func (t Type) Size() uint32 { return t.word }

// Ref returns the type that t refers to: the target of a Pointer, Typedef,
// Volatile, Const, Restrict, TypeTag or DeclTag, the type of a Var, the
// prototype of a Func, the result of a FuncProto.
func (t Type) Ref() ID { return ID(t.word) }

// Encoding says how the bits of an Int are to be read.
type Encoding uint8

// The bits of Encoding.
const (
	Signed Encoding = 1 << iota
	Char
	Bool
)

// Int returns the encoding of an Int, the offset of its lowest bit and the
// number of its bits.
func (t Type) Int() (e Encoding, offset, bits uint32) {
	w := t.spec.uint32(t.tail())
	return Encoding(w >> 24 & 0xf), w >> 16 & 0xff, w & 0xff
}

// Array returns the type of the elements of an Array, that of the numbers by
// which they are reached, and how many there are.
func (t Type) Array() (elem, index ID, n uint32) {
	return ID(t.spec.uint32(t.tail())), ID(t.spec.uint32(t.tail()[4:])), t.spec.uint32(t.tail()[8:])
}

// Len returns how many members, names, parameters or variables a type has.
func (t Type) Len() int { return int(t.vlen) }

// A Member is a part of a Struct or Union.
type Member struct {
	Name   string
	Type   ID
	Offset uint32 // bits from the start of the struct
	Bits   uint32 // width of a bitfield, or 0
}

// Member returns member i of a Struct or Union.
func (t Type) Member(i int) Member {
	m := t.Place(i)
	m.Name = t.spec.text(t.spec.uint32(t.tail()[12*i:]))
	return m
}

// Place returns member i of a Struct or Union without its name.
func (t Type) Place(i int) Member {
	e := t.tail()[12*i:]
	m := Member{Type: ID(t.spec.uint32(e[4:])), Offset: t.spec.uint32(e[8:])}
	if t.Flag {
		m.Bits, m.Offset = m.Offset>>24, m.Offset&0xffffff
	}
	return m
}

// A Param is a parameter of a FuncProto.
type Param struct {
	Name string
	Type ID // void if it stands for any number of further parameters
}

// Param returns parameter i of a FuncProto.
func (t Type) Param(i int) Param {
	e := t.tail()[8*i:]
	return Param{t.spec.text(t.spec.uint32(e)), ID(t.spec.uint32(e[4:]))}
}

// An Enumerator is a name for a value.
type Enumerator struct {
	Name  string
	Value int64 // 32 bits, extended by their sign, for an Enum
}

// Enumerator returns name i of an Enum or Enum64.
func (t Type) Enumerator(i int) Enumerator {
	e := t.tail()[int(tails[t.Kind].each)*i:]
	value := int64(int32(t.spec.uint32(e[4:])))
	if t.Kind == Enum64 {
		low, high := t.spec.uint32(e[4:]), t.spec.uint32(e[8:])
		value = int64(uint64(high)<<32 | uint64(low))
	}
	return Enumerator{t.spec.text(t.spec.uint32(e)), value}
}

// A Variable is a part of a Datasec.
type Variable struct {
	Type   ID     // a Var
	Offset uint32 // bytes from the start of the section
	Size   uint32 // bytes
}

// Variable returns variable i of a Datasec.
func (t Type) Variable(i int) Variable {
	e := t.tail()[12*i:]
	return Variable{ID(t.spec.uint32(e)), t.spec.uint32(e[4:]), t.spec.uint32(e[8:])}
}

// Linkage is how a Func or Var is visible to others.
type Linkage uint32

// The values of enum btf_func_linkage and BTF_VAR_*.
const (
	Static Linkage = iota
	Global
	Extern
)

// String returns the word for a linkage.
func (l Linkage) String() string {
	switch l {
	case Static:
		return "static"
	case Global:
		return "global"
	case Extern:
		return "extern"
	}
	return "(unknown)"
}

// Linkage returns the linkage of a Func or Var.
func (t Type) Linkage() Linkage {
	if t.Kind == Func {
		return Linkage(t.vlen)
	}
	return Linkage(t.spec.uint32(t.tail()))
}

// Component returns the number of the member or parameter that a DeclTag is for,
// or -1 if it is for the whole type.
func (t Type) Component() int32 { return int32(t.spec.uint32(t.tail())) }

// ByteOrder is the order of the bytes of the values that s describes.
func (s *Spec) ByteOrder() binary.ByteOrder {
	if s.big {
		return binary.BigEndian
	}
	return binary.LittleEndian
}
