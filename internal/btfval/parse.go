package btfval

import (
	"bytes"
	"fmt"
)

// Parse reads a value of the type from text into the start of data, where there
// are at least [Type.Size] bytes. What text leaves out is zero. The package
// comment says what is understood.
//
// An error of what was asked has the path of the field, what was given, and what
// its type takes; one of the JSON has the offset in text, in bytes from 0. Then
// what data has is of no use, but nothing beyond the value was written.
func (t *Type) Parse(data, text []byte) error {
	if len(data) < t.size {
		return fmt.Errorf("%d bytes, want %d", len(data), t.size)
	}
	data = data[:t.size:t.size]
	clear(data)
	p := &parser{text: text}
	p.given = p.few[:0]
	err := p.pass(t.root, data)
	for err == nil && p.again {
		p.again, p.checking = false, true
		err = p.pass(t.root, data)
	}
	return err
}

// A parser reads one text into bytes that were zero.
//
// Parts of a union share their bytes, and as it is printed a union has them all.
// So what is read is added to the bits that are there. If bits may have been
// given twice, a second pass over the text compares: what was given is then what
// the bytes have, or else another part has said otherwise. A third one follows if
// the second has still changed something. See [boolean].
type parser struct {
	text []byte
	at   int // the next byte of text

	sharing  int  // parts that are being read and may share their bytes with others
	again    bool // another pass must follow
	checking bool // this is not the first pass

	given []int32   // the fields of all objects that are being read: see [object.parse]
	few   [16]int32 // in most cases enough for given
}

// pass reads all of the text.
func (p *parser) pass(root node, data []byte) error {
	p.at = 0
	if err := root.parse(p, data); err != nil {
		return err
	}
	if p.peek(); p.at < len(p.text) {
		return p.syntax("the end")
	}
	return nil
}

// put stores the number that tok is.
func (p *parser) put(tok token, s scalar, data []byte, u uint64) error {
	if !p.checking {
		s.put(data, s.uint(data)|u)
	} else if s.uint(data) != u {
		return tok.differs()
	}
	return nil
}

// putBits is put for a number that may be a bitfield.
func (p *parser) putBits(tok token, n *bits, data []byte, high, low uint64) error {
	if !p.checking {
		n.put(data, high, low)
	} else if h, l := n.uint(data); h != high || l != low {
		return tok.differs()
	}
	return nil
}

// putBytes is put for bytes.
func (p *parser) putBytes(tok token, data, b []byte) error {
	if p.checking {
		if !bytes.Equal(data[:len(b)], b) {
			return tok.differs()
		}
		return nil
	}
	for i, c := range b {
		data[i] |= c
	}
	return nil
}

// open goes past a bracket, with which the value of a node starts.
func (p *parser) open(bracket byte, n typed, takes string) error {
	if p.peek() == bracket {
		p.at++
		return nil
	}
	tok, err := p.leaf()
	if err != nil {
		return err
	}
	return tok.refuse(n, takes)
}

// more reports whether a part follows in brackets, and goes to it or past the
// end.
func (p *parser) more(first bool, end byte) (bool, error) {
	switch c := p.peek(); {
	case c == end:
		p.at++
		return false, nil
	case first:
		return true, nil
	case c == ',':
		p.at++
		return true, nil
	}
	return false, p.syntax("',' or '" + string(end) + "'")
}

// key reads the key of a part and the colon after it.
func (p *parser) key() (token, error) {
	if p.peek() != '"' {
		return token{}, p.syntax("a name in quotes")
	}
	tok, err := p.quoted()
	if err != nil {
		return tok, err
	}
	if p.peek() != ':' {
		return tok, p.syntax("':'")
	}
	p.at++
	return tok, nil
}
