package usdt

import (
	"encoding/binary"
	"fmt"
)

// A layout is how places are described to programs: that of the <bpf/usdt.bpf.h> with which they were
// compiled.
type layout struct {
	argument int // bytes of an argument
	place    int // bytes of a place: arguments, what users may choose, and how many arguments there are
	indexed  bool
}

// layouts are those of libbpf before 1.7 and from then on. It came with arguments that have an index, and has
// another size, which libbpf does not check.
//
// Source: struct __bpf_usdt_spec of the header, and what the reference writes into the map.
var layouts = []layout{
	{16, mostArguments*16 + 16, false},
	{24, mostArguments*24 + 16, true},
}

// encode tells programs where arguments are.
func (l layout) encode(list []Argument, order binary.ByteOrder) ([]byte, error) {
	b := make([]byte, l.place)
	for i, a := range list {
		if a.kind == indexedArg && !l.indexed {
			return nil, fmt.Errorf("argument %d: it is in memory, at an index that is in a register, which <bpf/usdt.bpf.h> knows since libbpf 1.7", i+1)
		}
		l.encodeArgument(b[i*l.argument:], a, order)
	}
	order.PutUint16(b[mostArguments*l.argument+8:], uint16(len(list)))
	return b, nil
}

// encodeArgument writes struct __bpf_usdt_arg_spec.
func (l layout) encodeArgument(b []byte, a Argument, order binary.ByteOrder) {
	order.PutUint64(b, uint64(a.value))
	rest := b[12:]
	if l.indexed {
		b[8] = a.kind
		order.PutUint16(b[10:], a.index|uint16(a.scale)<<12)
		rest = b[14:]
	} else {
		order.PutUint32(b[8:], uint32(a.kind))
	}
	order.PutUint16(rest, a.register)
	if a.size < 0 {
		rest[2] = 1
	}
	rest[3] = byte(64 - 8*max(a.size, -a.size)) // how many bits of 64 are none of the value
}
