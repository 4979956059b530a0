package btf

import (
	"encoding/binary"
	"testing"
)

func TestSized(t *testing.T) {
	for _, order := range []byteOrders{binary.LittleEndian, binary.BigEndian} {
		r := newRaw(order, nil)
		r.add(Datasec, 0, r.name(".data"), 0)
		r.add(Datasec, 0, r.name(".bss"), 8)
		r.add(Datasec, 0, r.name(".ksyms"), 0)
		r.add(Struct, 0, r.name(".rodata"), 0)
		s, err := Parse(r.bytes(), nil)
		if err != nil {
			t.Fatal(err)
		}
		sized := s.Sized(map[string]uint32{".data": 12, ".bss": 16, ".rodata": 20})
		for id, want := range []uint32{0, 12, 8, 0, 0} {
			if got := sized.Shape(ID(id)); got.Size() != want {
				t.Errorf("%v: type %d has %d bytes, want %d", order, id, got.Size(), want)
			}
		}
		if s.Shape(1).Size() != 0 {
			t.Errorf("%v: the first has changed", order)
		}
	}
}
