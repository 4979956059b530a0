package cskeleton

import "bufio"

// width is how long a line of bytes is at most, in characters.
const width = 78

const hex = "0123456789abcdef"

// writeBytes writes bytes as what is between the quotes of a string in C.
func writeBytes(w *bufio.Writer, data []byte) {
	line := make([]byte, 0, width+2)
	for _, c := range data {
		n := 4
		if c == 0 {
			n = 2
		}
		if len(line)+n > width {
			line = append(line, '\\', '\n')
			w.Write(line)
			line = line[:0]
		}
		if c == 0 {
			line = append(line, '\\', '0')
		} else {
			line = append(line, '\\', 'x', hex[c>>4], hex[c&15])
		}
	}
	w.Write(line)
}
