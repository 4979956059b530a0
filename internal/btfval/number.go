package btfval

import (
	"encoding/binary"
	"strconv"
)

// scalar is how a number of 1, 2, 4 or 8 bytes is stored.
type scalar struct {
	size uint8 // bytes
	big  bool  // endian
}

// isScalar reports whether numbers of some bytes can be read as a [scalar].
func isScalar(size uint32) bool { return size == 1 || size == 2 || size == 4 || size == 8 }

// uint reads the number at the start of data. There is no [binary.ByteOrder]:
// that would take longer than the rest.
func (s scalar) uint(data []byte) uint64 {
	switch {
	case s.size == 1:
		return uint64(data[0])
	case s.size == 2 && s.big:
		return uint64(binary.BigEndian.Uint16(data))
	case s.size == 2:
		return uint64(binary.LittleEndian.Uint16(data))
	case s.size == 4 && s.big:
		return uint64(binary.BigEndian.Uint32(data))
	case s.size == 4:
		return uint64(binary.LittleEndian.Uint32(data))
	case s.big:
		return binary.BigEndian.Uint64(data)
	}
	return binary.LittleEndian.Uint64(data)
}

// int reads the number at the start of data as a signed one.
func (s scalar) int(data []byte) int64 {
	unused := 64 - 8*uint(s.size)
	return int64(s.uint(data)<<unused) >> unused
}

// put stores a number at the start of data.
func (s scalar) put(data []byte, u uint64) {
	switch {
	case s.size == 1:
		data[0] = byte(u)
	case s.size == 2 && s.big:
		binary.BigEndian.PutUint16(data, uint16(u))
	case s.size == 2:
		binary.LittleEndian.PutUint16(data, uint16(u))
	case s.size == 4 && s.big:
		binary.BigEndian.PutUint32(data, uint32(u))
	case s.size == 4:
		binary.LittleEndian.PutUint32(data, uint32(u))
	case s.big:
		binary.BigEndian.PutUint64(data, u)
	default:
		binary.LittleEndian.PutUint64(data, u)
	}
}

// span returns the numbers that bits of s stand for.
func (s scalar) span(sign sign) span { return span{8 * uint(s.size), sign} }

// integer is what integers with and without a sign have in common.
type integer struct {
	scalar
	sign   sign
	isChar bool   // and may be written as a character
	typ    string // in C
}

func (n *integer) parse(p *parser, data []byte) error {
	tok, err := p.leaf()
	if err != nil {
		return err
	}
	u, ok := n.read(tok)
	if !ok {
		return tok.refuse(n, n.takes())
	}
	return p.put(tok, n.scalar, data, u)
}

func (n *integer) takes() string {
	numbers := n.span(n.sign).String()
	if n.isChar {
		return "a character or " + numbers
	}
	return numbers
}

// read returns the bits that a token stands for.
func (n *integer) read(tok token) (u uint64, ok bool) {
	text := tok.text()
	if tok.quoted && n.isChar {
		if c, ok := charIn(text); ok {
			return uint64(c), true
		}
	}
	if tok.quoted && n.sign == positive {
		if u, ok := n.inNetwork(text); ok {
			return u, true
		}
	}
	_, u, ok = n.span(n.sign).read(text)
	return u, ok
}

func (n *integer) called() string { return n.typ }

// unsigned is an integer without a sign, and without an encoding.
type unsigned struct{ integer }

func (n *unsigned) append(b, data []byte, _ face) []byte {
	return strconv.AppendUint(b, n.uint(data), 10)
}

// signed is an integer with a sign.
type signed struct{ integer }

func (n *signed) append(b, data []byte, _ face) []byte {
	return strconv.AppendInt(b, n.int(data), 10)
}

// boolean is true unless all its bits are 0.
type boolean struct {
	scalar
	typ string // in C
}

func (n *boolean) append(b, data []byte, _ face) []byte {
	return strconv.AppendBool(b, n.uint(data) != 0)
}

func (n *boolean) parse(p *parser, data []byte) error {
	tok, err := p.leaf()
	if err != nil {
		return err
	}
	switch string(tok.text()) {
	case "true":
		n.putTrue(p, data)
		return nil
	case "false", "0":
		return p.put(tok, n.scalar, data, 0)
	case "1":
		return p.put(tok, n.scalar, data, 1)
	}
	return tok.refuse(n, "true, false, 0 or 1")
}

// putTrue makes sure that the bytes are not 0. Which number they are instead may
// be told by parts that share them, so these come first.
func (n *boolean) putTrue(p *parser, data []byte) {
	if n.uint(data) != 0 {
		return
	}
	if p.sharing == 0 || p.checking {
		n.put(data, 1)
	}
	p.again = p.again || p.sharing > 0
}

func (n *boolean) called() string { return n.typ }

// pointer is an address, which JSON has in decimal.
type pointer struct{ scalar }

func (n *pointer) append(b, data []byte, f face) []byte {
	p := n.uint(data)
	switch {
	case f == inJSON:
		return strconv.AppendUint(b, p, 10)
	case p == 0:
		return append(b, `"(nil)"`...)
	}
	b = append(b, `"0x`...)
	b = strconv.AppendUint(b, p, 16)
	return append(b, '"')
}

func (n *pointer) parse(p *parser, data []byte) error {
	tok, err := p.leaf()
	if err != nil {
		return err
	}
	text := tok.text()
	if string(text) == "(nil)" || !tok.quoted && string(text) == "null" {
		return p.put(tok, n.scalar, data, 0)
	}
	_, u, ok := n.span(positive).read(text)
	if !ok {
		return tok.refuse(n, "null or "+n.span(positive).String())
	}
	return p.put(tok, n.scalar, data, u)
}

func (*pointer) called() string { return "a pointer" }
