package btfval

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	cilium "github.com/cilium/ebpf/btf"
)

// rich returns a section with a value of every kind.
func rich() cilium.Type {
	all := &cilium.Struct{Name: "all"}
	add := func(name string, typ cilium.Type) {
		all.Members = append(all.Members, cilium.Member{Name: name, Type: typ, Offset: cilium.Bits(8 * all.Size)})
		all.Size += uint32(sizeOf(typ))
	}
	for _, typ := range []cilium.Type{u8, s8, char, wchar, boole, u16, s32, u64, s128, void, colour, long, flow, either32, packed, in, in6} {
		add(fmt.Sprintf("f%d", len(all.Members)), typ)
	}
	for _, size := range []uint32{2, 4, 8, 16} {
		add(fmt.Sprintf("float%d", 8*size), &cilium.Float{Name: "float", Size: size})
	}
	add("odd\"<\u2028", &cilium.Int{Name: "_BitInt(24)", Size: 3, Encoding: cilium.Signed})
	add("none", &cilium.Fwd{Name: "f"})
	add("", arrayOf(char, 8))
	add("", arrayOf(wchar, 3))
	add("mac", arrayOf(u8, 6))
	add("matrix", arrayOf(arrayOf(u16, 2), 2))
	v := &cilium.Var{Name: "v", Type: all}
	return &cilium.Datasec{Name: ".data", Size: all.Size, Vars: []cilium.VarSecinfo{{Type: v, Size: all.Size}}}
}

// FuzzParse reads any text. What was accepted is printed, and then is the same
// when it was read again.
func FuzzParse(f *testing.F) {
	var types []*Type
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		raw, id := encode(f, rich(), order)
		t, err := compile(f, raw, id)
		if err != nil {
			f.Fatal(err)
		}
		types = append(types, t)
		for _, c := range "\x00\x01a\xff" {
			data := bytes.Repeat([]byte{byte(c)}, t.Size())
			f.Add(t.AppendJSON(nil, data))
			f.Add(t.AppendPlain(nil, data))
		}
	}
	for _, field := range []string{
		`"f5":"be:0x1bb"`, `"f12":{"saddr":"10.0.0.1","deep":3,"mark":7}`, `"f13":{"t":true,"b":[2]}`, `"f14":{"e":"RED","b":-1}`,
		`"f15":"127.0.0.1","f16":"fe80::1"`, `"float16":6e-8,"float64":"-Inf"`, `"":"\ud83d\ude00","":["a","\u00fe"]`, `"mac":"hex:0102"`,
		`"f10":"TOP","f11":-1`, `"f9":null,"f2":"x"`, `"odd\"<\u2028":-0x1`,
	} {
		f.Add([]byte(`{".data":[{"v":{` + field + `}}]}`))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, typ := range types {
			data := bytes.Repeat([]byte{0xa5}, typ.Size()+1)
			if typ.Parse(data, text) != nil {
				continue
			}
			for _, print := range []func(*Type, []byte, []byte) []byte{(*Type).AppendJSON, (*Type).AppendPlain} {
				printed := print(typ, nil, data)
				again := make([]byte, typ.Size())
				if err := typ.Parse(again, printed); err != nil {
					t.Fatalf("%s\nof %s\n%v", printed, text, err)
				}
				if got := print(typ, nil, again); !bytes.Equal(got, printed) {
					t.Fatalf("%s\nis read as\n%s", printed, got)
				}
			}
			if data[typ.Size()] != 0xa5 {
				t.Fatalf("%s is read beyond the value", text)
			}
		}
	})
}

// TestParseInNoTime reads long texts, in which what is asked for could take the
// square of their length.
func TestParseInNoTime(t *testing.T) {
	const n = 1 << 17
	var forth, back []string
	wide := &cilium.Struct{Name: "wide", Size: n}
	for i := range 1 << 15 {
		wide.Members = append(wide.Members, cilium.Member{Name: fmt.Sprintf("m%d", i), Type: u8, Offset: cilium.Bits(8 * i)})
		forth = append(forth, fmt.Sprintf(`"m%d":%d`, i, i%256))
	}
	back = slices.Clone(forth)
	slices.Reverse(back)
	members := func(s []string) string { return "{" + strings.Join(s, ",") + "}" }
	tests := []struct {
		name string
		typ  cilium.Type
		text string
		ok   bool
	}{
		{"fields", wide, members(forth), true},
		{"fields in another order", wide, members(back), true},
		{"fields twice", wide, members(append(back, forth...)), false},
		{"unknown name", wide, `{"` + strings.Repeat("x", n) + `":1}`, false},
		{"near name", wide, `{"m999999":1}`, false},
		{"digits", u128, strings.Repeat("9", n), false},
		{"digits in base 16", u128, "0x" + strings.Repeat("0", n), true},
		{"digits of a float", &cilium.Float{Size: 8}, "0." + strings.Repeat("1", n), true},
		{"digits of an exponent", &cilium.Float{Size: 8}, "1e-" + strings.Repeat("9", n), true},
		{"white space", u8, strings.Repeat("\n", n) + "1" + strings.Repeat(" ", n), true},
		{"brackets", u8, strings.Repeat("[", n), false},
		{"brackets in a field", wide, strings.Repeat(`{"m1":`, n), false},
		{"elements without bytes", arrayOf(fields(0), n), "[" + strings.Repeat("{},", n-1) + "{}]", true},
		{"large objects", arrayOf(wide, 1<<10), "[" + strings.Repeat(`{"m2":1,"m1":1},`, 1<<10-1) + "{}]", true},
		{"escapes", arrayOf(char, n), `"` + strings.Repeat(`\u0041`, n) + `"`, true},
		{"depth", nested(u8, maxDepth-1, 1), strings.Repeat(`{"in":`, maxDepth-1) + "7" + strings.Repeat("}", maxDepth-1), true},
		{"unions in unions", unions(u8, maxDepth-2), strings.Repeat(`{"a":`, maxDepth-2) + "7" + strings.Repeat(`,"b":[]}`, maxDepth-2), true},
		{"inner names of many", pairsWithoutNames(u8, 20), `{"a":1,"c":2}`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw, id := encode(t, tt.typ, binary.LittleEndian)
			typ, err := compile(t, raw, id)
			if err != nil {
				t.Fatal(err)
			}
			data, text := make([]byte, typ.Size()), []byte(tt.text)
			start := time.Now()
			if err = typ.Parse(data, text); (err == nil) != tt.ok {
				t.Errorf("Parse() = %v", err)
			}
			if d := time.Since(start); d > 2*time.Second {
				t.Errorf("took %v", d)
			}
			if err != nil && len(err.Error()) > 1000 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
		})
	}
}

// unions puts a type into n unions within each other, each with an array besides.
func unions(typ cilium.Type, n int) cilium.Type {
	for range n {
		typ = &cilium.Union{Size: 1, Members: []cilium.Member{{Name: "a", Type: typ}, {Name: "b", Type: arrayOf(u8, 1)}}}
	}
	return typ
}

// pairsWithoutNames puts a type into n pairs of fields without names within each
// other.
func pairsWithoutNames(typ cilium.Type, n int) cilium.Type {
	typ = fields(1, cilium.Member{Name: "a", Type: typ})
	for i := range n {
		typ = fields(2<<i, cilium.Member{Type: typ}, cilium.Member{Type: typ, Offset: 8 << i})
	}
	return typ
}

// TestParseTogether reads values of one type at the same time, in texts that
// need to find names first.
func TestParseTogether(t *testing.T) {
	raw, id := encode(t, flow, binary.LittleEndian)
	typ, err := compile(t, raw, id)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			data := make([]byte, typ.Size())
			if err := typ.Parse(data, []byte(`{"deep":1,"saddr":2}`)); err != nil || data[0] != 2 || data[13] != 1 {
				t.Errorf("%x, %v", data, err)
			}
		})
	}
	all.Wait()
}

func TestParseIntoTooFewBytes(t *testing.T) {
	raw, id := encode(t, u32, binary.LittleEndian)
	typ, err := compile(t, raw, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := typ.Parse(make([]byte, 3), []byte("1")); err == nil || err.Error() != "3 bytes, want 4" {
		t.Errorf("Parse() = %v", err)
	}
}
