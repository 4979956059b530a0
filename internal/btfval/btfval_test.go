package btfval

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"slices"
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
	s128  = &cilium.Int{Name: "__int128", Size: 16, Encoding: cilium.Signed}
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

func arrayOf(typ cilium.Type, n uint32) cilium.Type {
	return &cilium.Array{Type: typ, Index: u32, Nelems: n}
}

func fields(size uint32, members ...cilium.Member) cilium.Type {
	return &cilium.Struct{Name: "s", Size: size, Members: members}
}

// floats returns the bytes of floats of 2, 4 or 8 bytes, given as their bits.
func floats[T uint16 | uint32 | uint64](all ...T) string {
	b, err := binary.Append(nil, binary.LittleEndian, all)
	if err != nil {
		panic(err) // numbers have bytes
	}
	return string(b)
}

func TestFaces(t *testing.T) {
	colour := &cilium.Enum{Name: "colour", Size: 4, Signed: true, Values: []cilium.EnumValue{{Name: "RED", Value: 1}, {Name: "ALSO_RED", Value: 1}, {Name: "COLD", Value: math.MaxUint64}}}
	tiny := &cilium.Enum{Name: "tiny", Size: 1, Values: []cilium.EnumValue{{Name: "ON", Value: 1}}}
	short := &cilium.Enum{Name: "short", Size: 2, Signed: true, Values: []cilium.EnumValue{{Name: "LOW", Value: 1<<64 - 2}}}
	long := &cilium.Enum{Name: "long", Size: 8, Values: []cilium.EnumValue{{Name: "TOP", Value: 1 << 63}}}
	function := &cilium.Func{Name: "f", Type: &cilium.FuncProto{Return: u32}}
	float16, float32, float64 := &cilium.Float{Size: 2}, &cilium.Float{Size: 4}, &cilium.Float{Size: 8}
	signedBits := fields(4,
		cilium.Member{Name: "a", Type: s32, BitfieldSize: 3},
		cilium.Member{Name: "b", Type: &cilium.Typedef{Name: "t", Type: s32}, Offset: 3, BitfieldSize: 9},
		cilium.Member{Name: "c", Type: s32, Offset: 12, BitfieldSize: 20})
	tests := []struct {
		name          string
		typ           cilium.Type
		data          string
		plain, inJSON string // JSON is the same if empty
	}{
		{"unsigned", u32, "\xff\xff\xff\xff", "4294967295", ""},
		{"unsigned byte", u8, "\xff", "255", ""},
		{"two bytes", u16, "\x01\x80", "32769", ""},
		{"signed", s32, "\xff\xff\xff\xff", "-1", ""},
		{"signed byte", s8, "\x80", "-128", ""},
		{"char is a number", char, "a", "97", ""},
		{"eight bytes", u64, "\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615", ""},
		{"true", boole, "\x01", "true", ""},
		{"true in some way", boole, "\x02", "true", ""},
		{"false", boole, "\x00", "false", ""},
		{"character", wchar, "c", `"c"`, ""},
		{"character of four bytes", &cilium.Int{Name: "char32_t", Size: 4, Encoding: cilium.Char}, "\x01\xf6\x01\x00", "128513", ""},
		{"quote", wchar, `"`, `"\""`, ""},
		{"character that does not print", wchar, "\x1f", "0x1f", `"\u001f"`},
		{"character of one digit", wchar, "\x05", "0x5", `"\u0005"`},
		{"character that is no ASCII", wchar, "\xfe", "0xfe", `"\u00fe"`},
		{"128 bits", u128, "\x83\xa9\x98\x8f\x9d\xa6\xad\xb4\xbb\xc2\xc9\xd0\xd7\xde\xe5\xec", "0xece5ded7d0c9c2bbb4ada69d8f98a983", `"0xece5ded7d0c9c2bbb4ada69d8f98a983"`},
		{"128 bits, the upper half 0", u128, "\x05" + strings.Repeat("\x00", 15), "0x5", `"0x5"`},
		{"128 bits, zeros within", u128, "\x05" + strings.Repeat("\x00", 14) + "\x01", "0x1000000000000000000000000000005", `"0x1000000000000000000000000000005"`},
		{"128 bits have no sign", s128, strings.Repeat("\xff", 16), "0x" + strings.Repeat("f", 32), `"0x` + strings.Repeat("f", 32) + `"`},
		{"24 bits", &cilium.Int{Name: "_BitInt(24)", Size: 3}, "\x01\x02\x80", "0x800201", `"0x800201"`},
		{"24 bits with a sign", &cilium.Int{Name: "_BitInt(24)", Size: 3, Encoding: cilium.Signed}, "\xfe\xff\xff", "-0x2", `"-0x2"`},
		{"pointer", &cilium.Pointer{Target: u32}, "\xdb\xe2\xe9\xf0\xf7\x5e\xc0\x00", `"0xc05ef7f0e9e2db"`, "54147614520238811"},
		{"null", &cilium.Pointer{Target: u32}, strings.Repeat("\x00", 8), `"(nil)"`, "0"},
		{
			"pointer on a machine of 32 bits",
			fields(8, cilium.Member{Name: "p", Type: &cilium.Pointer{Target: u32}}, cilium.Member{Name: "l", Type: &cilium.Int{Name: "long", Size: 4, Encoding: cilium.Signed}, Offset: 32}),
			"\x01\x00\x00\xf0\xff\xff\xff\xff", `{"p":"0xf0000001","l":-1}`, `{"p":4026531841,"l":-1}`,
		},
		{"enum", colour, "\x01\x00\x00\x00", `"RED"`, ""},
		{"enum, negative", colour, "\xff\xff\xff\xff", `"COLD"`, ""},
		{"enum without a name", colour, "\xfe\xff\xff\xff", "-2", ""},
		{"enum of one byte", tiny, "\x01", `"ON"`, ""},
		{"enum of one byte without a name", tiny, "\xc8", "-56", ""},
		{"enum of two bytes", short, "\xfe\xff", `"LOW"`, ""},
		{"enum of eight bytes", long, "\x00\x00\x00\x00\x00\x00\x00\x80", `"TOP"`, ""},
		{"enum of eight bytes without a name", long, "\xff\xff\xff\xff\xff\xff\xff\xff", "-1", ""},
		{"enum of three bytes", arrayOf(&cilium.Enum{Size: 3}, 2), "\x01\x00\x00\x01\x00\x00", "[(unsupported-kind),(unsupported-kind)]", `["(unsupported-kind)","(unsupported-kind)"]`},
		{"float", arrayOf(float32, 4), floats[uint32](0x3fc00000, 0x3dcccccd, 0x80000000, 0x60ad78ec), "[1.5,0.1,-0,1e+20]", ""},
		{"float that is no number", arrayOf(float32, 5), floats[uint32](0x7fc00000, 0xffc00000, 0x7fa00001, 0x7f800000, 0xff800000),
			"[NaN,NaN(0xffc00000),NaN(0x7fa00001),+Inf,-Inf]", `["NaN","NaN(0xffc00000)","NaN(0x7fa00001)","+Inf","-Inf"]`},
		{"double", arrayOf(float64, 3), floats[uint64](0x3ff8000000000000, 0x3fb999999999999a, 1), "[1.5,0.1,5e-324]", ""},
		{"double that is no number", arrayOf(float64, 4), floats[uint64](0x7ff8000000000000, 0x7ff0000000000001, 0x7ff0000000000000, 0xfff0000000000000),
			"[NaN,NaN(0x7ff0000000000001),+Inf,-Inf]", `["NaN","NaN(0x7ff0000000000001)","+Inf","-Inf"]`},
		{"half", arrayOf(float16, 8), floats[uint16](0x3e00, 0x2e66, 0x8000, 0x0001, 0x7bff, 0x0400, 0xc000, 0x3c01), "[1.5,0.1,-0,6e-08,65500,6.104e-05,-2,1.001]", ""},
		{"half that is no number", arrayOf(float16, 4), floats[uint16](0x7e00, 0x7c01, 0x7c00, 0xfc00), "[NaN,NaN(0x7c01),+Inf,-Inf]", `["NaN","NaN(0x7c01)","+Inf","-Inf"]`},
		{"float of 12 bytes", &cilium.Float{Size: 12}, "\x01" + strings.Repeat("\x00", 8) + "\x80\xff\xff", "0xffff80000000000000000001", `"0xffff80000000000000000001"`},
		{"float of 16 bytes", &cilium.Float{Size: 16}, strings.Repeat("\x00", 14) + "\xff\x3f", "0x3fff" + strings.Repeat("0", 28), `"0x3fff` + strings.Repeat("0", 28) + `"`},
		{"float of 3 bytes", &cilium.Float{Size: 3}, "abc", "(unsupported-kind)", `"(unsupported-kind)"`},
		{"function", function, "", "(unsupported-kind)", `"(unsupported-kind)"`},
		{"forward", &cilium.Fwd{Name: "f"}, "", "(fwd-kind-invalid)", `"(fwd-kind-invalid)"`},
		{"void", &cilium.Typedef{Name: "v", Type: &cilium.Void{}}, "", "(unknown)", `"(unknown)"`},
		{
			"parts without a value",
			fields(4, cilium.Member{Name: "v", Type: &cilium.Void{}}, cilium.Member{Name: "f", Type: arrayOf(&cilium.Fwd{Name: "f"}, 2)}, cilium.Member{Name: "after", Type: u32}),
			"\x07\x00\x00\x00", `{"v":(unknown),"f":[(fwd-kind-invalid),(fwd-kind-invalid)],"after":7}`, `{"v":"(unknown)","f":["(fwd-kind-invalid)","(fwd-kind-invalid)"],"after":7}`,
		},
		{"text", arrayOf(char, 8), "fix\x00\xff\xff\xff\xff", `"fix"`, ""},
		{"text with quotes", arrayOf(char, 8), `a"\b/` + "\x00..", `"a\"\\b/"`, ""},
		{"text that is empty", arrayOf(char, 4), "\x00\x01\x02\x03", `""`, ""},
		{"text of BTF's characters", arrayOf(wchar, 4), "abc\x00", `"abc"`, ""},
		{"text without an end", arrayOf(char, 3), "abc", "[97,98,99]", ""},
		{"text that does not print", arrayOf(char, 3), "a\x01\x00", "[97,1,0]", ""},
		{"text of no bytes", arrayOf(char, 0), "", "[]", ""},
		{"texts", arrayOf(arrayOf(char, 4), 3), "ab\x00.c\x00..dddd", `["ab","c",[100,100,100,100]]`, ""},
		{"texts of texts", arrayOf(arrayOf(arrayOf(char, 2), 2), 2), "a\x00b\x00c\x00d\x00", `[["a","b"],["c","d"]]`, ""},
		{"bytes are no text", arrayOf(u8, 4), "abc\x00", "[97,98,99,0]", ""},
		{"constant characters are text", arrayOf(&cilium.Const{Type: &cilium.Volatile{Type: char}}, 4), "a<b\x00", `"a<b"`, ""},
		{"characters by another name are not", arrayOf(&cilium.Typedef{Name: "c", Type: char}, 4), "abc\x00", "[97,98,99,0]", ""},
		{"empty array", arrayOf(u32, 0), "", "[]", ""},
		{"matrix", arrayOf(arrayOf(u16, 2), 2), "\x01\x00\x02\x00\x03\x00\x04\x00", "[[1,2],[3,4]]", ""},
		{"array of structs", arrayOf(fields(4, cilium.Member{Name: "a", Type: u8, Offset: 8}), 2), ".\x01...\x02..", `[{"a":1},{"a":2}]`, ""},
		{"empty struct", fields(4), "....", "{}", ""},
		{"qualified", &cilium.Const{Type: &cilium.Typedef{Name: "t", Type: &cilium.Volatile{Type: &cilium.Restrict{Type: u8}}}}, "\x07", "7", ""},
		{
			"struct with a union without a name",
			fields(8, cilium.Member{Name: "a", Type: u32}, cilium.Member{Type: &cilium.Union{Size: 4, Members: []cilium.Member{{Name: "i", Type: s32}, {Name: "u", Type: u32}}}, Offset: 32}),
			"\x01\x00\x00\x00\xff\xff\xff\xff", `{"a":1,"":{"i":-1,"u":4294967295}}`, "",
		},
		{
			"bitfields",
			fields(4, cilium.Member{Name: "a", Type: u32, BitfieldSize: 3}, cilium.Member{Name: "b", Type: u32, Offset: 3, BitfieldSize: 9}, cilium.Member{Name: "c", Type: u32, Offset: 12, BitfieldSize: 20}),
			"\xfd\x0a\x34\x12", `{"a":0x5,"b":0x15f,"c":0x12340}`, `{"a":"0x5","b":"0x15f","c":"0x12340"}`,
		},
		{"bitfields with signs", signedBits, "\xfd\x0f\x34\x12", `{"a":-0x3,"b":-0x1,"c":0x12340}`, `{"a":"-0x3","b":"-0x1","c":"0x12340"}`},
		{"bitfields of enums and booleans have none", fields(1, cilium.Member{Name: "e", Type: colour, BitfieldSize: 2}, cilium.Member{Name: "b", Type: boole, Offset: 2, BitfieldSize: 1}), "\x07", `{"e":0x3,"b":0x1}`, `{"e":"0x3","b":"0x1"}`},
		{
			"wide bitfields",
			fields(33, cilium.Member{Name: "s", Type: s128, Offset: 3, BitfieldSize: 128}, cilium.Member{Name: "u", Type: u128, Offset: 131, BitfieldSize: 127}),
			"\x06" + strings.Repeat("\x00", 15) + "\xfc" + strings.Repeat("\xff", 16),
			`{"s":-0x8` + strings.Repeat("0", 31) + `,"u":0x7` + strings.Repeat("f", 31) + "}", `{"s":"-0x8` + strings.Repeat("0", 31) + `","u":"0x7` + strings.Repeat("f", 31) + `"}`,
		},
		{"variable", &cilium.Var{Name: "x", Type: u32}, "\x07\x00\x00\x00", `{"x":7}`, ""},
		{
			"section",
			&cilium.Datasec{Name: ".data", Size: 12, Vars: []cilium.VarSecinfo{{Type: &cilium.Var{Name: "x", Type: u32}, Size: 4}, {Type: &cilium.Var{Name: "y", Type: arrayOf(u8, 2)}, Offset: 8, Size: 2}}},
			"\x07\x00\x00\x00....\x01\x02..", `{".data":[{"x":7},{"y":[1,2]}]}`, "",
		},
		{"section of functions", &cilium.Datasec{Name: ".ksyms", Vars: []cilium.VarSecinfo{{Type: function}}}, "", `{".ksyms":[(unsupported-kind)]}`, `{".ksyms":["(unsupported-kind)"]}`},
		{"name that is no identifier", fields(1, cilium.Member{Name: "a\"<\x01", Type: u8}), "\x07", `{"a\"<\u0001":7}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data, id := encode(t, tt.typ, binary.LittleEndian)
			check(t, data, id, tt.data, tt.plain, tt.inJSON)
		})
	}
}

func compile(t testing.TB, raw []byte, id btf.ID) (*Type, error) {
	t.Helper()
	spec, err := btf.Parse(raw, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Compile(spec, id)
}

// check prints data, which is all that a value has, and again into memory that
// is there already.
func check(t *testing.T, raw []byte, id btf.ID, data, plain, inJSON string) {
	t.Helper()
	typ, err := compile(t, raw, id)
	if err != nil {
		t.Fatal(err)
	}
	if typ.Size() != len(data) {
		t.Errorf("%d bytes, want %d", typ.Size(), len(data))
	}
	if inJSON == "" {
		inJSON = plain
	}
	v, err := typ.Value([]byte(data))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("v = "+plain, string(v.AppendPlain([]byte("v = ")))); diff != "" {
		t.Errorf("plain (-want +got):\n%s", diff)
	}
	b, err := v.MarshalJSON()
	if diff := cmp.Diff(inJSON, string(b)); diff != "" || err != nil {
		t.Errorf("JSON (-want +got):\n%s%v", diff, err)
	}
	if !json.Valid(b) {
		t.Errorf("%s is no JSON", b)
	}
	buf, bytes := make([]byte, 0, 1024), []byte(data)
	if n := testing.AllocsPerRun(10, func() { typ.AppendJSON(typ.AppendPlain(buf, bytes), bytes) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestBigEndian(t *testing.T) {
	tests := []struct {
		name          string
		typ           cilium.Type
		data          string
		plain, inJSON string // JSON is the same if empty
	}{
		{"two bytes", u16, "\x01\x02", "258", ""},
		{"signed", s32, "\xff\xff\xff\xfe", "-2", ""},
		{"eight bytes", u64, "\x00\x00\x00\x00\x00\x00\x01\x02", "258", ""},
		{"24 bits", &cilium.Int{Name: "_BitInt(24)", Size: 3}, "\x80\x02\x01", "0x800201", `"0x800201"`},
		{"128 bits", u128, "\x01" + strings.Repeat("\x00", 14) + "\x05", "0x1000000000000000000000000000005", `"0x1000000000000000000000000000005"`},
		{"pointer", &cilium.Pointer{Target: u32}, "\x00\x00\x00\x00\x00\x00\x01\x02", `"0x102"`, "258"},
		{"enum", &cilium.Enum{Size: 4, Values: []cilium.EnumValue{{Name: "A", Value: 7}}}, "\x00\x00\x00\x07", `"A"`, ""},
		{"float", &cilium.Float{Size: 4}, "\x3f\xc0\x00\x00", "1.5", ""},
		{"half", &cilium.Float{Size: 2}, "\x3e\x00", "1.5", ""},
		{
			"bitfields",
			fields(8, cilium.Member{Name: "n", Type: u32}, cilium.Member{Name: "a", Type: u32, Offset: 32, BitfieldSize: 3}, cilium.Member{Name: "b", Type: u32, Offset: 35, BitfieldSize: 9}),
			"\x00\x00\x01\x02\xbf\xf0\x00\x00", `{"n":258,"a":0x5,"b":0x1ff}`, `{"n":258,"a":"0x5","b":"0x1ff"}`,
		},
		{"bitfield with a sign", fields(2, cilium.Member{Name: "a", Type: s32, Offset: 3, BitfieldSize: 10}), "\x1f\xf0", `{"a":-0x2}`, `{"a":"-0x2"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw, id := encode(t, tt.typ, binary.BigEndian)
			check(t, raw, id, tt.data, tt.plain, tt.inJSON)
		})
	}
}

// TestOldBitfields reads bitfields as they were before kind_flag: integers of
// few bits, after some in their bytes or at odd offsets.
func TestOldBitfields(t *testing.T) {
	member := func(typ, offset uint32) []uint32 { return []uint32{1, typ, offset} }
	integer := func(encoding, shift, bits uint32) []uint32 {
		return []uint32{1, uint32(btf.Int) << 24, 4, encoding<<24 | shift<<16 | bits}
	}
	words := slices.Concat(
		integer(0, 0, 3), integer(1, 0, 5), integer(0, 9, 12), integer(0, 0, 32),
		[]uint32{0, uint32(btf.Struct)<<24 | 5, 8}, member(1, 0), member(2, 3), member(1, 8), member(3, 0), member(4, 27),
	)
	tests := []struct {
		name  string
		order binary.ByteOrder
		want  string
	}{
		{"little endian", binary.LittleEndian, `{"a":"0x4","a":"-0x1","a":"0x3","a":"0xa01","a":"0x2"}`},
		{"big endian", binary.BigEndian, `{"a":"0x7","a":"-0x4","a":"0x0","a":"0x62","a":"0x80000000"}`},
	}
	bare := strings.NewReplacer(`:"`, ":", `",`, ",", `"}`, "}")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw := assemble(t, tt.order, "\x00a\x00", words)
			check(t, raw, 5, "\xfc\x03\x14\x10\x00\x00\x00\x00", bare.Replace(tt.want), tt.want)
		})
	}
}

// TestCharactersOfFewBits leaves bits alone that a text would leave out.
func TestCharactersOfFewBits(t *testing.T) {
	raw := assemble(t, binary.LittleEndian, "\x00char\x00", []uint32{
		1, uint32(btf.Int) << 24, 1, 1<<24 | 7,
		0, uint32(btf.Array) << 24, 0, 1, 1, 2,
	})
	check(t, raw, 2, "a\x00", "[-0x1f,0x0]", `["-0x1f","0x0"]`)
}

// assemble makes BTF of its strings and the words of its records.
func assemble(t testing.TB, order binary.ByteOrder, strings string, words []uint32) []byte {
	t.Helper()
	n := uint32(4 * len(words))
	b, err := binary.Append(nil, order, []uint16{0xeb9f, 1})
	if err != nil {
		t.Fatal(err)
	}
	if order == binary.BigEndian {
		b[2], b[3] = 1, 0 // version and flags are bytes
	}
	b, err = binary.Append(b, order, append([]uint32{24, 0, n, n, uint32(len(strings))}, words...))
	if err != nil {
		t.Fatal(err)
	}
	return append(b, strings...)
}

var four = fields(16, cilium.Member{Name: "packets", Type: u32}, cilium.Member{Name: "bytes", Type: u32, Offset: 32}, cilium.Member{Name: "errors", Type: s32, Offset: 64}, cilium.Member{Name: "cpu", Type: u32, Offset: 96})

func benchmark(b *testing.B, typ cilium.Type, data string, print func(t *Type, b, data []byte) []byte) {
	raw, id := encode(b, typ, binary.LittleEndian)
	t, err := compile(b, raw, id)
	if err != nil {
		b.Fatal(err)
	}
	bytes, buf := []byte(data), make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		buf = print(t, buf[:0], bytes)
	}
}

func BenchmarkStruct(b *testing.B) {
	const data = "\x01\x02\x03\x04\x10\x27\x00\x00\xff\xff\xff\xff\x03\x00\x00\x00"
	b.Run("plain", func(b *testing.B) { benchmark(b, four, data, (*Type).AppendPlain) })
	b.Run("JSON", func(b *testing.B) { benchmark(b, four, data, (*Type).AppendJSON) })
}

func BenchmarkText(b *testing.B) {
	benchmark(b, arrayOf(char, 16), "kworker/u16:2\x00..", (*Type).AppendPlain)
}

func BenchmarkBitfield(b *testing.B) {
	benchmark(b, fields(4, cilium.Member{Name: "a", Type: s32, Offset: 3, BitfieldSize: 20}), "\xff\xff\xff\xff", (*Type).AppendPlain)
}

func BenchmarkFloat(b *testing.B) {
	benchmark(b, &cilium.Float{Size: 8}, "\x9a\x99\x99\x99\x99\x99\xb9\x3f", (*Type).AppendPlain)
}
