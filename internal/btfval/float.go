package btfval

import (
	"math"
	"strconv"
)

// float is a number of IEEE 754 in 2, 4 or 8 bytes, in the fewest digits that
// tell it from others of its size.
type float struct {
	scalar
	typ string // in C
}

// A float is its sign, exponent and fraction. These are the masks of the
// exponent, and the bit of the fraction that tells quiet NaNs.
const (
	exponent16, quiet16 = 0x7c00, 1 << 9
	exponent32, quiet32 = 0x7f800000, 1 << 22
	exponent64, quiet64 = 0x7ff0000000000000, 1 << 51
)

func (n *float) append(b, data []byte, f face) []byte {
	u := n.uint(data)
	switch n.size {
	case 2:
		if u&exponent16 != exponent16 {
			return appendHalf(b, uint16(u))
		}
		return n.appendOdd(b, u, exponent16, quiet16, f)
	case 4:
		if u&exponent32 != exponent32 {
			return strconv.AppendFloat(b, float64(math.Float32frombits(uint32(u))), 'g', -1, 32)
		}
		return n.appendOdd(b, u, exponent32, quiet32, f)
	}
	if u&exponent64 != exponent64 {
		return strconv.AppendFloat(b, math.Float64frombits(u), 'g', -1, 64)
	}
	return n.appendOdd(b, u, exponent64, quiet64, f)
}

// appendOdd appends what is no number of JSON: an infinity, or a NaN, with its
// bits unless they are the usual ones.
func (n *float) appendOdd(b []byte, u, exponent, quiet uint64, f face) []byte {
	sign := exponent + exponent&-exponent
	switch u {
	case exponent:
		return quoteIf(b, f == inJSON, "+Inf")
	case exponent | sign:
		return quoteIf(b, f == inJSON, "-Inf")
	case exponent | quiet:
		return quoteIf(b, f == inJSON, "NaN")
	}
	if f == inJSON {
		b = append(b, '"')
	}
	b = appendHex(append(b, "NaN(0x"...), u, 2*int(n.size))
	b = append(b, ')')
	if f == inJSON {
		b = append(b, '"')
	}
	return b
}

// appendHalf appends a number of 16 bits. strconv knows none: digits are enough
// once they are nearer to the number than to its neighbours.
func appendHalf(b []byte, bits uint16) []byte {
	if bits>>15 != 0 {
		b = append(b, '-')
	}
	bits &= 0x7fff
	if bits == 0 {
		return append(b, '0')
	}
	f := half(bits)
	least, most := (half(bits-1)+f)/2, (f+half(bits+1))/2
	var digits [16]byte
	for precision := 1; ; precision++ {
		near, err := strconv.ParseFloat(string(strconv.AppendFloat(digits[:0], f, 'g', precision, 64)), 64)
		if err != nil {
			panic(err) // strconv reads what it wrote
		}
		if near > least && near < most {
			return strconv.AppendFloat(b, near, 'g', -1, 64)
		}
	}
}

// half returns a number of 16 bits that is not negative. What would be infinity
// is the number that comes after the largest one.
func half(bits uint16) float64 {
	exponent, fraction := int(bits>>10), float64(bits&0x3ff)
	if exponent == 0 {
		return math.Ldexp(fraction, -24)
	}
	return math.Ldexp(1024+fraction, exponent-25)
}
