package btf

import (
	"bytes"
	"slices"
	"strings"
)

// A Draft is a copy of types that is changed before it goes to a kernel.
//
// It is of types that are no split BTF. IDs that it is asked for exist and are of the kind that
// is told.
type Draft struct {
	Spec
	added map[string]uint32 // offsets of strings that were not there
}

// Draft returns a copy of s, which is not split, to be changed.
func (s *Spec) Draft() *Draft {
	d := &Draft{Spec: *s, added: make(map[string]uint32)}
	d.types = bytes.Clone(s.types)
	d.offsets = append([]uint32(nil), s.offsets...)
	return d
}

// Bytes returns the types as a kernel reads them.
func (d *Draft) Bytes() []byte {
	order := d.ByteOrder()
	b := make([]byte, headerLen, headerLen+len(d.types)+len(d.strings))
	order.PutUint16(b, magic)
	b[2] = 1 // version
	order.PutUint32(b[4:], headerLen)
	order.PutUint32(b[12:], uint32(len(d.types)))
	order.PutUint32(b[16:], uint32(len(d.types)))
	order.PutUint32(b[20:], uint32(len(d.strings)))
	b = append(b, d.types...)
	return append(b, d.strings...)
}

// put sets the number at some bytes behind the start of a type's record.
func (d *Draft) put(id ID, at int, n uint32) {
	d.ByteOrder().PutUint32(d.types[int(d.offsets[id-1])+at:], n)
}

// name returns the offset of a string, which is added if it is not there.
func (d *Draft) name(text string) uint32 {
	if off, ok := d.added[text]; ok {
		return off
	}
	off := uint32(len(d.strings))
	if at := strings.Index(d.strings, "\x00"+text+"\x00"); at >= 0 {
		off = uint32(at + 1)
	} else {
		d.strings += text + "\x00"
	}
	d.added[text] = off
	return off
}

// Text returns the offset of a string, which is added if it is not there: records of instructions refer to it.
func (d *Draft) Text(text string) uint32 { return d.name(text) }

// Rename gives a type another name.
func (d *Draft) Rename(id ID, name string) { d.put(id, 0, d.name(name)) }

// SetLinkage sets the linkage of a Func or Var.
func (d *Draft) SetLinkage(id ID, l Linkage) {
	if d.Kind(id) == Var {
		d.put(id, recordLen, uint32(l))
		return
	}
	d.put(id, 4, uint32(Func)<<24|uint32(l))
}

// SetRef sets the type that a type refers to: that of a Var, for one.
func (d *Draft) SetRef(id, to ID) { d.put(id, 8, uint32(to)) }

// SetSize sets the size of a Datasec in bytes.
func (d *Draft) SetSize(id ID, size uint32) { d.put(id, 8, size) }

// SetVariable sets variable i of a Datasec.
func (d *Draft) SetVariable(id ID, i int, v Variable) {
	at := recordLen + int(tails[Datasec].each)*i
	d.put(id, at, uint32(v.Type))
	d.put(id, at+4, v.Offset)
	d.put(id, at+8, v.Size)
}

// SetVariables sets all variables of a Datasec.
func (d *Draft) SetVariables(id ID, list []Variable) {
	b := make([]byte, int(tails[Datasec].each)*len(list))
	d.splice(id, 0, d.Shape(id).Len(), b)
	d.put(id, 4, uint32(Datasec)<<24|uint32(len(list)))
	for i, v := range list {
		d.SetVariable(id, i, v)
	}
}

// DropMember takes member i out of a Struct or Union. The others stay where they are.
func (d *Draft) DropMember(id ID, i int) {
	d.splice(id, i, 1, nil)
	info := d.uint32(d.types[d.offsets[id-1]+4:])
	d.put(id, 4, info-1)
}

// splice replaces n elements of a type, from element i on, by those that b has.
func (d *Draft) splice(id ID, i, n int, b []byte) {
	each := int(tails[d.Kind(id)].each)
	at := int(d.offsets[id-1]) + recordLen + each*i
	d.types = slices.Concat(d.types[:at], b, d.types[at+each*n:])
	for next := range d.offsets[id:] {
		d.offsets[int(id)+next] += uint32(len(b) - each*n)
	}
}

// NameParams gives those parameters of a FuncProto a name that have none, as the kernel wants it of
// functions. What stands for any number of parameters gets none.
func (d *Draft) NameParams(id ID, name string) {
	t := d.Shape(id)
	for i := range t.Len() {
		if p := t.Param(i); p.Name == "" && p.Type != 0 {
			d.put(id, recordLen+int(tails[FuncProto].each)*i, d.name(name))
		}
	}
}

// SetParam sets the type of parameter i of a FuncProto.
func (d *Draft) SetParam(id ID, i int, to ID) {
	d.put(id, recordLen+int(tails[FuncProto].each)*i+4, uint32(to))
}

// Copy adds a type that is the same as another one.
func (d *Draft) Copy(id ID) ID {
	at := d.offsets[id-1]
	end := uint32(len(d.types))
	if int(id) < len(d.offsets) {
		end = d.offsets[id]
	}
	d.offsets = append(d.offsets, uint32(len(d.types)))
	d.types = append(d.types, d.types[at:end]...)
	return d.Len() - 1
}

// Add adds a type that consists of nothing but what all have, and one number for an Int or Var.
func (d *Draft) Add(kind Kind, name string, word uint32, tail ...uint32) ID {
	order := d.ByteOrder()
	var off uint32
	if name != "" {
		off = d.name(name)
	}
	d.offsets = append(d.offsets, uint32(len(d.types)))
	for _, n := range append([]uint32{off, uint32(kind) << 24, word}, tail...) {
		d.types = append(d.types, 0, 0, 0, 0)
		order.PutUint32(d.types[len(d.types)-4:], n)
	}
	return d.Len() - 1
}

// Without replaces all types of a kind that a kernel does not know by others that keep sizes
// and references: floats by structs without names, tags of types by const, tags of declarations by integers
// that nothing refers to, and enumerations of 64 bits by unions.
func (d *Draft) Without(kind Kind) {
	if kind == Enum64 {
		d.withoutSigns()
	}
	for id := d.First(); id < d.Len(); id++ {
		if d.Kind(id) != kind {
			continue
		}
		switch kind {
		case Float:
			d.put(id, 0, 0) // as the reference does: "float" is no name of a struct
			d.put(id, 4, uint32(Struct)<<24)
		case TypeTag:
			d.put(id, 0, 0)
			d.put(id, 4, uint32(Const)<<24)
		case DeclTag:
			d.put(id, 4, uint32(Int)<<24)
			d.put(id, 8, 1)
			d.put(id, recordLen, 8)
		case Enum64:
			d.withoutEnum64(id)
		}
	}
}

// withoutSigns takes away what tells that enumerations are signed, which kernels that know none of
// 64 bits do not know either.
func (d *Draft) withoutSigns() {
	for id := d.First(); id < d.Len(); id++ {
		if t := d.Shape(id); t.Kind == Enum && t.Flag {
			d.put(id, 4, uint32(Enum)<<24|uint32(t.Len()))
		}
	}
}

// withoutEnum64 makes a union of an enumeration, with a member for each name. They all have a type
// of one byte, as the reference gives them.
func (d *Draft) withoutEnum64(id ID) {
	t := d.Shape(id)
	const name = "enum64_placeholder"
	number, ok := d.Find(name, Int)
	if !ok {
		number = d.Add(Int, name, 1, 8)
	}
	d.put(id, 4, uint32(Union)<<24|uint32(t.Len()))
	for i := range t.Len() {
		at := recordLen + int(tails[Enum64].each)*i
		d.put(id, at+4, uint32(number))
		d.put(id, at+8, 0)
	}
}
