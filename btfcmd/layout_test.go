package btfcmd

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSpace(t *testing.T) {
	whole := func(offset, size uint64) *Place { return &Place{Offset: offset, Size: size} }
	bits := func(offset, size, first uint64, n uint32) *Place {
		return &Place{Offset: offset, Size: size, Bits: &Bits{first, n}}
	}
	tests := []struct {
		name   string
		size   uint32
		places []*Place
		holes  []string
		want   Sums
	}{
		{"nothing", 0, nil, nil, Sums{}},
		{"nothing but padding", 4, nil, nil, Sums{Padding: 4}},
		{"full", 8, []*Place{whole(0, 4), whole(4, 4)}, nil, Sums{Bytes: 8}},
		{"a hole", 8, []*Place{whole(0, 1), whole(4, 4)}, []string{"1: 3 bytes"}, Sums{Bytes: 5, Holes: 1, HoleBytes: 3}},
		{"a hole at the start", 8, []*Place{whole(4, 4)}, []string{"0: 4 bytes"}, Sums{Bytes: 4, Holes: 1, HoleBytes: 4}},
		{"an empty member in a hole", 8, []*Place{whole(0, 1), whole(2, 0), whole(4, 4)}, []string{"1: 1 byte", "2: 2 bytes"},
			Sums{Bytes: 5, Holes: 2, HoleBytes: 3}},
		{"bits to the end of their storage", 8, []*Place{bits(0, 4, 0, 3), whole(4, 4)}, []string{"0: 29 bits"},
			Sums{Bytes: 4, Bitfields: 3, BitHoles: 1, HoleBits: 29}},
		{"bits that end early", 4, []*Place{bits(0, 4, 0, 3), whole(1, 1)}, []string{"0: 5 bits"},
			Sums{Bytes: 1, Bitfields: 3, BitHoles: 1, HoleBits: 5, Padding: 2}},
		{"bits, then bytes", 8, []*Place{bits(0, 1, 0, 3), whole(4, 4)}, []string{"0: 5 bits", "1: 3 bytes"},
			Sums{Bytes: 4, Bitfields: 3, BitHoles: 1, HoleBits: 5, Holes: 1, HoleBytes: 3}},
		{"bits behind a byte", 4, []*Place{whole(0, 1), bits(0, 4, 8, 24)}, nil, Sums{Bytes: 1, Bitfields: 24}},
		{"bits after a gap", 4, []*Place{whole(0, 1), bits(0, 4, 16, 16)}, []string{"1: 8 bits"},
			Sums{Bytes: 1, Bitfields: 16, BitHoles: 1, HoleBits: 8}},
		{"bits in a storage of their own", 8, []*Place{bits(0, 4, 0, 30), bits(4, 4, 32, 32)}, []string{"3: 2 bits"},
			Sums{Bitfields: 62, BitHoles: 1, HoleBits: 2}},
		{"bits across two storages", 5, []*Place{bits(0, 4, 0, 30), bits(0, 4, 30, 10)}, nil,
			Sums{Bitfields: 40}},
		{"bits of two sizes", 4, []*Place{bits(0, 1, 0, 8), bits(0, 4, 8, 4)}, nil,
			Sums{Bitfields: 12, BitPadding: 20}},
		{"bits at the end", 12, []*Place{whole(0, 8), bits(8, 1, 64, 1)}, nil, Sums{Bytes: 8, Bitfields: 1, BitPadding: 7, Padding: 3}},
		{"members in any order", 8, []*Place{whole(4, 4), whole(0, 4)}, []string{"0: 4 bytes"},
			Sums{Bytes: 8, Holes: 1, HoleBytes: 4, Padding: 4}},
		{"a member beyond the end", 4, []*Place{whole(0, 8)}, nil, Sums{Bytes: 8}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := &Block{Size: tt.size}
			s := space{block: b}
			for _, p := range tt.places {
				s.add(p, 1<<16) // no alignment is forced
				b.Members = append(b.Members, p)
			}
			s.finish(1 << 16)
			if diff := cmp.Diff(tt.want, s.Sums); diff != "" {
				t.Errorf("sums (-want +got):\n%s", diff)
			}
			var holes []string
			for _, h := range b.Holes {
				holes = append(holes, fmt.Sprintf("%d: %v", h.Offset, h))
			}
			if diff := cmp.Diff(tt.holes, holes); diff != "" {
				t.Errorf("holes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestForced(t *testing.T) {
	tests := []struct {
		name        string
		end, offset uint64
		align, want uint32
	}{
		{"by itself", 1, 8, 8, 0},
		{"right behind", 8, 8, 1, 0},
		{"the next of its type", 5, 8, 4, 0},
		{"more than its type", 4, 8, 4, 8},
		{"the smallest", 20, 32, 1, 16},
		{"a cache line", 60, 64, 1, 64},
		{"more than a cache line", 60, 256, 8, 256},
		{"nothing explains it", 4, 20, 4, 0},
		{"the start", 0, 0, 64, 0},
		{"before the end", 9, 8, 8, 0},
		{"no page is large enough", 1, 1 << 20, 1, 0},
	}
	for _, tt := range tests {
		if got := forced(tt.end, tt.offset, tt.align); got != tt.want {
			t.Errorf("%s: forced() = %d, want %d", tt.name, got, tt.want)
		}
	}
}
