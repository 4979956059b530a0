package probe

import (
	"encoding/binary"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A Kind is a kind of types, which programs and maps bring along.
type Kind struct {
	Name   string // as [names.BTFKind] has it
	Number uint8
	Outcome
}

// kinds returns the kinds that are asked about: all but void, which is no type.
func kinds() (list []Kind) {
	for n := uint8(1); ; n++ {
		name, _ := names.BTFKind(n)
		if name == "" {
			return list
		}
		list = append(list, Kind{Name: name, Number: n})
	}
}

// kind finds out whether the kernel takes types of a kind.
func kind(k btf.Kind, log []byte) Outcome {
	log[0] = 0
	fd, err := bpf.LoadBTF(kindTypes(k), 0, log)
	if err == nil {
		fd.Close()
		return Outcome{Able: true}
	}
	return Outcome{Err: err, Said: lastLine(log)}
}

// kindTypes returns BTF of an integer, of a type of some kind, and of what that takes.
//
// Source: Documentation/bpf/btf.rst of the kernel.
func kindTypes(k btf.Kind) []byte {
	d := newTypes()
	switch k {
	case btf.Array:
		d.add(k, 0, "", 0, 1, 1, 1)
	case btf.Struct, btf.Union:
		d.add(k, 1, "s", 4, d.name("m"), 1, 0)
	case btf.Enum:
		d.add(k, 1, "e", 4, d.name("m"), 1)
	case btf.Enum64:
		d.add(k, 1, "e", 8, d.name("m"), 1, 1)
	case btf.Forward:
		d.add(k, 0, "s", 0)
	case btf.Typedef:
		d.add(k, 0, "t", 1)
	case btf.Pointer, btf.Volatile, btf.Const, btf.Restrict:
		d.add(k, 0, "", 1)
	case btf.FuncProto:
		d.add(k, 0, "", 1)
	case btf.Func:
		d.add(btf.FuncProto, 0, "", 1)
		d.add(k, 0, "f", 2)
	case btf.Var:
		d.add(k, 0, "v", 1, 1)
	case btf.Datasec:
		d.add(btf.Var, 0, "v", 1, 1)
		d.add(k, 1, ".data", 4, 2, 0, 4)
	case btf.Float:
		d.add(k, 0, "float", 4)
	case btf.DeclTag:
		d.add(btf.Struct, 1, "s", 4, d.name("m"), 1, 0)
		d.add(k, 0, "tag", 2, 1<<32-1)
	case btf.TypeTag:
		d.add(k, 0, "tag", 1)
		d.add(btf.Pointer, 0, "", 2)
	}
	return d.bytes()
}

// oneType returns BTF with one type, an integer of 32 bits.
func oneType() []byte { return newTypes().bytes() }

// types are BTF that is written. Type 1 is an integer of 32 bits.
type types struct {
	records []byte
	strings []byte
}

func newTypes() *types {
	d := &types{strings: []byte{0}}
	d.add(btf.Int, 0, "int", 4, 1<<24|32) // which has a sign, and bits
	return d
}

// name returns the offset of a name.
func (d *types) name(text string) uint32 {
	at := len(d.strings)
	d.strings = append(append(d.strings, text...), 0)
	return uint32(at)
}

// add adds a type with so many elements; word is its size in bytes or what it refers to, and tail what follows.
func (d *types) add(k btf.Kind, elements uint32, name string, word uint32, tail ...uint32) {
	at := uint32(0)
	if name != "" {
		at = d.name(name)
	}
	for _, n := range append([]uint32{at, uint32(k)<<24 | elements, word}, tail...) {
		d.records = binary.NativeEndian.AppendUint32(d.records, n)
	}
}

// bytes returns the types as the kernel reads them.
func (d *types) bytes() []byte {
	order := binary.NativeEndian
	b := order.AppendUint16(nil, 0xeb9f)
	b = append(b, 1, 0) // version, flags
	records, strings := uint32(len(d.records)), uint32(len(d.strings))
	for _, n := range []uint32{24, 0, records, records, strings} { // the length of the header, and where the others are
		b = order.AppendUint32(b, n)
	}
	return append(append(b, d.records...), d.strings...)
}

// packetTypes returns BTF of a function that gets a packet: int f(struct xdp_md *).
func packetTypes() []byte {
	const global = 1
	d := newTypes()
	d.add(btf.Struct, 1, "xdp_md", 4, d.name("data"), 1, 0)
	d.add(btf.Pointer, 0, "", 2)
	d.add(btf.FuncProto, 1, "", 1, d.name("ctx"), 3)
	d.add(btf.Func, global, "f", 4) // replaced
	return d.bytes()
}
