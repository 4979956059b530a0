package btfval

import (
	"encoding/binary"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// Decode reads the value of a type at the start of data.
//
// The error says at which byte of data what could not be read.
func Decode(spec *btf.Spec, id btf.ID, data []byte) (Value, error) {
	d := decoder{spec: spec, order: spec.ByteOrder(), budget: maxLeaves}
	return d.value(id, data, 0)
}

const (
	maxLeaves = 1 << 20 // of one value; no map value has as many bytes that matter
	maxDepth  = 128     // of structs and arrays within each other
)

type decoder struct {
	spec   *btf.Spec
	order  binary.ByteOrder
	budget int // leaves that may still be read: BTF may claim any number
	depth  int
}

// value reads the value of type id at offset off of data.
func (d *decoder) value(id btf.ID, data []byte, off uint64) (Value, error) {
	if d.budget--; d.budget < 0 {
		return nil, fmt.Errorf("byte %d: more than %d parts", off, maxLeaves)
	}
	if d.depth++; d.depth > maxDepth {
		return nil, fmt.Errorf("byte %d: type %d: more than %d types within each other", off, id, maxDepth)
	}
	defer func() { d.depth-- }()
	t, err := d.spec.Resolve(id)
	if err != nil {
		return nil, fmt.Errorf("byte %d: %w", off, err)
	}
	switch t.Kind {
	case btf.Struct, btf.Union:
		return d.members(t, data, off)
	case btf.Array:
		return d.array(t, data, off)
	case btf.Datasec:
		return d.section(t, data, off)
	case btf.Var:
		v, err := d.value(t.Ref(), data, off)
		if err != nil {
			return nil, err
		}
		return Object{{t.Name, v}}, nil
	}
	return d.leaf(t, data, off)
}

// bytes returns n bytes of data from off on.
func (d *decoder) bytes(data []byte, off, n uint64) ([]byte, error) {
	if off > uint64(len(data)) || n > uint64(len(data))-off {
		return nil, fmt.Errorf("byte %d: %d bytes wanted of %d", off, n, len(data))
	}
	return data[off : off+n], nil
}

func (d *decoder) members(t btf.Type, data []byte, off uint64) (Value, error) {
	object := Object{}
	for i := range t.Len() {
		m := t.Member(i)
		v, err := d.member(m, data, off)
		if err != nil {
			return nil, err
		}
		object = append(object, Member{m.Name, v})
	}
	return object, nil
}

func (d *decoder) member(m btf.Member, data []byte, off uint64) (Value, error) {
	if m.Bits > 0 {
		return d.bits(data, off+uint64(m.Offset/8), m.Offset%8, m.Bits)
	}
	if m.Offset%8 == 0 {
		return d.value(m.Type, data, off+uint64(m.Offset/8))
	}
	// Before kind_flag, bitfields were integers of few bits at odd offsets.
	t, err := d.spec.Resolve(m.Type)
	if err != nil {
		return nil, fmt.Errorf("byte %d: %w", off, err)
	}
	if t.Kind != btf.Int {
		return nil, fmt.Errorf("byte %d: type %d at bit %d", off, t.ID, m.Offset)
	}
	_, shift, bits := t.Int()
	at := m.Offset + shift
	return d.bits(data, off+uint64(at/8), at%8, bits)
}

func (d *decoder) array(t btf.Type, data []byte, off uint64) (Value, error) {
	elem, _, n := t.Array()
	size, err := d.spec.SizeOf(elem)
	if err != nil {
		return nil, fmt.Errorf("byte %d: %w", off, err)
	}
	if d.isChar(elem) {
		b, err := d.bytes(data, off, uint64(n))
		if err != nil {
			return nil, err
		}
		if text, ok := printable(b); ok {
			return quoted(text), nil
		}
	}
	list := List{}
	for i := range uint64(n) {
		v, err := d.value(elem, data, off+i*size)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// isChar reports whether arrays of the type are text: whether it is char or a
// CHAR-encoded integer, but not by way of a typedef.
func (d *decoder) isChar(id btf.ID) bool {
	for range maxDepth {
		t, err := d.spec.Type(id)
		if err != nil {
			return false
		}
		switch t.Kind {
		case btf.Const, btf.Volatile, btf.Restrict:
			id = t.Ref()
		case btf.Int:
			e, _, _ := t.Int()
			return t.Size() == 1 && (e&btf.Char != 0 || t.Name == "char")
		default:
			return false
		}
	}
	return false
}

// printable returns the text in b before its first NUL byte, if there is one
// and all before it is printable.
func printable(b []byte) (string, bool) {
	for i, c := range b {
		if c == 0 {
			return string(b[:i]), true
		}
		if c < 0x20 || c > 0x7e {
			break
		}
	}
	return "", false
}

func (d *decoder) section(t btf.Type, data []byte, off uint64) (Value, error) {
	list := List{}
	for i := range t.Len() {
		v := t.Variable(i)
		value, err := d.value(v.Type, data, off+uint64(v.Offset))
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	return Object{{t.Name, list}}, nil
}
