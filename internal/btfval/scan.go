package btfval

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// A token is a leaf of the text: a string, or a run of other characters that the
// node has to make sense of. A bracket where a leaf should be is a token that no
// node takes.
type token struct {
	raw    []byte // as it stands in the text
	quoted bool   // is a string
	odd    bool   // is a string that may be spelt in other ways
}

// text returns what tok says, without quotes.
func (tok token) text() []byte {
	switch {
	case tok.odd:
		var s string
		if err := json.Unmarshal(tok.raw, &s); err != nil {
			panic(err) // it was scanned
		}
		return []byte(s)
	case tok.quoted:
		return tok.raw[1 : len(tok.raw)-1]
	}
	return tok.raw
}

// key returns a string as [quoted] spells it.
func (tok token) key() []byte {
	if tok.odd {
		return []byte(quoted(string(tok.text())))
	}
	return tok.raw
}

// peek goes past white space and returns the byte there, or 0 at the end.
func (p *parser) peek() byte {
	for ; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// leaf reads a leaf.
func (p *parser) leaf() (token, error) {
	switch p.peek() {
	case '"':
		return p.quoted()
	case '{':
		return token{raw: []byte("{...}")}, nil
	case '[':
		return token{raw: []byte("[...]")}, nil
	}
	start := p.at
	for p.at < len(p.text) && !isDelimiter(p.text[p.at]) {
		p.at++
	}
	if p.at == start {
		return token{}, p.syntax("a value")
	}
	return token{raw: p.text[start:p.at]}, nil
}

func isDelimiter(c byte) bool {
	switch c {
	case ' ', '\t', '\n', '\r', ',', ':', '[', ']', '{', '}', '"':
		return true
	}
	return false
}

// quoted reads a string, which starts here.
func (p *parser) quoted() (token, error) {
	start := p.at
	tok := token{quoted: true}
	for p.at++; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; {
		case c == '"':
			p.at++
			tok.raw = p.text[start:p.at]
			return tok, nil
		case c == '\\':
			tok.odd = true
			if err := p.escape(); err != nil {
				return tok, err
			}
		case c < ' ':
			return tok, p.syntax("a character of a string")
		case c >= utf8.RuneSelf:
			tok.odd = true
			r, n := utf8.DecodeRune(p.text[p.at:])
			if r == utf8.RuneError && n == 1 {
				return tok, fmt.Errorf("offset %d: no UTF-8", p.at)
			}
			p.at += n - 1
		}
	}
	return tok, p.syntax("the end of the string")
}

// escape goes to the last byte of an escape, or of two that are one character.
func (p *parser) escape() error {
	start := p.at
	c, n := p.escaped(start)
	if utf16.IsSurrogate(c) {
		low, more := p.escaped(start + n)
		if n += more; utf16.DecodeRune(c, low) == unicode.ReplacementChar {
			n = 0
		}
	}
	if n == 0 {
		return fmt.Errorf("offset %d: no escape of JSON", start)
	}
	p.at += n - 1
	return nil
}

// escaped returns the character of an escape, if it is one of a number, and the
// bytes that the escape has. That is 0 for what is none.
func (p *parser) escaped(at int) (rune, int) {
	rest := p.text[min(at, len(p.text)):]
	if len(rest) < 2 || rest[0] != '\\' {
		return 0, 0
	}
	switch rest[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 0, 2
	case 'u':
		if len(rest) >= 6 {
			if u, err := strconv.ParseUint(string(rest[2:6]), 16, 16); err == nil {
				return rune(u), 6
			}
		}
	}
	return 0, 0
}

// syntax is the error of text that is no JSON.
func (p *parser) syntax(want string) error {
	if p.at >= len(p.text) {
		return fmt.Errorf("offset %d: %s expected, but the text ends", p.at, want)
	}
	r, _ := utf8.DecodeRune(p.text[p.at:])
	return fmt.Errorf("offset %d: %s expected, not %q", p.at, want, r)
}
