package decl

import (
	"testing"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

func TestAlign(t *testing.T) {
	tests := []struct {
		name   string
		types  *fixture.Types // the last of them is asked about
		want   uint32         // bytes
		packed bool
	}{
		{"a byte", types().Add("char", btf.Int, 0, 1, 8), 1, false},
		{"16 bytes", types().Add("__int128", btf.Int, 0, 16, 128), 16, false},
		{"an odd number", types().Add("x", btf.Int, 0, 1<<31, 32), 16, false},
		{"a pointer", types().Add("", btf.Pointer, 0, 0), 8, false},
		{"a pointer of 4 bytes", types().Add("long", btf.Int, 0, 4, 32).Add("", btf.Pointer, 0, 1), 4, false},
		{"a struct", types().Add("int", btf.Int, 0, 4, 32).Add("a", btf.Struct, 1, 4, 0, 1, 0), 4, false},
		{"a packed struct", types().Add("int", btf.Int, 0, 4, 32).Add("a", btf.Struct, 1, 5, 0, 1, 8), 1, true},
		{"a struct in itself", types().Add("a", btf.Struct, 1, 4, 0, 1, 0), 1, false},
		{"nothing", types(), 1, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			spec, err := btf.Parse(tt.types.Bytes(), nil)
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
