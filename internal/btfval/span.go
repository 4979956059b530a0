package btfval

import (
	"fmt"
	gobits "math/bits"
)

// A span is the numbers that some bits are taken for.
type span struct {
	width uint // bits
	sign  sign
}

// A sign says which numbers bits stand for.
type sign uint8

const (
	positive sign = iota // 0 or more
	negative             // half of them below 0
	either               // both: what is not below 0 as well as what is
)

// String returns the least and the greatest number.
func (s span) String() string {
	if s.width == 0 {
		return "0"
	}
	below, above := s.width-1, s.width // powers of 2
	if s.sign == negative {
		above--
	}
	least, most := fmt.Sprintf("-2^%d", below), fmt.Sprintf("2^%d-1", above)
	if s.width <= 64 {
		least, most = fmt.Sprintf("-%d", uint64(1)<<below), fmt.Sprint(uint64(1)<<above-1)
	}
	if s.sign == positive {
		least = "0"
	}
	return least + " to " + most
}

// read returns the bits of a number that is spelt in base 10, or in base 16
// after 0x. It is not ok if there is none, or it is not in the span.
func (s span) read(text []byte) (high, low uint64, ok bool) {
	minus := len(text) > 0 && text[0] == '-'
	if minus {
		text = text[1:]
	}
	if len(text) > 2 && text[0] == '0' && text[1]|0x20 == 'x' {
		high, low, ok = readHex(text[2:])
	} else {
		high, low, ok = readDecimal(text)
	}
	if !ok {
		return 0, 0, false
	}
	return s.bits(high, low, minus)
}

// int returns the bits of a number, if it is in the span.
func (s span) int(n int64) (high, low uint64, ok bool) {
	if n < 0 {
		return s.bits(0, -uint64(n), true)
	}
	return s.bits(0, uint64(n), false)
}

// bits returns the bits of a number that is given as its absolute value, if it is
// in the span.
func (s span) bits(high, low uint64, minus bool) (uint64, uint64, bool) {
	if !s.has(high, low, minus) {
		return 0, 0, false
	}
	if minus {
		high, low = s.negate(high, low)
	}
	return high, low, true
}

// has reports whether a number, given as its absolute value, is in the span.
func (s span) has(high, low uint64, minus bool) bool {
	if high|low == 0 {
		return true
	}
	width := s.width
	if width == 0 || minus && s.sign == positive {
		return false
	}
	if minus {
		high, low = minusOne(high, low) // the least number has no positive twin
	}
	if minus || s.sign == negative {
		width--
	}
	if width <= 64 {
		return high == 0 && low>>width == 0
	}
	return high>>(width-64) == 0
}

func minusOne(high, low uint64) (uint64, uint64) {
	low, borrow := gobits.Sub64(low, 1, 0)
	return high - borrow, low
}

// negate returns the bits of a number below 0 whose absolute value is given, or
// the other way.
func (s span) negate(high, low uint64) (uint64, uint64) {
	high, low = ^high, -low
	if low == 0 {
		high++
	}
	if s.width <= 64 {
		return 0, low & (1<<s.width - 1)
	}
	return high & (1<<(s.width-64) - 1), low
}

// readDecimal reads a number in base 10 as JSON has it, without zeros before it.
func readDecimal(text []byte) (high, low uint64, ok bool) {
	if len(text) == 0 || len(text) > 1 && text[0] == '0' {
		return 0, 0, false
	}
	for _, c := range text {
		if c -= '0'; c > 9 {
			return 0, 0, false
		}
		if high == 0 && low < 1<<60 {
			low = 10*low + uint64(c)
			continue
		}
		over, tens := gobits.Mul64(high, 10)
		carry, units := gobits.Mul64(low, 10)
		var carried uint64
		low, carried = gobits.Add64(units, uint64(c), 0)
		if high, carried = gobits.Add64(tens, carry, carried); over+carried != 0 {
			return 0, 0, false
		}
	}
	return high, low, true
}

// readHex reads a number in base 16.
func readHex(text []byte) (high, low uint64, ok bool) {
	for _, c := range text {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, 0, false
		}
		if high>>60 != 0 {
			return 0, 0, false
		}
		high, low = high<<4|low>>60, low<<4|uint64(c)
	}
	return high, low, len(text) > 0
}
