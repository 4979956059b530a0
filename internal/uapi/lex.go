package uapi

import "strings"

// A token is an identifier, a number, or one byte of anything else.
type token struct {
	text string
	sure bool // no condition decides whether it counts
}

func (t token) isName() bool { return isNameByte(t.text[0]) && !isDigit(t.text[0]) }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isNameByte(c byte) bool {
	return c == '_' || isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// A lexer takes the text of a header apart.
type lexer struct {
	text string
	at   int
	bol  bool // only white space has been seen in this line
}

// next returns the next token, or "" at the end. A line of the preprocessor is
// one token that begins with '#'. Literals are the token '"'.
func (l *lexer) next() string {
	for l.at < len(l.text) {
		switch c := l.text[l.at]; {
		case c == '\n':
			l.at++
			l.bol = true
		case c == ' ', c == '\t', c == '\r', c == '\v', c == '\f', c == '\\':
			l.at++
		case l.comment():
		case c == '#' && l.bol:
			return l.line()
		default:
			l.bol = false
			return l.word(c)
		}
	}
	return ""
}

// comment skips a comment, and reports whether there was one.
func (l *lexer) comment() bool {
	rest := l.text[l.at:]
	switch {
	case strings.HasPrefix(rest, "/*"):
		l.at += after(rest, 2, "*/")
	case strings.HasPrefix(rest, "//"):
		l.at += len(rest)
		if n := strings.IndexByte(rest, '\n'); n >= 0 {
			l.at += n - len(rest)
		}
	default:
		return false
	}
	return true
}

// after returns where s ends behind the first mark that starts at from or later.
func after(s string, from int, mark string) int {
	if n := strings.Index(s[from:], mark); n >= 0 {
		return from + n + len(mark)
	}
	return len(s)
}

// line returns a line of the preprocessor, with those that continue it and
// without its comments.
func (l *lexer) line() string {
	var b strings.Builder
	for l.at < len(l.text) {
		switch c := l.text[l.at]; {
		case c == '\n':
			return b.String()
		case c == '\\' && l.splice():
			b.WriteByte(' ')
		case l.comment():
			b.WriteByte(' ')
		case c == '"':
			from := l.at
			l.literal(c)
			b.WriteString(l.text[from:l.at])
		default:
			b.WriteByte(c)
			l.at++
		}
	}
	return b.String()
}

// splice skips the end of a line that the next one continues.
func (l *lexer) splice() bool {
	for _, end := range []string{"\\\n", "\\\r\n"} {
		if strings.HasPrefix(l.text[l.at:], end) {
			l.at += len(end)
			return true
		}
	}
	return false
}

// word returns the token that starts with c.
func (l *lexer) word(c byte) string {
	from := l.at
	switch {
	case isNameByte(c):
		for l.at < len(l.text) && isNameByte(l.text[l.at]) {
			l.at++
		}
	case c == '"', c == '\'':
		l.literal(c)
		return `"`
	default:
		l.at++
	}
	return l.text[from:l.at]
}

// literal skips a string or character. It ends with its line, whatever it has.
func (l *lexer) literal(quote byte) {
	for l.at++; l.at < len(l.text); l.at++ {
		switch l.text[l.at] {
		case quote:
			l.at++
			return
		case '\n':
			return
		case '\\':
			if l.at+1 < len(l.text) && l.text[l.at+1] != '\n' {
				l.at++
			}
		}
	}
	l.at = min(l.at, len(l.text))
}
