package decl

import (
	"testing"

	"github.com/gobpftool/gobpftool/internal/btf"
)

func TestAlign(t *testing.T) {
	tests := []struct {
		name   string
		types  *writer // the last of them is asked about
		want   uint32  // bytes
		packed bool
	}{
		{"a byte", types().add("char", btf.Int, 0, 1, 8), 1, false},
		{"16 bytes", types().add("__int128", btf.Int, 0, 16, 128), 16, false},
		{"an odd number", types().add("x", btf.Int, 0, 1<<31, 32), 16, false},
		{"a pointer", types().add("", btf.Pointer, 0, 0), 8, false},
		{"a pointer of 4 bytes", types().add("long", btf.Int, 0, 4, 32).add("", btf.Pointer, 0, 1), 4, false},
		{"a struct", types().add("int", btf.Int, 0, 4, 32).add("a", btf.Struct, 1, 4, 0, 1, 0), 4, false},
		{"a packed struct", types().add("int", btf.Int, 0, 4, 32).add("a", btf.Struct, 1, 5, 0, 1, 8), 1, true},
		{"a struct in itself", types().add("a", btf.Struct, 1, 4, 0, 1, 0), 1, false},
		{"nothing", types(), 1, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			spec, err := btf.Parse(tt.types.data(), nil)
			if err != nil {
				t.Fatal(err)
			}
			a := NewAligner(spec)
			last, err := spec.Type(spec.Len() - 1)
			if err != nil {
				t.Fatal(err)
			}
			if got, packed := a.Align(last.ID), a.Packed(last); got != tt.want || packed != tt.packed || a.Err() != nil {
				t.Errorf("Align() = %d, packed %v, %v; want %d, %v", got, packed, a.Err(), tt.want, tt.packed)
			}
		})
	}
}
