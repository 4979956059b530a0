package btfval

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"strings"
	"testing"

	cilium "github.com/cilium/ebpf/btf"
	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/btf"
)

var (
	u8    = &cilium.Int{Name: "unsigned char", Size: 1}
	s8    = &cilium.Int{Name: "signed char", Size: 1, Encoding: cilium.Signed}
	char  = &cilium.Int{Name: "char", Size: 1, Encoding: cilium.Signed}
	wchar = &cilium.Int{Name: "text", Size: 1, Encoding: cilium.Char}
	boole = &cilium.Int{Name: "_Bool", Size: 1, Encoding: cilium.Bool}
	u16   = &cilium.Int{Name: "unsigned short", Size: 2}
	u32   = &cilium.Int{Name: "unsigned int", Size: 4}
	s32   = &cilium.Int{Name: "int", Size: 4, Encoding: cilium.Signed}
	u64   = &cilium.Int{Name: "unsigned long", Size: 8}
	u128  = &cilium.Int{Name: "unsigned __int128", Size: 16}
)

// encode makes BTF of one type, and returns its ID.
func encode(t testing.TB, typ cilium.Type, order binary.ByteOrder) ([]byte, btf.ID) {
	t.Helper()
	var b cilium.Builder
	id, err := b.Add(typ)
	if err != nil {
		t.Fatal(err)
	}
	data, err := b.Marshal(nil, &cilium.MarshalOptions{Order: order})
	if err != nil {
		t.Fatal(err)
	}
	return data, btf.ID(id)
}

func array(typ cilium.Type, n uint32) cilium.Type {
	return &cilium.Array{Type: typ, Index: u32, Nelems: n}
}

func fields(size uint32, members ...cilium.Member) cilium.Type {
	return &cilium.Struct{Name: "s", Size: size, Members: members}
}

func TestDecode(t *testing.T) {
	colour := &cilium.Enum{Name: "colour", Size: 4, Signed: true, Values: []cilium.EnumValue{{Name: "RED", Value: 1}, {Name: "ALSO_RED", Value: 1}}}
	float := binary.LittleEndian.AppendUint32(nil, math.Float32bits(1.5))
	nan := binary.LittleEndian.AppendUint32(nil, math.Float32bits(float32(math.NaN())))
	tests := []struct {
		name          string
		typ           cilium.Type
		data          string
		plain, inJSON string // JSON is the same if empty
	}{
		{"unsigned", u32, "\xff\xff\xff\xff", "4294967295", ""},
		{"signed", s32, "\xff\xff\xff\xff", "-1", ""},
		{"signed byte", s8, "\x80", "-128", ""},
		{"eight bytes", u64, "\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615", ""},
		{"true", boole, "\x01", "true", ""},
		{"character", wchar, "c", `"c"`, ""},
		{"quote", wchar, `"`, `"\""`, ""},
		{"character that does not print", wchar, "\x1f", "0x1f", `"\u001f"`},
		{"128 bits", u128, "\x83\xa9\x98\x8f\x9d\xa6\xad\xb4\xbb\xc2\xc9\xd0\xd7\xde\xe5\xec", "0xece5ded7d0c9c2bbb4ada69d8f98a983", `"0xece5ded7d0c9c2bbb4ada69d8f98a983"`},
		{"128 bits, the upper half 0", u128, "\x05" + strings.Repeat("\x00", 15), "0x5", `"0x5"`},
		{"pointer", &cilium.Pointer{Target: u32}, "\xdb\xe2\xe9\xf0\xf7\x5e\xc0\x00", `"0xc05ef7f0e9e2db"`, "54147614520238811"},
		{"null", &cilium.Pointer{Target: u32}, strings.Repeat("\x00", 8), `"(nil)"`, "0"},
		{"enum", colour, "\x01\x00\x00\x00", `"RED"`, ""},
		{"enum without a name", colour, "\xfe\xff\xff\xff", "-2", ""},
		{"float", &cilium.Float{Name: "float", Size: 4}, string(float), "1.5", ""},
		{"float that is no number", &cilium.Float{Name: "float", Size: 4}, string(nan), "NaN", `"NaN"`},
		{"function", &cilium.Func{Name: "f", Type: &cilium.FuncProto{Return: u32}}, "", "(unsupported-kind)", `"(unsupported-kind)"`},
		{"forward", &cilium.Fwd{Name: "f"}, "", "(fwd-kind-invalid)", `"(fwd-kind-invalid)"`},
		{"text", array(char, 8), "fix\x00\xff\xff\xff\xff", `"fix"`, ""},
		{"text that is empty", array(char, 4), "\x00\x01\x02\x03", `""`, ""},
		{"text without an end", array(char, 3), "abc", "[97,98,99]", ""},
		{"text that does not print", array(char, 3), "a\x01\x00", "[97,1,0]", ""},
		{"bytes are no text", array(u8, 4), "abc\x00", "[97,98,99,0]", ""},
		{"constant characters are text", array(&cilium.Const{Type: char}, 4), "a<b\x00", `"a<b"`, ""},
		{"characters by another name are not", array(&cilium.Typedef{Name: "c", Type: char}, 4), "abc\x00", "[97,98,99,0]", ""},
		{"empty array", array(u32, 0), "", "[]", ""},
		{"matrix", array(array(u16, 2), 2), "\x01\x00\x02\x00\x03\x00\x04\x00", "[[1,2],[3,4]]", ""},
		{
			"struct with a union without a name",
			fields(8, cilium.Member{Name: "a", Type: u32}, cilium.Member{Type: &cilium.Union{Size: 4, Members: []cilium.Member{{Name: "i", Type: s32}, {Name: "u", Type: u32}}}, Offset: 32}),
			"\x01\x00\x00\x00\xff\xff\xff\xff", `{"a":1,"":{"i":-1,"u":4294967295}}`, "",
		},
		{
			"a float does not cut a struct short",
			fields(8, cilium.Member{Name: "f", Type: &cilium.Float{Name: "float", Size: 4}}, cilium.Member{Name: "after", Type: u32, Offset: 32}),
			string(float) + "\x07\x00\x00\x00", `{"f":1.5,"after":7}`, "",
		},
		{
			"bitfields",
			fields(4, cilium.Member{Name: "a", Type: u32, BitfieldSize: 3}, cilium.Member{Name: "b", Type: u32, Offset: 3, BitfieldSize: 9}, cilium.Member{Name: "c", Type: u32, Offset: 12, BitfieldSize: 20}),
			"\xfd\x0a\x34\x12", `{"a":0x5,"b":0x15f,"c":0x12340}`, `{"a":"0x5","b":"0x15f","c":"0x12340"}`,
		},
		{"variable", &cilium.Var{Name: "x", Type: u32}, "\x07\x00\x00\x00", `{"x":7}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data, id := encode(t, tt.typ, binary.LittleEndian)
			check(t, data, id, tt.data, tt.plain, tt.inJSON)
		})
	}
}

func check(t *testing.T, raw []byte, id btf.ID, data, plain, inJSON string) {
	t.Helper()
	spec, err := btf.Parse(raw, nil)
	if err != nil {
		t.Fatal(err)
	}
	v, err := Decode(spec, id, []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plain, string(v.AppendPlain(nil))); diff != "" {
		t.Errorf("plain (-want +got):\n%s", diff)
	}
	if inJSON == "" {
		inJSON = plain
	}
	b, err := v.MarshalJSON()
	if diff := cmp.Diff(inJSON, string(b)); diff != "" || err != nil {
		t.Errorf("JSON (-want +got):\n%s%v", diff, err)
	}
	if !json.Valid(b) {
		t.Errorf("%s is no JSON", b)
	}
}

func TestBigEndian(t *testing.T) {
	s := fields(8,
		cilium.Member{Name: "n", Type: u32},
		cilium.Member{Name: "a", Type: u32, Offset: 32, BitfieldSize: 3},
		cilium.Member{Name: "b", Type: u32, Offset: 35, BitfieldSize: 9})
	raw, id := encode(t, s, binary.BigEndian)
	check(t, raw, id, "\x00\x00\x01\x02\xbf\xf0\x00\x00", `{"n":258,"a":0x5,"b":0x1ff}`, `{"n":258,"a":"0x5","b":"0x1ff"}`)
}

func TestErrors(t *testing.T) {
	tests := []struct {
		name string
		typ  cilium.Type
		data string
		want string
	}{
		{"too short", u32, "\x01\x02", "byte 0: 4 bytes wanted of 2"},
		{"too short within", fields(8, cilium.Member{Name: "b", Type: u32, Offset: 32}), "\x01\x02\x03\x04\x05", "byte 4: 4 bytes wanted of 5"},
		{"more elements than bytes", array(u32, 1<<31), "\x01\x02\x03\x04", "byte 4: 4 bytes wanted of 4"},
		{"more elements than memory", array(fields(0), 1<<31), "", "more than 1048576 parts"},
		{"text too short", array(char, 8), "abc", "byte 0: 8 bytes wanted of 3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw, id := encode(t, tt.typ, binary.LittleEndian)
			spec, err := btf.Parse(raw, nil)
			if err != nil {
				t.Fatal(err)
			}
			v, err := Decode(spec, id, []byte(tt.data))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Decode() = %v, %v; want %q", v, err, tt.want)
			}
		})
	}
}

// TestObjectAgain reads back what was written as JSON.
func TestObjectAgain(t *testing.T) {
	const text = `{"zeta":1,"alpha":"a<b","":{"x":null},"":[],"list":[1,[2,{"y":-1.5}]]}`
	var o Object
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}
	b, err := o.MarshalJSON()
	if diff := cmp.Diff(text, string(b)); diff != "" || err != nil {
		t.Errorf("JSON (-want +got):\n%s%v", diff, err)
	}
	for _, bad := range []string{`[]`, `1`, `null`} {
		if err := o.UnmarshalJSON([]byte(bad)); err == nil {
			t.Errorf("%s is taken for an object", bad)
		}
	}
}

// FuzzDecode reads a value of every type in whatever is taken for BTF.
func FuzzDecode(f *testing.F) {
	for _, typ := range []cilium.Type{
		fields(8, cilium.Member{Name: "a", Type: u32, BitfieldSize: 3}, cilium.Member{Name: "b", Type: array(char, 4), Offset: 32}),
		&cilium.Datasec{Name: ".rodata", Size: 4, Vars: []cilium.VarSecinfo{{Type: &cilium.Var{Name: "x", Type: u32}, Size: 4}}},
	} {
		raw, _ := encode(f, typ, binary.LittleEndian)
		f.Add(raw, []byte("12345678"))
	}
	f.Fuzz(func(t *testing.T, raw, data []byte) {
		spec, err := btf.Parse(raw, nil)
		if err != nil {
			return
		}
		for id := range min(spec.Len(), 16) {
			v, err := Decode(spec, id, data)
			if (v == nil) == (err == nil) {
				t.Fatalf("type %d: value %v and error %v", id, v, err)
			}
			if err != nil {
				continue
			}
			if b, err := v.MarshalJSON(); err != nil || !json.Valid(b) {
				t.Fatalf("type %d: %s, %v", id, b, err)
			}
			v.AppendPlain(nil)
		}
	})
}
