package elfobj

import (
	"fmt"
	"strings"
)

// A budget bounds how long all names are together that are read. To find the end
// of one takes time by its length, and one long string may be the name of very
// many symbols and lines.
type budget struct{ left int } // bytes

// textPerByte is how many bytes of names there may be for each byte of a file. A
// line takes 16 bytes of a file, its path and its text take some 100.
const textPerByte = 64

// freeText is how many bytes of names every file may have.
const freeText = 1 << 20

func newBudget(data []byte) budget { return budget{textPerByte*len(data) + freeText} }

// cut returns the string at an offset in a table of strings, each of which ends
// with a NUL byte.
func (b *budget) cut(table string, off uint32) (string, error) {
	if off == 0 {
		return "", nil
	}
	if uint64(off) >= uint64(len(table)) {
		return "", fmt.Errorf("name at %d of %d bytes", off, len(table))
	}
	s, _, ok := strings.Cut(table[off:], "\x00")
	if !ok {
		return "", fmt.Errorf("name at %d: it does not end", off)
	}
	return s, b.take(s)
}

// take pays for a string.
func (b *budget) take(s string) error {
	if b.left -= len(s); b.left < 0 {
		return fmt.Errorf("names of more than %d bytes for each byte of the file", textPerByte)
	}
	return nil
}
