package btf

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
)

// What is wrong with split BTF that refers to what is not there.
var (
	ErrNoBase    = errors.New("this is split BTF, which needs that of its kernel")
	ErrOtherBase = errors.New("the base is not the one that it was made for")
)

// links says where a record refers to others, besides its own name.
var links = [...]struct {
	ref   bool // the third word of struct btf_type is an ID
	named bool // each element starts with a name
	id    int  // where each element has an ID, in bytes, or -1
}{
	Int:       {id: -1},
	Pointer:   {ref: true, id: -1},
	Array:     {id: -1}, // has two IDs of its own
	Struct:    {named: true, id: 4},
	Union:     {named: true, id: 4},
	Enum:      {named: true, id: -1},
	Forward:   {id: -1},
	Typedef:   {ref: true, id: -1},
	Volatile:  {ref: true, id: -1},
	Const:     {ref: true, id: -1},
	Restrict:  {ref: true, id: -1},
	Func:      {ref: true, id: -1},
	FuncProto: {ref: true, named: true, id: 4},
	Var:       {ref: true, id: -1},
	Datasec:   {id: 0},
	Float:     {id: -1},
	DeclTag:   {ref: true, id: -1},
	TypeTag:   {ref: true, id: -1},
	Enum64:    {named: true, id: -1},
}

// check makes sure that the types and names that s refers to exist.
func (s *Spec) check() error {
	if s.base == nil && len(s.strings) > 0 && s.strings[0] != 0 {
		return ErrNoBase // what has no base starts with the empty name
	}
	if s.base != nil && s.base.big != s.big {
		return fmt.Errorf("%v, its base is %v: %w", s.ByteOrder(), s.base.ByteOrder(), ErrOtherBase)
	}
	if len(s.offsets) < manyTypes {
		return s.checkFrom(0, len(s.offsets))
	}
	var second error
	var wait sync.WaitGroup
	middle := len(s.offsets) / 2
	wait.Go(func() { second = s.checkFrom(middle, len(s.offsets)) })
	first := s.checkFrom(0, middle)
	wait.Wait()
	return cmp.Or(first, second)
}

// manyTypes is of how many types two processors check one half each.
const manyTypes = 1 << 14

// checkFrom is check for some of the records.
func (s *Spec) checkFrom(start, end int) error {
	c := checker{s: s, little: !s.big, types: uint32(s.Len()), text: max(s.textLen(), 1)}
	for i, off := range s.offsets[start:end] {
		if !c.record(s.types[off:]) {
			return fmt.Errorf("type %d: %s: %w", int(s.First())+start+i, c.wrong, s.missing())
		}
	}
	return nil
}

// missing is what is missing where s refers to nothing.
func (s *Spec) missing() error {
	if s.base == nil {
		return ErrNoBase
	}
	return ErrOtherBase
}

// A checker looks for references to nothing.
type checker struct {
	s      *Spec
	little bool   // order of bytes: an interface would cost half of the time
	types  uint32 // how many there are
	text   uint32 // bytes
	wrong  string
}

// record reports whether the record at the start of b refers to what exists.
func (c *checker) record(b []byte) bool {
	kind, _, vlen := split(c.word(b[4:]))
	l, tail := links[kind], tails[kind]
	ref := c.word(b[8:])
	good := c.name(c.word(b)) && (!l.ref || c.id(ref))
	b = b[recordLen:]
	if kind == Array {
		return good && c.id(c.word(b)) && c.id(c.word(b[4:]))
	}
	if kind == Func && good {
		good = c.prototype(ID(ref))
	}
	b = b[tail.once:]
	for range vlen {
		if !good || tail.each == 0 {
			break
		}
		good = (!l.named || c.name(c.word(b))) && (l.id < 0 || c.id(c.word(b[l.id:])))
		b = b[tail.each:]
	}
	return good
}

func (c *checker) word(b []byte) uint32 {
	if c.little {
		return binary.LittleEndian.Uint32(b)
	}
	return binary.BigEndian.Uint32(b)
}

func (c *checker) name(off uint32) bool {
	return off < c.text || c.fail("name at %d of %d bytes", off, c.text)
}

func (c *checker) id(id uint32) bool {
	return id < c.types || c.fail("refers to type %d of %d", id, c.types)
}

func (c *checker) prototype(id ID) bool {
	kind := c.s.Kind(id)
	return kind == FuncProto || c.fail("function of type %d, which has kind %d", uint32(id), uint32(kind))
}

// fail says what is wrong. It is false.
func (c *checker) fail(format string, a, b uint32) bool {
	c.wrong = fmt.Sprintf(format, a, b)
	return false
}
