package btf

import (
	"encoding/binary"
	"testing"

	"github.com/cilium/ebpf/btf"
)

func TestPointerSize(t *testing.T) {
	tests := []struct {
		name string
		long btf.Int
		want uint32
	}{
		{"a long of 4 bytes", btf.Int{Name: "long int", Size: 4}, 4},
		{"a long of 8 bytes", btf.Int{Name: "unsigned long", Size: 8}, 8},
		{"words in any order", btf.Int{Name: "long unsigned int", Size: 4}, 4},
		{"not a long", btf.Int{Name: "long long int", Size: 4}, 8},
		{"a long of no size", btf.Int{Name: "long", Size: 2}, 8},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b btf.Builder
			if _, err := b.Add(&btf.Pointer{Target: &tt.long}); err != nil {
				t.Fatal(err)
			}
			data, err := b.Marshal(nil, &btf.MarshalOptions{Order: binary.LittleEndian})
			if err != nil {
				t.Fatal(err)
			}
			s, err := Parse(data, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.PointerSize(); got != tt.want {
				t.Errorf("PointerSize() = %d, want %d", got, tt.want)
			}
			pointer := ID(1)
			for s.Kind(pointer) != Pointer {
				pointer++
			}
			if n, err := s.SizeOf(pointer); err != nil || n != uint64(tt.want) {
				t.Errorf("SizeOf() = %d, %v, want %d", n, err, tt.want)
			}
		})
	}
}
