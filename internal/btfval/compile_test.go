package btfval

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	cilium "github.com/cilium/ebpf/btf"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// nested puts a type into n structs within each other, of as many bytes.
func nested(typ cilium.Type, n int, size uint32) cilium.Type {
	for range n {
		typ = fields(size, cilium.Member{Name: "in", Type: typ})
	}
	return typ
}

// pairs puts a type into n pairs within each other.
func pairs(typ cilium.Type, n int, size uint32) cilium.Type {
	for range n {
		typ = fields(2*size, cilium.Member{Name: "a", Type: typ}, cilium.Member{Name: "b", Type: typ, Offset: cilium.Bits(8 * size)})
		size *= 2
	}
	return typ
}

func TestErrors(t *testing.T) {
	self := &cilium.Struct{Name: "self", Size: 8}
	self.Members = []cilium.Member{{Name: "a", Type: arrayOf(self, 1)}}
	long := strings.Repeat("x", 1<<20)
	named := slices.Repeat([]cilium.Member{{Name: long, Type: u8}}, 65)
	enumerators := slices.Repeat([]cilium.EnumValue{{Name: long}}, 65)
	low := nested(u8, 100, 1)
	tests := []struct {
		name string
		typ  cilium.Type
		want string
	}{
		{"a struct within itself", self, "type 1 contains itself"},
		{"depth", nested(u8, maxDepth, 1), "more than 128 types within each other"},
		{"depth of which the end is never seen", nested(u8, 1000, 1), "type 874: more than 128 types within each other"},
		{"depth that was seen before", fields(1, cilium.Member{Name: "low", Type: low}, cilium.Member{Name: "high", Type: nested(low, 50, 1)}), "more than 128 types within each other"},
		{"member beyond its struct", fields(8, cilium.Member{Type: u32}, cilium.Member{Type: u32, Offset: 40}), "member 1 ends at byte 9 of 8"},
		{"bitfield beyond its struct", fields(1, cilium.Member{Type: u32, Offset: 6, BitfieldSize: 3}), "member 0 ends at byte 2 of 1"},
		{"wide bitfield", fields(32, cilium.Member{Type: u128, BitfieldSize: 129}), "type 1: a number of 129 bits"},
		{"wide integer", &cilium.Int{Size: 17}, "type 1: a number of 136 bits"},
		{"struct at a bit", fields(8, cilium.Member{Type: fields(0), Offset: 3}), "at bit 3"},
		{"size", arrayOf(arrayOf(u32, 1<<31), 1<<31), "more than 1099511627776 bytes"},
		{"size of more than 64 bits", arrayOf(arrayOf(fields(1<<31), 1<<9), 1<<31), "more than 1099511627776 bytes"},
		{"elements without bytes", arrayOf(fields(0), 1<<20+1), "more than 1048576 parts"},
		{"elements without a value", arrayOf(&cilium.Fwd{Name: "f"}, 1<<31), "more than 1048576 parts"},
		{"parts of more than 64 bits", arrayOf(arrayOf(fields(0), 1<<20), 1<<31), "more than 1048576 parts"},
		{"pairs without bytes", pairs(fields(0), 100, 0), "more than 1048576 parts"},
		{"parts of a byte", arrayOf(fields(1, slices.Repeat([]cilium.Member{{Type: u8}}, 17)...), 1<<20), "more than 16777216 parts"},
		{"long keys", arrayOf(fields(0, cilium.Member{Name: long, Type: fields(0)}), 100), "more than 1048576 parts"},
		{"long names of values", arrayOf(&cilium.Enum{Size: 1, Values: []cilium.EnumValue{{Name: long}}}, 100), "more than 1048576 parts"},
		{"variable", &cilium.Var{Name: "v", Type: self}, "contains itself"},
		{"section", &cilium.Datasec{Name: "s", Vars: []cilium.VarSecinfo{{Type: &cilium.Var{Name: "v", Type: self}}}}, "contains itself"},
		{"names of members", fields(1, named...), "more than 67108864 bytes of names"},
		{"names of values", &cilium.Enum{Size: 1, Values: enumerators}, "more than 67108864 bytes of names"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw, id := encode(t, tt.typ, binary.LittleEndian)
			if typ, err := compile(t, raw, id); typ != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Compile() = %v, %v; want %q", typ, err, tt.want)
			}
		})
	}
}

// TestErrorsOfRecords has what no compiler's library writes.
func TestErrorsOfRecords(t *testing.T) {
	cycle := []uint32{0, uint32(btf.Typedef) << 24, 2, 0, uint32(btf.Const) << 24, 1}
	tests := []struct {
		name  string
		id    btf.ID
		words []uint32
		want  string
	}{
		{"no such type", 7, cycle, "type 7 of 3"},
		{"typedef of itself", 1, cycle, "more than 64 types in a row"},
		{"more bits than bytes", 1, []uint32{0, uint32(btf.Int) << 24, 1, 2<<16 | 7}, "type 1: 7 bits after 2 others in 1 bytes"},
		{"bitfield of what is no type", 3, slices.Concat(cycle, []uint32{0, 1<<31 | uint32(btf.Struct)<<24 | 1, 8, 0, 1, 3 << 24}), "more than 64 types in a row"},
		{"offset beyond all", 2, []uint32{0, uint32(btf.Int) << 24, 4, 0xff<<16 | 1, 0, uint32(btf.Struct)<<24 | 1, 8, 0, 1, 0xffffffff}, "member 0 ends at byte 536870944 of 8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			typ, err := compile(t, assemble(t, binary.LittleEndian, "\x00", tt.words), tt.id)
			if typ != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Compile() = %v, %v; want %q", typ, err, tt.want)
			}
		})
	}
}

// TestLarge compiles what is large but makes sense: in no time, since neither
// elements nor the types that others share are laid out again and again.
func TestLarge(t *testing.T) {
	bitfields := make([]cilium.Member, 8)
	for i := range bitfields {
		bitfields[i] = cilium.Member{Name: "b", Type: u8, Offset: cilium.Bits(i), BitfieldSize: 1}
	}
	tests := []struct {
		name string
		typ  cilium.Type
		want int
	}{
		{"section of one array", &cilium.Datasec{Name: ".bss", Size: 64 << 20, Vars: []cilium.VarSecinfo{{Type: &cilium.Var{Name: "x", Type: arrayOf(u8, 64<<20)}, Size: 64 << 20}}}, 64 << 20},
		{"section whose size is not known yet", &cilium.Datasec{Name: ".bss", Vars: []cilium.VarSecinfo{{Type: &cilium.Var{Name: "x", Type: u32}, Offset: 4, Size: 4}}}, 8},
		{"bitfields", arrayOf(fields(1, bitfields...), 16<<20), 16 << 20},
		{"elements without bytes", arrayOf(fields(0), 1<<20), 0},
		{"pairs", pairs(u8, 30, 1), 1 << 30},
		{"depth", nested(u8, maxDepth-1, 1), 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw, id := encode(t, tt.typ, binary.LittleEndian)
			start := time.Now()
			typ, err := compile(t, raw, id)
			if err != nil {
				t.Fatal(err)
			}
			if typ.Size() != tt.want {
				t.Errorf("%d bytes, want %d", typ.Size(), tt.want)
			}
			if d := time.Since(start); d > 5*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
}

// TestLargeEnumeration finds as many names as there can be in an enumeration,
// which must not take the square of it. Every value has two.
func TestLargeEnumeration(t *testing.T) {
	const n = (1<<16 - 1) / 2
	e := &cilium.Enum{Name: "e", Size: 4}
	var data []byte
	for i := range uint32(2 * n) {
		value := i % n * 2654435761 // odd, so that none comes twice
		e.Values = append(e.Values, cilium.EnumValue{Name: fmt.Sprintf("N%d", i), Value: uint64(value)})
		data = binary.LittleEndian.AppendUint32(data, value)
	}
	raw, id := encode(t, e, binary.LittleEndian)
	typ, err := compile(t, raw, id)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	for i := range 16 * n {
		if got, want := string(typ.AppendJSON(nil, data[4*(i%n):])), fmt.Sprintf(`"N%d"`, i%n); got != want {
			t.Fatalf("value %d: %s, want %s", i, got, want)
		}
	}
	if d := time.Since(start); d > 3*time.Second {
		t.Errorf("took %v", d)
	}
}

func TestValueOfTooFewBytes(t *testing.T) {
	raw, id := encode(t, fields(8, cilium.Member{Name: "b", Type: u32}), binary.LittleEndian)
	typ, err := compile(t, raw, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range []string{"", "1234567"} {
		v, err := typ.Value([]byte(data))
		if want := fmt.Sprintf("%d bytes, want 8", len(data)); v != nil || err == nil || err.Error() != want {
			t.Errorf("Value(%q) = %v, %v; want %q", data, v, err, want)
		}
	}
}

// FuzzCompile prints values of the types in whatever is taken for BTF.
func FuzzCompile(f *testing.F) {
	for _, typ := range []cilium.Type{
		fields(8, cilium.Member{Name: "a", Type: u32, BitfieldSize: 3}, cilium.Member{Name: "b", Type: arrayOf(char, 4), Offset: 32}),
		&cilium.Datasec{Name: ".rodata", Size: 4, Vars: []cilium.VarSecinfo{{Type: &cilium.Var{Name: "x", Type: u32}, Size: 4}}},
		fields(8, cilium.Member{Name: "e", Type: &cilium.Enum{Size: 4, Values: []cilium.EnumValue{{Name: "E", Value: 1}}}}, cilium.Member{Name: "f", Type: &cilium.Float{Size: 4}, Offset: 32}),
	} {
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			raw, _ := encode(f, typ, order)
			f.Add(raw, []byte("12345678"))
		}
	}
	f.Fuzz(func(t *testing.T, raw, data []byte) {
		spec, err := btf.Parse(raw, nil)
		if err != nil {
			return
		}
		for id := range min(spec.Len(), 16) {
			typ, err := Compile(spec, id)
			if (typ == nil) == (err == nil) {
				t.Fatalf("type %d: %v and error %v", id, typ, err)
			}
			if err != nil {
				continue
			}
			v, err := typ.Value(data)
			if (err == nil) != (len(data) >= typ.Size()) {
				t.Fatalf("type %d of %d bytes: value of %d and error %v", id, typ.Size(), len(data), err)
			}
			if err != nil {
				continue
			}
			checkJSON(t, typ.AppendJSON(nil, data[:typ.Size():typ.Size()]))
			v.AppendPlain(nil)
		}
	})
}
