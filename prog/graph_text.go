package prog

import (
	"unicode"
	"unicode/utf8"

	"github.com/gobpftool/gobpftool/internal/render"
)

// cutMark stands for the rest of a text. It takes one column.
const cutMark = "…"

// clip returns as much of a text as is shown of it, and how many columns it takes.
func clip(text string) (shown string, columns int) {
	text = render.Printable(text)
	cut := 0 // the text before it leaves a column for the sign of what is missing
	for i, r := range text {
		if columns < columnsMax {
			cut = i
		}
		if columns += runeColumns(r); columns > columnsMax {
			return text[:cut] + cutMark, columnsMax
		}
	}
	return text, columns
}

// runeColumns returns how many columns a character takes: two if it is as wide as
// Chinese ones.
func runeColumns(r rune) int {
	switch {
	case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana), r >= 0xff01 && r <= 0xff60, r >= 0x1f300:
		return 2
	}
	return 1
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
