package btfval

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// A character is an integer of one byte that BTF says is a character.
type character struct{}

func (character) append(b, data []byte, f face) []byte {
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
