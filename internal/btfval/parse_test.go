package btfval

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"

	cilium "github.com/cilium/ebpf/btf"

	"github.com/gobpftool/gobpftool/internal/btf"
)

var (
	colour   = &cilium.Enum{Name: "colour", Size: 4, Values: []cilium.EnumValue{{Name: "RED", Value: 1}, {Name: "ALSO_RED", Value: 1}, {Name: "BLUE", Value: 2}, {Name: "TOP", Value: math.MaxUint32}}}
	long     = &cilium.Enum{Name: "long", Size: 8, Values: []cilium.EnumValue{{Name: "TOP", Value: 1 << 63}}}
	void     = &cilium.Pointer{Target: &cilium.Void{}}
	in       = &cilium.Struct{Name: "in_addr", Size: 4, Members: []cilium.Member{{Name: "s_addr", Type: &cilium.Typedef{Name: "__be32", Type: u32}}}}
	in6      = &cilium.Struct{Name: "in6_addr", Size: 16, Members: []cilium.Member{{Name: "b", Type: arrayOf(u8, 16)}}}
	either32 = &cilium.Union{Name: "either", Size: 4, Members: []cilium.Member{{Name: "i", Type: s32}, {Name: "u", Type: u32}, {Name: "b", Type: arrayOf(u8, 2)}, {Name: "t", Type: boole}, {Name: "s", Type: arrayOf(char, 4)}}}
	flow     = &cilium.Struct{Name: "flow", Size: 16, Members: []cilium.Member{
		{Name: "saddr", Type: u32},
		{Type: &cilium.Union{Size: 4, Members: []cilium.Member{{Name: "mark", Type: u32}, {Name: "marks", Type: arrayOf(u16, 2)}}}, Offset: 32},
		{Name: "ports", Type: arrayOf(u16, 2), Offset: 64},
		{Type: &cilium.Struct{Size: 4, Members: []cilium.Member{{Name: "proto", Type: u8}, {Type: &cilium.Struct{Size: 1, Members: []cilium.Member{{Name: "deep", Type: u8}}}, Offset: 8}, {Name: "on", Type: boole, Offset: 16}}}, Offset: 96},
	}}
	packed = fields(4, cilium.Member{Name: "a", Type: u32, BitfieldSize: 3}, cilium.Member{Name: "b", Type: s32, Offset: 3, BitfieldSize: 9}, cilium.Member{Name: "e", Type: colour, Offset: 12, BitfieldSize: 2}, cilium.Member{Name: "t", Type: boole, Offset: 14, BitfieldSize: 1})
)

func TestParse(t *testing.T) {
	tests := []struct {
		name string
		typ  cilium.Type
		text string
		want string // bytes
	}{
		{"unsigned", u32, "4294967295", "\xff\xff\xff\xff"},
		{"in base 16", u32, "0xDEADbeef", "\xef\xbe\xad\xde"},
		{"in quotes", u32, `"42"`, "\x2a\x00\x00\x00"},
		{"in base 16 in quotes", u16, `"0x2a"`, "\x2a\x00"},
		{"with white space", u8, " \r\n\t7\n", "\x07"},
		{"least", s8, "-128", "\x80"},
		{"least in base 16", s8, "-0x80", "\x80"},
		{"minus zero", u8, "-0", "\x00"},
		{"eight bytes", u64, "18446744073709551615", strings.Repeat("\xff", 8)},
		{"char", char, `"a"`, "a"},
		{"char that is a digit", char, `"5"`, "5"},
		{"char as a number", char, "97", "a"},
		{"char as a number in quotes", char, `"0x61"`, "a"},
		{"character", wchar, `"\""`, `"`},
		{"character that does not print", wchar, `"\u00fe"`, "\xfe"},
		{"character that is no ASCII", wchar, `"þ"`, "\xfe"},
		{"character as a bare number", wchar, "0x1f", "\x1f"},
		{"character with a sign", wchar, "-1", "\xff"},
		{"true", boole, "true", "\x01"},
		{"false", boole, "false", "\x00"},
		{"true as a number", boole, "1", "\x01"},
		{"false in quotes", boole, `"false"`, "\x00"},
		{"128 bits", u128, "340282366920938463463374607431768211455", strings.Repeat("\xff", 16)},
		{"128 bits in base 16", u128, "0x1000000000000000000000000000005", "\x05" + strings.Repeat("\x00", 14) + "\x01"},
		{"128 bits, negative", s128, "-2", "\xfe" + strings.Repeat("\xff", 15)},
		{"128 bits with a sign as printed", s128, "0x" + strings.Repeat("f", 32), strings.Repeat("\xff", 16)},
		{"24 bits", &cilium.Int{Name: "_BitInt(24)", Size: 3}, "0x800201", "\x01\x02\x80"},
		{"pointer", void, "0xffff888000000001", "\x01\x00\x00\x00\x80\x88\xff\xff"},
		{"null", void, "null", strings.Repeat("\x00", 8)},
		{"nil", void, `"(nil)"`, strings.Repeat("\x00", 8)},
		{"network order", u16, `"be:443"`, "\x01\xbb"},
		{"network order in base 16", u64, `"be:0x0102"`, "\x00\x00\x00\x00\x00\x00\x01\x02"},
		{"dotted", u32, `"10.0.0.1"`, "\x0a\x00\x00\x01"},
		{"bytes dotted", arrayOf(u8, 4), `"10.0.0.1"`, "\x0a\x00\x00\x01"},
		{"struct in_addr", in, `"10.0.0.1"`, "\x0a\x00\x00\x01"},
		{"struct in_addr as a struct", in, `{"s_addr":"10.0.0.1"}`, "\x0a\x00\x00\x01"},
		{"IPv6", arrayOf(u8, 16), `"2001:db8::1"`, "\x20\x01\x0d\xb8" + strings.Repeat("\x00", 11) + "\x01"},
		{"IPv6 that is IPv4", arrayOf(u8, 16), `"::ffff:10.0.0.1"`, strings.Repeat("\x00", 10) + "\xff\xff\x0a\x00\x00\x01"},
		{"struct in6_addr", in6, `"::1"`, strings.Repeat("\x00", 15) + "\x01"},
		{"MAC", arrayOf(u8, 6), `"02:00:00:00:00:fF"`, "\x02\x00\x00\x00\x00\xff"},
		{"bytes in base 16", arrayOf(u8, 4), `"hex:0a0Bff"`, "\x0a\x0b\xff\x00"},
		{"name", colour, `"BLUE"`, "\x02\x00\x00\x00"},
		{"other name", colour, `"ALSO_RED"`, "\x01\x00\x00\x00"},
		{"name with an escape", colour, `"\u0052ED"`, "\x01\x00\x00\x00"},
		{"name of a large value", colour, `"TOP"`, "\xff\xff\xff\xff"},
		{"name of eight bytes", long, `"TOP"`, strings.Repeat("\x00", 7) + "\x80"},
		{"value of an enum", colour, "7", "\x07\x00\x00\x00"},
		{"value of an enum in quotes", colour, `"7"`, "\x07\x00\x00\x00"},
		{"value of an enum with a sign", colour, "-2", "\xfe\xff\xff\xff"},
		{"large value of an enum", colour, "4294967295", "\xff\xff\xff\xff"},
		{"large value of eight bytes", long, "18446744073709551615", strings.Repeat("\xff", 8)},
		{"floats", arrayOf(&cilium.Float{Name: "float", Size: 4}, 4), `[1.5,"1.5e0",-0,"-Inf"]`, floats[uint32](0x3fc00000, 0x3fc00000, 0x80000000, 0xff800000)},
		{"NaNs", arrayOf(&cilium.Float{Name: "float", Size: 4}, 2), `[NaN,"NaN(0xffc00000)"]`, floats[uint32](0x7fc00000, 0xffc00000)},
		{"doubles", arrayOf(&cilium.Float{Name: "double", Size: 8}, 2), `[1e-400,5e-324]`, floats[uint64](0, 1)},
		{"halves", arrayOf(&cilium.Float{Name: "_Float16", Size: 2}, 9), `[0,-0,1,65519.9,6e-8,0.00006097,1.00048828125,1.00146484375,2047.9]`, floats[uint16](0, 0x8000, 0x3c00, 0x7bff, 1, 0x0400-1, 0x3c00, 0x3c02, 0x6800)},
		{"long double", &cilium.Float{Name: "long double", Size: 16}, `"0x3fff0000000000000000000000000000"`, strings.Repeat("\x00", 14) + "\xff\x3f"},
		{"text", arrayOf(char, 8), `"fix"`, "fix\x00\x00\x00\x00\x00"},
		{"text that fills its array", arrayOf(char, 3), `"fix"`, "fix"},
		{"text with escapes", arrayOf(char, 16), `"\"\\\/\b\f\n\r\t\u00fc\ud83d\ude00"`, "\"\\/\b\f\n\r\tü😀\x00\x00"},
		{"text of digits", arrayOf(char, 4), `"0x1"`, "0x1\x00"},
		{"text as a list", arrayOf(char, 4), `[97,"b",-1]`, "ab\xff\x00"},
		{"text of no bytes", arrayOf(char, 0), `""`, ""},
		{"list", arrayOf(u16, 3), "[1,2]", "\x01\x00\x02\x00\x00\x00"},
		{"empty list", arrayOf(u16, 1), "[ ]", "\x00\x00"},
		{"matrix", arrayOf(arrayOf(u16, 2), 2), "[[1],[2]]", "\x01\x00\x00\x00\x02\x00\x00\x00"},
		{"words", arrayOf(&cilium.Fwd{Name: "f"}, 3), `[(fwd-kind-invalid),"(unknown)",(unsupported-kind)]`, ""},
		{"fields in their order", flow, `{"saddr":1,"":{"mark":2},"ports":[3],"":{"proto":4,"":{"deep":5},"on":true}}`, "\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00\x04\x05\x01\x00"},
		{"fields in another order", flow, `{"ports":[3],"":{"mark":2},"saddr":1,"":{"on":true,"":{"deep":5}}}`, "\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00\x00\x05\x01\x00"},
		{"fields of those without names", flow, `{"deep":5,"mark":2,"on":true,"saddr":"127.0.0.1"}`, "\x7f\x00\x00\x01\x02\x00\x00\x00\x00\x00\x00\x00\x00\x05\x01\x00"},
		{"both names of a field", flow, `{"mark":2,"":{"marks":[2]}}`, "\x00\x00\x00\x00\x02" + strings.Repeat("\x00", 11)},
		{"name with an escape", flow, `{"\u0073addr":1}`, "\x01" + strings.Repeat("\x00", 15)},
		{"no fields", flow, "{ }", strings.Repeat("\x00", 16)},
		{"union", either32, `{"u":4294967295}`, "\xff\xff\xff\xff"},
		{"all of a union", either32, `{"i":-1,"u":4294967295,"b":[255,255],"t":true}`, "\xff\xff\xff\xff"},
		{"parts of a union", either32, `{"b":[0,2],"u":512}`, "\x00\x02\x00\x00"},
		{"true by another part", either32, `{"t":true,"b":[2]}`, "\x02\x00\x00\x00"},
		{"true by itself", either32, `{"t":true,"b":[]}`, "\x01\x00\x00\x00"},
		{"text and what follows it", either32, `{"s":"a","u":33554529}`, "a\x00\x00\x02"},
		{"fields that overlap", fields(4, cilium.Member{Name: "a", Type: u32}, cilium.Member{Name: "b", Type: u16}), `{"a":65537,"b":1}`, "\x01\x00\x01\x00"},
		{"bitfields", packed, `{"a":0x5,"b":"-0x1","e":"BLUE","t":true}`, "\xfd\x6f\x00\x00"},
		{"bitfields as numbers", packed, `{"a":5,"b":-256,"e":3,"t":1}`, "\x05\x78\x00\x00"},
		{"variable", &cilium.Var{Name: "x", Type: u16}, `{"x":7}`, "\x07\x00"},
		{
			"section",
			&cilium.Datasec{Name: ".data", Size: 12, Vars: []cilium.VarSecinfo{{Type: &cilium.Var{Name: "x", Type: u32}, Size: 4}, {Type: &cilium.Var{Name: "y", Type: arrayOf(u8, 2)}, Offset: 8, Size: 2}}},
			`{".data":[{"x":7},{"y":[1,2]}]}`, "\x07\x00\x00\x00\x00\x00\x00\x00\x01\x02\x00\x00",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw, id := encode(t, tt.typ, binary.LittleEndian)
			checkParse(t, raw, id, tt.text, tt.want)
		})
	}
}

func checkParse(t *testing.T, raw []byte, id btf.ID, text, want string) {
	t.Helper()
	typ, err := compile(t, raw, id)
	if err != nil {
		t.Fatal(err)
	}
	data := []byte(strings.Repeat("\xa5", typ.Size()) + "after")
	if err := typ.Parse(data, []byte(text)); err != nil {
		t.Fatal(err)
	}
	if got := string(data); got != want+"after" {
		t.Errorf("Parse(%s) = %q, want %q", text, got, want+"after")
	}
}

func TestParseBigEndian(t *testing.T) {
	tests := []struct {
		name string
		typ  cilium.Type
		text string
		want string // bytes
	}{
		{"two bytes", u16, "258", "\x01\x02"},
		{"signed", s32, "-2", "\xff\xff\xff\xfe"},
		{"eight bytes", u64, "258", "\x00\x00\x00\x00\x00\x00\x01\x02"},
		{"network order", u16, `"be:443"`, "\x01\xbb"},
		{"dotted", u32, `"10.0.0.1"`, "\x0a\x00\x00\x01"},
		{"24 bits", &cilium.Int{Name: "_BitInt(24)", Size: 3}, "0x800201", "\x80\x02\x01"},
		{"128 bits", u128, "0x1000000000000000000000000000005", "\x01" + strings.Repeat("\x00", 14) + "\x05"},
		{"pointer", void, "258", "\x00\x00\x00\x00\x00\x00\x01\x02"},
		{"name", colour, `"BLUE"`, "\x00\x00\x00\x02"},
		{"float", &cilium.Float{Name: "float", Size: 4}, "1.5", "\x3f\xc0\x00\x00"},
		{"half", &cilium.Float{Name: "_Float16", Size: 2}, "1.5", "\x3e\x00"},
		{"bitfields", packed, `{"a":5,"b":-1,"e":"BLUE","t":true}`, "\xbf\xfa\x00\x00"},
		{"bytes", arrayOf(u8, 4), `"hex:01020304"`, "\x01\x02\x03\x04"},
		{"true of four bytes", &cilium.Int{Name: "bool", Size: 4, Encoding: cilium.Bool}, "true", "\x00\x00\x00\x01"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw, id := encode(t, tt.typ, binary.BigEndian)
			checkParse(t, raw, id, tt.text, tt.want)
		})
	}
}

func benchmarkParse(b *testing.B, typ cilium.Type, text string) {
	raw, id := encode(b, typ, binary.LittleEndian)
	t, err := compile(b, raw, id)
	if err != nil {
		b.Fatal(err)
	}
	data, in := make([]byte, t.Size()), []byte(text)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if err := t.Parse(data, in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	b.Run("struct", func(b *testing.B) { benchmarkParse(b, four, `{"packets":67305985,"bytes":10000,"errors":-1,"cpu":3}`) })
	b.Run("spread", func(b *testing.B) {
		benchmarkParse(b, four, "{\n\t\"cpu\": 3,\n\t\"errors\": -1,\n\t\"bytes\": 10000,\n\t\"packets\": \"0x4030201\"\n}\n")
	})
	b.Run("union", func(b *testing.B) { benchmarkParse(b, either32, `{"i":-1,"u":4294967295}`) })
	b.Run("text", func(b *testing.B) { benchmarkParse(b, arrayOf(char, 16), `"kworker/u16:2"`) })
	b.Run("address", func(b *testing.B) { benchmarkParse(b, in, `"192.168.100.1"`) })
	b.Run("enum", func(b *testing.B) { benchmarkParse(b, colour, `"BLUE"`) })
	b.Run("float", func(b *testing.B) { benchmarkParse(b, &cilium.Float{Size: 8}, `0.1`) })
	b.Run("bytes", func(b *testing.B) { benchmarkParse(b, arrayOf(u8, 1024), "["+strings.Repeat("200,", 1023)+"7]") })
}
