package btfval

import (
	"fmt"
	"strconv"
)

// maxWidth is how many bits the widest numbers have.
const maxWidth = 128

// bits is a number of up to 128 bits, which may be a bitfield: it starts and
// ends anywhere in its bytes. It is spelt in base 16, which JSON does not have.
type bits struct {
	span        // which is understood
	at     int  // byte in which it starts
	len    int  // bytes that have a part of it
	skip   uint // bits of others above it, in the most significant byte
	drop   uint // bits of others below it, in the least significant byte
	big    bool // endian: the first byte is the most significant one
	signed bool // and spelt as -0x1 if negative

	// What follows is for reading only.
	typ     string       // in C, without the width
	names   *enumeration // nil if it has none
	isField bool
	isBool  bool
}

// newBits returns a number of width bits after shift others: below it, or above
// it if bytes are big-endian.
func newBits(shift, width uint, big, signed bool) *bits {
	n := &bits{span: span{width: width}, at: int(shift / 8), drop: shift % 8, big: big, signed: signed}
	if signed {
		n.sign = negative
	}
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

// put adds a number to the bits at the start of data.
func (n *bits) put(data []byte, high, low uint64) {
	data = data[n.at:][:n.len]
	part, width := byte(low<<n.drop), 8-n.drop
	for i := range data {
		at := i
		if n.big {
			at = n.len - 1 - i
		}
		data[at] |= part
		high, low = high>>width, low>>width|high<<(64-width)
		part, width = byte(low), 8
	}
}

func (n *bits) parse(p *parser, data []byte) error {
	tok, err := p.leaf()
	if err != nil {
		return err
	}
	high, low, ok := n.given(tok)
	if !ok && n.names != nil {
		return n.names.refuse(tok, n, n.span)
	}
	if !ok {
		return tok.refuse(n, n.takes())
	}
	return p.putBits(tok, n, data, high, low)
}

// given returns the bits that a token stands for.
func (n *bits) given(tok token) (high, low uint64, ok bool) {
	text := tok.text()
	switch {
	case n.isBool && string(text) == "true":
		return n.int(1)
	case n.isBool && string(text) == "false":
		return n.int(0)
	case n.names != nil:
		if v, ok := n.names.value(tok); ok {
			high, low, ok = n.int(v)
			return high, low, ok && (v >= 0 || n.names.signed) // or else it is a large one
		}
	}
	return n.read(text)
}

func (n *bits) called() string {
	typ := n.typ
	if n.names != nil {
		typ = n.names.called()
	}
	if n.isField {
		typ += fmt.Sprintf(":%d", n.width)
	}
	return typ
}

func (n *bits) takes() string {
	if n.isBool {
		return "true, false or " + n.span.String()
	}
	return n.span.String()
}
