package btfval

import "strconv"

// maxWidth is how many bits the widest numbers have.
const maxWidth = 128

// bits is a number of up to 128 bits, which may be a bitfield: it starts and
// ends anywhere in its bytes. It is spelt in base 16, which JSON does not have.
type bits struct {
	width  uint // bits
	at     int  // byte in which it starts
	len    int  // bytes that have a part of it
	skip   uint // bits of others above it, in the most significant byte
	drop   uint // bits of others below it, in the least significant byte
	big    bool // endian: the first byte is the most significant one
	signed bool // and spelt as -0x1 if negative
}

// newBits returns a number of width bits after shift others: below it, or above
// it if bytes are big-endian.
func newBits(shift, width uint, big, signed bool) *bits {
	n := &bits{width: width, at: int(shift / 8), drop: shift % 8, big: big, signed: signed}
	n.len = int(n.drop+width+7) / 8
	n.skip = uint(8*n.len) - n.drop - width
	if big {
		n.skip, n.drop = n.drop, n.skip
	}
	return n
}

func (n *bits) append(b, data []byte, f face) []byte {
	high, low := n.uint(data)
	if f == inJSON {
		b = append(b, '"')
	}
	if n.signed && n.isNegative(high, low) {
		high, low = n.negate(high, low)
		b = append(b, '-')
	}
	b = append(b, "0x"...)
	if high == 0 {
		b = strconv.AppendUint(b, low, 16)
	} else {
		b = appendHex(strconv.AppendUint(b, high, 16), low, 16)
	}
	if f == inJSON {
		b = append(b, '"')
	}
	return b
}

// uint reads the number at the start of data, the most significant byte first.
func (n *bits) uint(data []byte) (high, low uint64) {
	data = data[n.at:][:n.len]
	for i := range data {
		at := n.len - 1 - i
		if n.big {
			at = i
		}
		part, width := uint64(data[at]), uint(8)
		if i == 0 {
			part &= 0xff >> n.skip
		}
		if i == n.len-1 {
			part, width = part>>n.drop, 8-n.drop
		}
		high, low = high<<width|low>>(64-width), low<<width|part
	}
	return high, low
}

func (n *bits) isNegative(high, low uint64) bool {
	if n.width > 64 {
		return high>>(n.width-65) != 0
	}
	return n.width > 0 && low>>(n.width-1) != 0
}

// negate returns the absolute value of a negative number.
func (n *bits) negate(high, low uint64) (uint64, uint64) {
	high, low = ^high, -low
	if low == 0 {
		high++
	}
	if n.width <= 64 {
		return 0, low & (1<<n.width - 1)
	}
	return high & (1<<(n.width-64) - 1), low
}
