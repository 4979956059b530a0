package btf

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/cilium/ebpf/btf"
	"github.com/google/go-cmp/cmp"
)

// sample is BTF with some kinds of types, written by another library.
func sample(t testing.TB, order binary.ByteOrder) []byte {
	t.Helper()
	u32 := &btf.Int{Name: "unsigned int", Size: 4}
	char := &btf.Int{Name: "char", Size: 1, Encoding: btf.Signed}
	record := &btf.Struct{Name: "record", Size: 16, Members: []btf.Member{
		{Name: "count", Type: u32},
		{Name: "low", Type: u32, Offset: 32, BitfieldSize: 3},
		{Name: "name", Type: &btf.Array{Type: char, Index: u32, Nelems: 8}, Offset: 64},
	}}
	var b btf.Builder
	for _, typ := range []btf.Type{
		&btf.Typedef{Name: "record_t", Type: &btf.Const{Type: record}},
		&btf.Pointer{Target: record},
		&btf.Enum{Name: "colour", Size: 4, Signed: true, Values: []btf.EnumValue{{Name: "RED", Value: 0}, {Name: "NONE", Value: ^uint64(0)}}},
		&btf.Enum{Name: "wide", Size: 8, Values: []btf.EnumValue{{Name: "HUGE", Value: 1 << 40}}},
		&btf.Func{Name: "main", Type: &btf.FuncProto{Return: u32, Params: []btf.FuncParam{{Name: "ctx", Type: u32}}}},
		&btf.Datasec{Name: ".rodata", Size: 4, Vars: []btf.VarSecinfo{{Type: &btf.Var{Name: "x", Type: u32}, Size: 4}}},
	} {
		if _, err := b.Add(typ); err != nil {
			t.Fatal(err)
		}
	}
	data, err := b.Marshal(nil, &btf.MarshalOptions{Order: order})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// find returns the first type of a kind with a name.
func find(t *testing.T, s *Spec, kind Kind, name string) Type {
	t.Helper()
	for id := ID(1); id < s.Len(); id++ {
		typ, err := s.Type(id)
		if err != nil {
			t.Fatal(err)
		}
		if typ.Kind == kind && typ.Name == name {
			return typ
		}
	}
	t.Fatalf("no type %q of kind %d", name, kind)
	return Type{}
}

// all returns all elements of a type.
func all[T any](t Type, get func(Type, int) T) []T {
	list := make([]T, t.Len())
	for i := range list {
		list[i] = get(t, i)
	}
	return list
}

func TestParse(t *testing.T) {
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		t.Run(order.String(), func(t *testing.T) {
			s, err := Parse(sample(t, order), nil)
			if err != nil {
				t.Fatal(err)
			}
			record := find(t, s, Struct, "record")
			members := all(record, Type.Member)
			for i := range members {
				members[i].Type = 0 // numbered by the other library
			}
			want := []Member{{Name: "count"}, {Name: "low", Offset: 32, Bits: 3}, {Name: "name", Offset: 64}}
			if diff := cmp.Diff(want, members); diff != "" {
				t.Errorf("members (-want +got):\n%s", diff)
			}
			colours := []Enumerator{{"RED", 0}, {"NONE", -1}}
			if diff := cmp.Diff(colours, all(find(t, s, Enum, "colour"), Type.Enumerator)); diff != "" {
				t.Errorf("enumerators (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]Enumerator{{"HUGE", 1 << 40}}, all(find(t, s, Enum64, "wide"), Type.Enumerator)); diff != "" {
				t.Errorf("wide enumerators (-want +got):\n%s", diff)
			}
			if got, err := s.Resolve(find(t, s, Typedef, "record_t").ID); got.ID != record.ID || err != nil {
				t.Errorf("Resolve(record_t) = %d, %v; want %d", got.ID, err, record.ID)
			}
			if n, err := s.SizeOf(record.ID); n != 16 || err != nil {
				t.Errorf("SizeOf(record) = %d, %v; want 16", n, err)
			}
			vars := all(find(t, s, Datasec, ".rodata"), Type.Variable)
			if len(vars) != 1 || vars[0].Size != 4 || vars[0].Type != find(t, s, Var, "x").ID {
				t.Errorf("variables = %+v", vars)
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	good := sample(t, binary.LittleEndian)
	edit := func(f func([]byte) []byte) []byte { return f(append([]byte(nil), good...)) }
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"nothing", nil, "BTF of 0 bytes, want at least 24"},
		{"not BTF", edit(func(b []byte) []byte { b[0] = 0; return b }), "offset 0: magic number"},
		{"version", edit(func(b []byte) []byte { b[2] = 9; return b }), "offset 2: BTF version 9, want 1"},
		{"header length", edit(func(b []byte) []byte { b[7] = 1; return b }), "offset 4: header of"},
		{"types too long", edit(func(b []byte) []byte { b[15] = 1; return b }), "offset 8: types end at"},
		{"strings too long", edit(func(b []byte) []byte { b[23] = 1; return b }), "offset 16: strings end at"},
		{"cut", good[:len(good)-1], "offset 16: strings end at"},
		{"open string", edit(func(b []byte) []byte { b[len(b)-1] = 'x'; return b }), "strings do not end with a NUL"},
		{"unknown kind", edit(func(b []byte) []byte { b[24+7] = 31; return b }), "type 1 at 0: unknown kind 31"},
		{"too many elements", edit(func(b []byte) []byte { b[24+7] = 4; b[24+5] = 0xff; return b }), "type 1 at 0: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse(tt.data, nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Parse() = %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestSplit(t *testing.T) {
	base, err := Parse(sample(t, binary.LittleEndian), nil)
	if err != nil {
		t.Fatal(err)
	}
	// One typedef of the base's first type, with a name of its own.
	le := binary.LittleEndian
	var data []byte
	data = le.AppendUint16(data, magic)
	data = append(data, 1, 0)
	for _, n := range []uint32{headerLen, 0, recordLen, recordLen, 5} {
		data = le.AppendUint32(data, n)
	}
	for _, n := range []uint32{base.textLen(), uint32(Typedef) << 24, 1} {
		data = le.AppendUint32(data, n)
	}
	data = append(data, "mine\x00"...)

	s, err := Parse(data, base)
	if err != nil {
		t.Fatal(err)
	}
	if s.Len() != base.Len()+1 {
		t.Errorf("Len() = %d, want %d", s.Len(), base.Len()+1)
	}
	mine, err := s.Type(base.Len())
	if err != nil || mine.Name != "mine" || mine.Ref() != 1 {
		t.Errorf("first type of its own = %+v, %v", mine, err)
	}
	first, _ := base.Type(1)
	if got, err := s.Type(1); err != nil || got.Name != first.Name {
		t.Errorf("type 1 = %q, %v; want the base's %q", got.Name, err, first.Name)
	}
	if _, err := s.Type(s.Len()); err == nil {
		t.Errorf("Type(%d) of %d succeeded", s.Len(), s.Len())
	}
}

// FuzzParse reads all that there is in whatever is taken for BTF.
func FuzzParse(f *testing.F) {
	f.Add(sample(f, binary.LittleEndian))
	f.Add(sample(f, binary.BigEndian))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse(data, nil)
		if err != nil {
			return
		}
		for id := ID(0); id < s.Len(); id++ {
			typ, err := s.Type(id)
			if err != nil {
				t.Fatalf("type %d of %d: %v", id, s.Len(), err)
			}
			switch typ.Kind {
			case Struct, Union:
				all(typ, Type.Member)
			case Enum, Enum64:
				all(typ, Type.Enumerator)
			case Datasec:
				all(typ, Type.Variable)
			case FuncProto:
				all(typ, Type.Param)
			case Func, Var:
				typ.Linkage()
			case DeclTag:
				typ.Component()
			case Array:
				typ.Array()
			case Int:
				typ.Int()
			}
			s.Resolve(id)
			s.SizeOf(id)
		}
	})
}
