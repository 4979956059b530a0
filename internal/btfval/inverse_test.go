package btfval

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/big"
	"math/rand/v2"
	"sort"
	"strconv"
	"strings"
	"testing"

	cilium "github.com/cilium/ebpf/btf"
)

// TestInverse gets random values of random types back from their JSON: all bits
// that a type covers, but those that the package comment excepts.
func TestInverse(t *testing.T) {
	for seed := range uint64(5000) {
		random := rand.New(rand.NewPCG(seed, 0))
		b := make([]byte, 1024)
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		invert(t, b)
	}
}

// FuzzInverse is TestInverse for the types and values of a fuzzer.
func FuzzInverse(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte(strings.Repeat("\x02\x05\x01\x07\x03\x0b\x00", 40)))
	f.Fuzz(func(t *testing.T, b []byte) { invert(t, b) })
}

// invert makes a type and a value out of b, prints it and reads it again.
func invert(t *testing.T, b []byte) {
	s := &source{bytes: b}
	order := of[binary.ByteOrder](s, binary.LittleEndian, binary.BigEndian)
	root := s.root()
	raw, id := encode(t, root, order)
	typ, err := compile(t, raw, id)
	if err != nil {
		t.Fatalf("%+10v: %v", root, err)
	}
	size := sizeOf(root)
	if typ.Size() != size {
		t.Fatalf("%+10v: %d bytes, want %d", root, typ.Size(), size)
	}
	data := s.value(size)
	text := typ.AppendJSON(nil, data)
	checkJSON(t, text)

	v := &inverse{big: order == binary.BigEndian, data: data, got: make([]byte, size), known: make([]byte, size)}
	if err := v.value(root, 0, readTree(text)); err != nil {
		t.Fatalf("%+10v\nof %x\nis %s\n%v", root, data, text, err)
	}
	for i := range data {
		if v.got[i] != data[i]&v.known[i] {
			t.Fatalf("%+10v\nis %s\nbytes %x\nwant  %x\nwhere %x", root, text, v.got, data, v.known)
		}
	}
	for _, print := range []func(*Type, []byte, []byte) []byte{(*Type).AppendJSON, (*Type).AppendPlain} {
		checkAgain(t, typ, print, print(typ, nil, data), v)
	}
}

// checkAgain reads what was printed, which must be the same again, and has the
// same bits where an inverse knows them.
func checkAgain(t *testing.T, typ *Type, print func(t *Type, b, data []byte) []byte, text []byte, v *inverse) {
	t.Helper()
	data := bytes.Repeat([]byte{0xa5}, typ.Size()+1)
	for _, text := range [][]byte{text, spread(text)} {
		if err := typ.Parse(data, text); err != nil {
			if v.vague && strings.HasSuffix(err.Error(), "differs from what was given for the same bytes") {
				return
			}
			t.Fatalf("%s\n%v", text, err)
		}
		for i := range v.got {
			if data[i]&v.known[i] != v.got[i] {
				t.Fatalf("%s\nis read as %x\nwant       %x\nwhere      %x", text, data, v.got, v.known)
			}
		}
	}
	if again := print(typ, nil, data); !bytes.Equal(again, text) {
		t.Fatalf("%s\nis read as\n%s", text, again)
	}
	if data[typ.Size()] != 0xa5 {
		t.Fatalf("%s is read beyond the value", text)
	}
}

// spread puts white space where it may stand in text, which has none but in
// strings.
func spread(text []byte) []byte {
	b := []byte("\r\n")
	inString, escaped := false, false
	for _, c := range text {
		if !inString && bytes.IndexByte([]byte("]}:,"), c) >= 0 {
			b = append(b, '\n', ' ')
		}
		b = append(b, c)
		if !inString && bytes.IndexByte([]byte("[{:,"), c) >= 0 {
			b = append(b, '\t')
		}
		if c == '"' && !escaped {
			inString = !inString
		}
		escaped = inString && c == '\\' && !escaped
	}
	return append(b, '\n')
}

func checkJSON(t *testing.T, b []byte) {
	t.Helper()
	if !json.Valid(b) {
		t.Fatalf("%s is no JSON", b)
	}
}

// A tree is a value of JSON, with all keys in their order.
type tree struct {
	kind  byte   // of '{', '[', '"', 'n' for numbers and 'b' for booleans
	text  string // of a leaf
	keys  []string
	parts []tree
}

// readTree reads JSON that is valid.
func readTree(b []byte) tree {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	return readPart(dec)
}

func readPart(dec *json.Decoder) tree {
	token, err := dec.Token()
	if err != nil && err != io.EOF {
		panic(err) // it is valid
	}
	switch token := token.(type) {
	case string:
		return tree{kind: '"', text: token}
	case json.Number:
		return tree{kind: 'n', text: string(token)}
	case json.Delim:
		t := tree{kind: byte(token)}
		for dec.More() {
			if token == '{' {
				t.keys = append(t.keys, readPart(dec).text)
			}
			t.parts = append(t.parts, readPart(dec))
		}
		dec.Token()
		return t
	}
	return tree{kind: 'b', text: fmt.Sprint(token)}
}

// An inverse gets bytes from JSON. It knows nothing of nodes.
type inverse struct {
	big   bool
	data  []byte // what was printed, to check what is not got back
	got   []byte
	known []byte // which bits of got there are
	vague bool   // there is a boolean that is true but even
}

// value gets the value of a type that starts at some bit.
func (v *inverse) value(t cilium.Type, at int, in tree) error {
	switch t := cilium.UnderlyingType(t).(type) {
	case *cilium.Struct:
		return v.members(t.Members, at, in)
	case *cilium.Union:
		return v.members(t.Members, at, in)
	case *cilium.Array:
		return v.array(t, at, in)
	case *cilium.Var:
		return v.members([]cilium.Member{{Name: t.Name, Type: t.Type}}, at, in)
	case *cilium.Datasec:
		if in.kind != '{' || len(in.keys) != 1 || in.keys[0] != t.Name || len(in.parts[0].parts) != len(t.Vars) {
			return fmt.Errorf("section %v", in)
		}
		for i, s := range t.Vars {
			if err := v.value(s.Type, at+8*int(s.Offset), in.parts[0].parts[i]); err != nil {
				return err
			}
		}
		return nil
	case *cilium.Int:
		return v.int(t, at, in)
	case *cilium.Enum:
		return v.enum(t, at, in)
	case *cilium.Float:
		return v.float(int(t.Size), at, in)
	case *cilium.Pointer:
		return v.number(at, 64, in, 'n')
	}
	if in.kind != '"' || !strings.HasPrefix(in.text, "(") {
		return fmt.Errorf("value of what has none: %v", in)
	}
	return nil
}

func (v *inverse) members(all []cilium.Member, at int, in tree) error {
	if in.kind != '{' || len(in.parts) != len(all) {
		return fmt.Errorf("%d members: %v", len(all), in)
	}
	for i, m := range all {
		if in.keys[i] != m.Name {
			return fmt.Errorf("key %q, want %q", in.keys[i], m.Name)
		}
		var err error
		if start := at + int(m.Offset); m.BitfieldSize > 0 {
			err = v.bitfield(m, start, in.parts[i])
		} else {
			err = v.value(m.Type, start, in.parts[i])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (v *inverse) bitfield(m cilium.Member, at int, in tree) error {
	integer, ok := cilium.UnderlyingType(m.Type).(*cilium.Int)
	if negative := strings.HasPrefix(in.text, "-"); negative && !(ok && integer.Encoding == cilium.Signed) {
		return fmt.Errorf("a sign without need: %v", in)
	}
	return v.number(at, int(m.BitfieldSize), in, '"')
}

func (v *inverse) array(t *cilium.Array, at int, in tree) error {
	if in.kind == '"' {
		for i := range len(in.text) + 1 {
			if err := v.set(8*i+at, 8, big.NewInt(int64((in.text + "\x00")[i]))); err != nil {
				return err
			}
		}
		return nil
	}
	if in.kind != '[' || len(in.parts) != int(t.Nelems) {
		return fmt.Errorf("%d elements: %v", t.Nelems, in)
	}
	for i, part := range in.parts {
		if err := v.value(t.Type, at+8*i*sizeOf(t.Type), part); err != nil {
			return err
		}
	}
	return nil
}

func (v *inverse) int(t *cilium.Int, at int, in tree) error {
	switch {
	case t.Size == 16 || t.Size == 3:
		return v.number(at, 8*int(t.Size), in, '"')
	case t.Encoding == cilium.Char && in.kind == '"':
		return v.set(at, 8, big.NewInt(int64([]rune(in.text)[0])))
	case t.Encoding == cilium.Bool && in.kind == 'b':
		if in.text == "false" {
			return v.set(at, 8*int(t.Size), new(big.Int))
		}
		if bytes.Count(v.data[at/8:][:t.Size], []byte{0}) == int(t.Size) {
			return fmt.Errorf("true, but all is 0")
		}
		least := v.data[at/8]
		if v.big {
			least = v.data[at/8+int(t.Size)-1]
		}
		v.vague = v.vague || least&1 == 0
		return nil
	}
	return v.number(at, 8*int(t.Size), in, 'n')
}

func (v *inverse) enum(t *cilium.Enum, at int, in tree) error {
	for _, e := range t.Values {
		if in.kind == '"' && e.Name == in.text {
			return v.set(at, 8*int(t.Size), new(big.Int).SetInt64(int64(e.Value)))
		}
	}
	return v.number(at, 8*int(t.Size), in, 'n')
}

func (v *inverse) float(size, at int, in tree) error {
	if size > 8 {
		return v.number(at, 8*size, in, '"')
	}
	u, err := floatBits(in.text, size)
	if err != nil {
		return err
	}
	return v.set(at, 8*size, new(big.Int).SetUint64(u))
}

// floatBits returns the bits of a float of some bytes.
func floatBits(text string, size int) (uint64, error) {
	if hex, ok := strings.CutPrefix(text, "NaN(0x"); ok && len(hex) == 2*size+1 {
		return strconv.ParseUint(strings.TrimSuffix(hex, ")"), 16, 64)
	}
	if text == "NaN" {
		return map[int]uint64{2: 0x7e00, 4: 0x7fc00000, 8: 0x7ff8000000000000}[size], nil
	}
	if size == 4 {
		f, err := strconv.ParseFloat(text, 32)
		return uint64(math.Float32bits(float32(f))), err
	}
	f, err := strconv.ParseFloat(text, 64)
	if size == 8 {
		return math.Float64bits(f), err
	}
	magnitude := math.Abs(f)
	above := sort.Search(0x7c00, func(i int) bool { return halfOf(i) >= magnitude })
	if above > 0 && !math.IsInf(f, 0) && magnitude-halfOf(above-1) < halfOf(above)-magnitude {
		above--
	}
	if math.Signbit(f) {
		above |= 0x8000
	}
	return uint64(above), err
}

// halfOf returns a half that is not negative by the formula of IEEE 754.
func halfOf(bits int) float64 {
	if bits < 0x400 {
		return float64(bits) * 0x1p-24
	}
	return (1 + float64(bits%0x400)/0x400) * math.Pow(2, float64(bits/0x400-15))
}

// number gets a number of some bits that is spelt as a kind of JSON.
func (v *inverse) number(at, width int, in tree, kind byte) error {
	n, ok := new(big.Int).SetString(in.text, 0)
	if in.kind != kind || !ok {
		return fmt.Errorf("a number of %d bits: %v", width, in)
	}
	return v.set(at, width, n)
}

// set notes the bits of a number. What is there twice must be the same.
func (v *inverse) set(at, width int, n *big.Int) error {
	limit := new(big.Int).Lsh(big.NewInt(1), uint(width))
	if n.Cmp(limit) >= 0 || new(big.Int).Neg(n).Cmp(new(big.Int).Rsh(limit, 1)) > 0 {
		return fmt.Errorf("%v does not fit in %d bits", n, width)
	}
	if n.Sign() < 0 {
		n = limit.Add(limit, n)
	}
	for i := range width {
		pos, mask := at+i, byte(1)<<((at+i)%8)
		if v.big {
			pos = at + width - 1 - i
			mask = 0x80 >> (pos % 8)
		}
		bit := mask * byte(n.Bit(i))
		if v.known[pos/8]&mask != 0 && v.got[pos/8]&mask != bit {
			return fmt.Errorf("bit %d differs", pos)
		}
		v.known[pos/8] |= mask
		v.got[pos/8] |= bit
	}
	return nil
}
