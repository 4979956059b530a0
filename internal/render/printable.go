package render

import (
	"bufio"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable returns text of a stranger with a sign in the place of what has no look, and could
// command a terminal: control characters, bytes that are no characters, and marks that
// turn the direction of text. It stays on its line.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return ' '
		case r == utf8.RuneError || !unicode.IsPrint(r):
			return utf8.RuneError
		}
		return r
	}, text)
}

// Carefully calls plain with a writer for text in which there are names and lines of a
// stranger: control characters but tabulators and ends of lines get a sign in their place.
func Carefully(w *bufio.Writer, plain func(w *bufio.Writer)) {
	inner := bufio.NewWriter(&careful{w: w})
	plain(inner)
	inner.Flush()
}

// careful replaces control characters: ASCII ones, and the others as UTF-8 has them.
type careful struct {
	w    *bufio.Writer // keeps its first error
	last byte
}

const leadC1 = 0xc2 // what U+0080 to U+009F begin with

func (c *careful) Write(text []byte) (int, error) {
	for _, b := range text {
		control := b < ' ' && b != '\t' && b != '\n' || b == 0x7f || c.last == leadC1 && b >= 0x80 && b < 0xa0
		c.last = b
		if control {
			b = '?'
		}
		c.w.WriteByte(b)
	}
	return len(text), nil
}

// Amount returns a number and what it counts, such as "1 map" and "2 maps".
func Amount(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
