package render

import "strconv"

const digits = "0123456789abcdef"

// HexLine is how many bytes stand on a line of plain text.
const HexLine = 16

// AppendHex appends bytes as plain text has them: 16 on a line, with a gap after
// the eighth.
func AppendHex(b, data []byte) []byte {
	for i, c := range data {
		switch {
		case i == 0:
		case i%HexLine == 0:
			b = append(b, '\n')
		case i%(HexLine/2) == 0:
			b = append(b, ' ', ' ')
		default:
			b = append(b, ' ')
		}
		b = append(b, digits[c>>4], digits[c&15])
	}
	return b
}

// AppendHexList appends bytes as JSON has them: ["0x0a","0xff"].
func AppendHexList(b, data []byte) []byte {
	return append(AppendHexElements(append(b, '['), data), ']')
}

// AppendHexElements is AppendHexList without brackets, for lists that are appended
// piece by piece.
func AppendHexElements(b, data []byte) []byte {
	for i, c := range data {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '"', '0', 'x', digits[c>>4], digits[c&15], '"')
	}
	return b
}

// AppendNumbers appends bytes as a JSON list of decimal numbers.
func AppendNumbers(b, data []byte) []byte {
	b = append(b, '[')
	for i, c := range data {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, uint64(c), 10)
	}
	return append(b, ']')
}
