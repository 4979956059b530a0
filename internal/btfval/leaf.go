package btfval

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// What stands for a value whose type has none.
const (
	unknown     = "(unknown)"
	forward     = "(fwd-kind-invalid)"
	unsupported = "(unsupported-kind)"
)

// leaf reads a value without parts.
func (d *decoder) leaf(t btf.Type, data []byte, off uint64) (Value, error) {
	switch t.Kind {
	case btf.Void:
		return word(unknown), nil
	case btf.Forward:
		return word(forward), nil
	case btf.Int:
		return d.int(t, data, off)
	case btf.Pointer:
		b, err := d.bytes(data, off, 8)
		if err != nil {
			return nil, err
		}
		return pointer(d.order.Uint64(b)), nil
	case btf.Enum, btf.Enum64:
		return d.enum(t, data, off)
	case btf.Float:
		return d.float(t, data, off)
	}
	return word(unsupported), nil
}

// word is a leaf that says why there is no value.
func word(s string) Leaf { return Leaf{Plain: s, JSON: `"` + s + `"`} }

// hex is a number in base 16, which JSON does not have.
func hex(digits string) Leaf { return Leaf{Plain: "0x" + digits, JSON: `"0x` + digits + `"`} }

func decimal(n int64) Leaf { return Leaf{Plain: strconv.FormatInt(n, 10)} }

func pointer(p uint64) Leaf {
	l := Leaf{Plain: `"(nil)"`, JSON: strconv.FormatUint(p, 10)}
	if p != 0 {
		l.Plain = fmt.Sprintf(`"%#x"`, p)
	}
	return l
}

func (d *decoder) int(t btf.Type, data []byte, off uint64) (Value, error) {
	encoding, shift, bits := t.Int()
	b, err := d.bytes(data, off, uint64(t.Size()))
	if err != nil {
		return nil, err
	}
	if shift > 0 || bits != t.Size()*8 {
		return d.bits(data, off+uint64(shift/8), shift%8, bits)
	}
	if t.Size() == 16 {
		return d.bits(data, off, 0, 128)
	}
	u, ok := d.uint(b)
	if !ok {
		return d.bits(data, off, 0, bits)
	}
	switch {
	case encoding&btf.Char != 0:
		return character(byte(u)), nil
	case encoding&btf.Bool != 0:
		return Leaf{Plain: strconv.FormatBool(u != 0)}, nil
	case encoding&btf.Signed != 0:
		return decimal(extend(u, bits)), nil
	}
	return Leaf{Plain: strconv.FormatUint(u, 10)}, nil
}

// uint reads a number of 1, 2, 4 or 8 bytes.
func (d *decoder) uint(b []byte) (uint64, bool) {
	switch len(b) {
	case 1:
		return uint64(b[0]), true
	case 2:
		return uint64(d.order.Uint16(b)), true
	case 4:
		return uint64(d.order.Uint32(b)), true
	case 8:
		return d.order.Uint64(b), true
	}
	return 0, false
}

// extend reads the lower bits of u as a signed number.
func extend(u uint64, bits uint32) int64 {
	shift := 64 - bits
	return int64(u<<shift) >> shift
}

func character(c byte) Leaf {
	if c < 0x20 || c > 0x7e {
		return Leaf{Plain: fmt.Sprintf("0x%02x", c), JSON: fmt.Sprintf(`"\u%04x"`, c)}
	}
	return quoted(string(rune(c)))
}

func (d *decoder) enum(t btf.Type, data []byte, off uint64) (Value, error) {
	b, err := d.bytes(data, off, uint64(t.Size()))
	if err != nil {
		return nil, err
	}
	u, ok := d.uint(b)
	if !ok {
		return word(unsupported), nil
	}
	n := extend(u, t.Size()*8)
	for i := range t.Len() {
		if e := t.Enumerator(i); e.Value == n {
			return quoted(e.Name), nil
		}
	}
	return decimal(n), nil
}

func (d *decoder) float(t btf.Type, data []byte, off uint64) (Value, error) {
	b, err := d.bytes(data, off, uint64(t.Size()))
	if err != nil {
		return nil, err
	}
	u, ok := d.uint(b)
	if !ok || t.Size() < 4 {
		return word(unsupported), nil
	}
	f, bits := math.Float64frombits(u), 64
	if t.Size() == 4 {
		f, bits = float64(math.Float32frombits(uint32(u))), 32
	}
	text := strconv.FormatFloat(f, 'g', -1, bits)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return word(text), nil
	}
	return Leaf{Plain: text}, nil
}

// bits reads a number of n bits that starts shift bits into the byte at off.
func (d *decoder) bits(data []byte, off uint64, shift, n uint32) (Value, error) {
	if n > 128 {
		return nil, fmt.Errorf("byte %d: a number of %d bits", off, n)
	}
	b, err := d.bytes(data, off, uint64(shift+n+7)/8)
	if err != nil {
		return nil, err
	}
	var high, low uint64
	for i := range n {
		// The highest bit first: the last one, unless bytes are big-endian.
		at := shift + n - 1 - i
		bit := b[at/8] >> (at % 8)
		if d.order == binary.BigEndian {
			at = shift + i
			bit = b[at/8] >> (7 - at%8)
		}
		high, low = high<<1|low>>63, low<<1|uint64(bit&1)
	}
	if high == 0 {
		return hex(strconv.FormatUint(low, 16)), nil
	}
	return hex(fmt.Sprintf("%x%016x", high, low)), nil
}
