package btfval

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
)

func (n *float) parse(p *parser, data []byte) error {
	tok, err := p.leaf()
	if err != nil {
		return err
	}
	u, ok := n.read(tok.text())
	if !ok {
		return tok.refuse(n, n.takes())
	}
	return p.put(tok, n.scalar, data, u)
}

func (n *float) called() string { return n.typ }

// parts returns the mask of the exponent, the bit of quiet NaNs, and the
// greatest number.
func (n *float) parts() (exponent, quiet uint64, most float64) {
	switch n.size {
	case 2:
		return exponent16, quiet16, maxHalf
	case 4:
		return exponent32, quiet32, math.MaxFloat32
	}
	return exponent64, quiet64, math.MaxFloat64
}

const maxHalf = 65504

func (n *float) takes() string {
	_, _, most := n.parts()
	return fmt.Sprintf("numbers up to %.5g, NaN, +Inf or -Inf", most)
}

// read returns the bits of what append spells, or of any other number of JSON.
func (n *float) read(text []byte) (u uint64, ok bool) {
	exponent, quiet, _ := n.parts()
	switch string(text) {
	case "NaN":
		return exponent | quiet, true
	case "+Inf":
		return exponent, true
	case "-Inf":
		return exponent | (exponent + exponent&-exponent), true
	}
	if digits, found := bytes.CutPrefix(text, []byte("NaN(0x")); found {
		digits, ok = bytes.CutSuffix(digits, []byte(")"))
		_, u, isHex := readHex(digits)
		fraction := exponent&-exponent - 1
		return u, ok && isHex && len(digits) == 2*int(n.size) && u&exponent == exponent && u&fraction != 0
	}
	return n.number(text)
}

// number returns the bits of the nearest number.
func (n *float) number(text []byte) (uint64, bool) {
	if !isNumber(text) {
		return 0, false // strconv takes more
	}
	if n.size == 4 {
		f, err := strconv.ParseFloat(string(text), 32)
		return uint64(math.Float32bits(float32(f))), err == nil
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if n.size == 2 {
		u, ok := halfBits(f)
		return u, ok && err == nil
	}
	return math.Float64bits(f), err == nil
}

// halfBits returns the bits of the number of 16 bits that is the nearest one,
// or of two the even one. It is not ok if that would be infinite.
func halfBits(f float64) (uint64, bool) {
	const least = -24 // the exponent of the least number, and of the steps near 0
	step := least
	if f != 0 {
		_, exponent := math.Frexp(f)
		step = max(exponent-11, least)
	}
	steps := uint64(math.RoundToEven(math.Ldexp(math.Abs(f), -step)))
	// A number of 11 bits has a 1 in front that is not stored, and adds 1 to the
	// exponent instead. One that was rounded up to 12 bits adds 2, and so is right.
	u := uint64(step-least)<<10 + steps
	if math.Signbit(f) {
		return u | 1<<15, u < exponent16
	}
	return u, u < exponent16
}

// isNumber reports whether text is a number of JSON.
func isNumber(text []byte) bool {
	text = bytes.TrimPrefix(text, []byte("-"))
	whole := digits(text)
	if whole == 0 || whole > 1 && text[0] == '0' {
		return false
	}
	text = text[whole:]
	if len(text) > 0 && text[0] == '.' {
		n := digits(text[1:])
		if n == 0 {
			return false
		}
		text = text[1+n:]
	}
	if len(text) > 0 && text[0]|0x20 == 'e' {
		text = text[1:]
		if len(text) > 0 && (text[0] == '+' || text[0] == '-') {
			text = text[1:]
		}
		return len(text) > 0 && digits(text) == len(text)
	}
	return len(text) == 0
}

// digits returns how many digits text starts with.
func digits(text []byte) int {
	for i, c := range text {
		if c < '0' || c > '9' {
			return i
		}
	}
	return len(text)
}
