package btfval

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// A character is an integer of one byte that BTF says is a character.
type character struct{ integer }

func (*character) append(b, data []byte, f face) []byte {
	c := data[0]
	switch {
	case isPrintable(c):
		return appendText(b, data[:1])
	case f == inJSON:
		return append(appendHex(append(b, `"\u`...), uint64(c), 4), '"')
	}
	return strconv.AppendUint(append(b, "0x"...), uint64(c), 16)
}

// A text is an array of characters, spelt as a string where there is one.
type text struct{ array }

func (t *text) append(b, data []byte, f face) []byte {
	if s, ok := printable(data[:t.n]); ok {
		return appendText(b, s)
	}
	return t.array.append(b, data, f)
}

func (t *text) parse(p *parser, data []byte) error {
	if p.peek() == '[' {
		return t.array.parse(p, data)
	}
	tok, err := p.leaf()
	if err != nil {
		return err
	}
	if !tok.quoted {
		return tok.refuse(t, "a string or a list")
	}
	s := tok.text()
	if uint64(len(s)) > t.n {
		return tok.tooLong(t, len(s), t.n)
	}
	if p.checking && uint64(len(s)) < t.n && data[len(s)] != 0 {
		return tok.differs()
	}
	return p.putBytes(tok, data, s)
}

// charIn returns the character of a string that has just one.
func charIn(s []byte) (byte, bool) {
	r, n := utf8.DecodeRune(s)
	return byte(r), n == len(s) && n > 0 && r <= 0xff
}

// printable returns the text in b before its first NUL byte, if there is one
// and all before it is printable.
func printable(b []byte) ([]byte, bool) {
	for i, c := range b {
		if c == 0 {
			return b[:i], true
		}
		if !isPrintable(c) {
			break
		}
	}
	return nil, false
}

func isPrintable(c byte) bool { return c >= 0x20 && c <= 0x7e }

// appendText appends printable characters as a string, of which JSON escapes
// two.
func appendText(b, s []byte) []byte {
	b = append(b, '"')
	for _, c := range s {
		if c == '"' || c == '\\' {
			b = append(b, '\\')
		}
		b = append(b, c)
	}
	return append(b, '"')
}

// quoted returns any string as JSON has it.
func quoted(s string) string {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		panic(err) // strings can be encoded
	}
	return string(bytes.TrimSuffix(buf.Bytes(), []byte("\n")))
}

// appendHex appends the lower digits of a number in base 16.
func appendHex(b []byte, u uint64, digits int) []byte {
	for i := digits - 1; i >= 0; i-- {
		b = append(b, "0123456789abcdef"[u>>(4*i)&0xf])
	}
	return b
}
