package btfval

import (
	"encoding/binary"
	"strings"
	"testing"

	cilium "github.com/cilium/ebpf/btf"
)

func TestRefusals(t *testing.T) {
	outer := &cilium.Struct{Name: "outer", Size: 16, Members: []cilium.Member{{Name: "flow", Type: flow}}}
	section := &cilium.Datasec{Name: ".data", Size: 4, Vars: []cilium.VarSecinfo{{Type: &cilium.Var{Name: "x", Type: u32}, Size: 4}}}
	tests := []struct {
		typ  cilium.Type
		text string
		want string
	}{
		{outer, `{"flow":{"ports":[1,70000]}}`, `.flow.ports[1]: 70000: unsigned short takes 0 to 65535`},
		{u16, `-1`, `-1: unsigned short takes 0 to 65535`},
		{u16, `1.0`, `1.0: unsigned short takes 0 to 65535`},
		{u16, `010`, `010: unsigned short takes 0 to 65535`},
		{u16, `""`, `"": unsigned short takes 0 to 65535`},
		{u16, `null`, `null: unsigned short takes 0 to 65535`},
		{u16, `{"a":1}`, `{...}: unsigned short takes 0 to 65535`},
		{u16, `[1]`, `[...]: unsigned short takes 0 to 65535`},
		{u16, `"be:70000"`, `"be:70000": unsigned short takes 0 to 65535`},
		{u16, `"10.0.0.1"`, `"10.0.0.1": unsigned short takes 0 to 65535`},
		{s16(), `32768`, `32768: short takes -32768 to 32767`},
		{u64, `18446744073709551616`, `18446744073709551616: unsigned long takes 0 to 18446744073709551615`},
		{&cilium.Int{Name: "long", Size: 8, Encoding: cilium.Signed}, `-9223372036854775809`, `-9223372036854775809: long takes -9223372036854775808 to 9223372036854775807`},
		{u128, `340282366920938463463374607431768211456`, `340282366920938463463374607431768211456: unsigned __int128 takes 0 to 2^128-1`},
		{s128, `-170141183460469231731687303715884105729`, `-170141183460469231731687303715884105729: __int128 takes -2^127 to 2^128-1`},
		{u128, `0x100000000000000000000000000000000`, `0x100000000000000000000000000000000: unsigned __int128 takes 0 to 2^128-1`},
		{u128, `-1`, `-1: unsigned __int128 takes 0 to 2^128-1`},
		{char, `"ab"`, `"ab": char takes a character or -128 to 127`},
		{wchar, `256`, `256: text takes a character or -128 to 255`},
		{wchar, `"Ā"`, `"Ā": text takes a character or -128 to 255`},
		{boole, `2`, `2: _Bool takes true, false, 0 or 1`},
		{boole, `null`, `null: _Bool takes true, false, 0 or 1`},
		{void, `-1`, `-1: a pointer takes null or 0 to 18446744073709551615`},
		{void, `"null"`, `"null": a pointer takes null or 0 to 18446744073709551615`},
		{&cilium.Float{Name: "float", Size: 4}, `1e39`, `1e39: float takes numbers up to 3.4028e+38, NaN, +Inf or -Inf`},
		{&cilium.Float{Name: "double", Size: 8}, `.5`, `.5: double takes numbers up to 1.7977e+308, NaN, +Inf or -Inf`},
		{&cilium.Float{Name: "double", Size: 8}, `1.`, `1.: double takes numbers up to 1.7977e+308, NaN, +Inf or -Inf`},
		{&cilium.Float{Name: "double", Size: 8}, `"NaN(0x3ff0000000000000)"`, `"NaN(0x3ff0000000000000)": double takes numbers up to 1.7977e+308, NaN, +Inf or -Inf`},
		{&cilium.Float{Name: "_Float16", Size: 2}, `65520`, `65520: _Float16 takes numbers up to 65504, NaN, +Inf or -Inf`},
		{colour, `"BLEU"`, `"BLEU": enum colour has no such name: did you mean 'BLUE'?`},
		{colour, `"blue"`, `"blue": enum colour has no such name: did you mean 'BLUE'?`},
		{colour, `"nothing like it"`, `"nothing like it": enum colour has no such name`},
		{colour, `"4294967296"`, `"4294967296": enum colour takes a name in quotes or -2147483648 to 4294967295`},
		{colour, `RED`, `RED: enum colour takes a name in quotes or -2147483648 to 4294967295`},
		{colour, `4294967296`, `4294967296: enum colour takes a name in quotes or -2147483648 to 4294967295`},
		{&cilium.Enum{Size: 1}, `null`, `null: enum takes a name in quotes or -128 to 255`},
		{arrayOf(char, 4), `"hello"`, `"hello": 5 bytes, but char[4] has 4`},
		{arrayOf(char, 4), `5`, `5: char[4] takes a string or a list`},
		{arrayOf(char, 4), `[300]`, `[0]: 300: char takes a character or -128 to 127`},
		{arrayOf(arrayOf(u16, 2), 3), `[[1,2,3]]`, `[0][2]: unsigned short[2] has 2 elements`},
		{arrayOf(u16, 2), `"hex:00"`, `"hex:00": unsigned short[2] takes a list`},
		{arrayOf(u8, 5), `"hex:0"`, `"hex:0": unsigned char[5] takes a list or "hex:..."`},
		{arrayOf(u8, 2), `"hex:000102"`, `"hex:000102": 3 bytes, but unsigned char[2] has 2`},
		{arrayOf(u8, 4), `"10.0.0.256"`, `"10.0.0.256": unsigned char[4] takes a list, "hex:..." or an address in quotes`},
		{arrayOf(u8, 4), `"::1"`, `"::1": unsigned char[4] takes a list, "hex:..." or an address in quotes`},
		{arrayOf(u8, 16), `"fe80::1%eth0"`, `"fe80::1%eth0": unsigned char[16] takes a list, "hex:..." or an address in quotes`},
		{arrayOf(u8, 6), `"00:11:22:33:44:55:66:77"`, `"00:11:22:33:44:55:66:77": unsigned char[6] takes a list, "hex:..." or an address in quotes`},
		{in, `"localhost"`, `"localhost": struct in_addr takes an object or an address in quotes`},
		{in, `7`, `7: struct in_addr takes an object or an address in quotes`},
		{flow, `{"sadr":1}`, `.sadr: struct flow has no such field: did you mean 'saddr'?`},
		{flow, `{"Port":1}`, `.Port: struct flow has no such field: did you mean 'ports'?`},
		{flow, `{"depe":1}`, `.depe: struct flow has no such field: did you mean 'deep'?`},
		{flow, `{"completely else":1}`, `.completely else: struct flow has no such field`},
		{flow, `{"saddr":1,"saddr":1}`, `.saddr: given twice`},
		{flow, `{"ports":[],"saddr":1,"ports":[]}`, `.ports: given twice`},
		{flow, `{"deep":1,"deep":1}`, `.deep: given twice`},
		{flow, `{"":{},"":{},"":{}}`, `"": struct flow has 2 fields without names`},
		{flow, `{"":{"mark":1,"marks":[2]}}`, `.mark: 1: differs from what was given for the same bytes`},
		{flow, `{"mark":1,"marks":[2]}`, `.mark: 1: differs from what was given for the same bytes`},
		{flow, `{"":{"mark":1},"mark":2}`, `.mark: 1: differs from what was given for the same bytes`},
		{flow, `{"":{},"":{"":{"depe":1}}}`, `.depe: struct has no such field: did you mean 'deep'?`},
		{flow, `[]`, `[...]: struct flow takes an object`},
		{flow, `null`, `null: struct flow takes an object`},
		{either32, `{"i":1,"u":2}`, `.i: 1: differs from what was given for the same bytes`},
		{either32, `{"u":0,"t":true}`, `.u: 0: differs from what was given for the same bytes`},
		{either32, `{"t":true,"u":0}`, `.u: 0: differs from what was given for the same bytes`},
		{either32, `{"u":1,"t":false}`, `.t: false: differs from what was given for the same bytes`},
		{either32, `{"s":"a","b":[97,98]}`, `.s: "a": differs from what was given for the same bytes`},
		{fields(4, cilium.Member{Name: "a", Type: u32}, cilium.Member{Name: "b", Type: u16}), `{"a":65537,"b":2}`, `.a: 65537: differs from what was given for the same bytes`},
		{packed, `{"a":8}`, `.a: 8: unsigned int:3 takes 0 to 7`},
		{packed, `{"b":256}`, `.b: 256: int:9 takes -256 to 255`},
		{packed, `{"b":"-0x101"}`, `.b: "-0x101": int:9 takes -256 to 255`},
		{packed, `{"e":"RDE"}`, `.e: "RDE": enum colour has no such name: did you mean 'RED'?`},
		{packed, `{"e":"TOP"}`, `.e: "TOP": enum colour:2 takes a name in quotes or -2 to 3`},
		{packed, `{"t":2}`, `.t: 2: _Bool:1 takes true, false or 0 to 1`},
		{&cilium.Fwd{Name: "f"}, `1`, `1: what has no value takes (fwd-kind-invalid)`},
		{section, `{".data":[{"x":1},{"y":2}]}`, `.data[1]: the section has no such variable`},
		{section, `{".data":[{"y":1}]}`, `.data[0].y: variable x has no such field: did you mean 'x'?`},
		{section, `{".data":{"x":1}}`, `.data: {...}: a section takes a list of its variables`},
		{section, `{".bss":[]}`, `.bss: section .data has no such field`},
		{u16, `"` + strings.Repeat("1", 100) + `"`, `"111111111111111111111111111111111111111111111111111111111111...: unsigned short takes 0 to 65535`},
		{u16, "\"\u202e1\"", `"�1": unsigned short takes 0 to 65535`},

		// What is no JSON.
		{flow, ``, `offset 0: a value expected, but the text ends`},
		{flow, ` {`, `offset 2: a name in quotes expected, but the text ends`},
		{flow, `{"saddr"`, `offset 8: ':' expected, but the text ends`},
		{flow, `{"saddr" 1}`, `offset 9: ':' expected, not '1'`},
		{flow, `{"saddr":}`, `offset 9: a value expected, not '}'`},
		{flow, `{"saddr":1,}`, `offset 11: a name in quotes expected, not '}'`},
		{flow, `{"saddr":1 "ports":[]}`, `offset 11: ',' or '}' expected, not '"'`},
		{flow, `{saddr:1}`, `offset 1: a name in quotes expected, not 's'`},
		{flow, `{"saddr":1}}`, `offset 11: the end expected, not '}'`},
		{flow, `{"saddr":1} // one`, `offset 12: the end expected, not '/'`},
		{flow, `{"saddr`, `offset 7: the end of the string expected, but the text ends`},
		{arrayOf(u16, 2), `[1,]`, `offset 3: a value expected, not ']'`},
		{arrayOf(u16, 2), `[,1]`, `offset 1: a value expected, not ','`},
		{arrayOf(u16, 2), `[1 2]`, `offset 3: ',' or ']' expected, not '2'`},
		{arrayOf(u16, 2), `[1}`, `offset 2: ',' or ']' expected, not '}'`},
		{arrayOf(char, 4), `"\x"`, `offset 1: no escape of JSON`},
		{arrayOf(char, 4), `"\u12g4"`, `offset 1: no escape of JSON`},
		{arrayOf(char, 4), `"\ud800"`, `offset 1: no escape of JSON`},
		{arrayOf(char, 4), `"\udc00"`, `offset 1: no escape of JSON`},
		{arrayOf(char, 4), `"\ud800\u0041"`, `offset 1: no escape of JSON`},
		{arrayOf(char, 4), "\"\n\"", `offset 1: a character of a string expected, not '\n'`},
		{arrayOf(char, 4), "\"\xff\"", `offset 1: no UTF-8`},
		{u16, "1\x00", `1�: unsigned short takes 0 to 65535`},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			raw, id := encode(t, tt.typ, binary.LittleEndian)
			typ, err := compile(t, raw, id)
			if err != nil {
				t.Fatal(err)
			}
			data := []byte(strings.Repeat("\x00", typ.Size()) + "after")
			err = typ.Parse(data, []byte(tt.text))
			if err == nil || err.Error() != tt.want {
				t.Errorf("Parse(%s)\n%v\nwant\n%s", tt.text, err, tt.want)
			}
			if !strings.HasSuffix(string(data), "after") {
				t.Errorf("%q was written beyond the value", data)
			}
		})
	}
}

func s16() cilium.Type { return &cilium.Int{Name: "short", Size: 2, Encoding: cilium.Signed} }
