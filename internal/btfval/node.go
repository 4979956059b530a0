package btfval

import (
	"fmt"
	"sync"
)

// A node is the layout of a type, as part of any others. It has all that is
// needed to spell a value or to find it in its spelling: nothing of the BTF is
// looked at again.
//
// Nodes with parts are an [object], a [sequence], an [array] and a [text]; all
// others are leaves.
type node interface {
	// append appends a face of the value at the start of data, which is long
	// enough, to b.
	append(b, data []byte, f face) []byte

	// parse reads a value into the start of data, which is long enough and was
	// zero before the text was read.
	parse(p *parser, data []byte) error

	// called returns the type as C has it, for errors.
	called() string
}

// A face is one of the two spellings of values that are printed.
type face bool

const (
	plain  face = false // for people
	inJSON face = true
)

// An object is a struct or a union, whose parts have keys.
type object struct {
	fields []field

	// What follows is for reading only.
	kind    string  // "struct", say
	tag     string  // the name of the type
	size    uint32  // bytes
	shared  bool    // its parts may have bytes in common
	unnamed []int32 // the fields without names
	once    sync.Once
	found   *index // of all names, once it was needed
}

// A field is a part of an [object].
type field struct {
	key  string // in quotes, with the colon that follows; "" without a name
	at   uint64 // bytes from the start of the object
	node node
}

func (o *object) append(b, data []byte, f face) []byte {
	b = append(b, '{')
	for i := range o.fields {
		if i > 0 {
			b = append(b, ',')
		}
		m := &o.fields[i]
		b = append(b, m.key...)
		b = m.node.append(b, data[m.at:], f)
	}
	return append(b, '}')
}

// A sequence is the variables of a section, each of a type of its own.
type sequence []place

// A place is a part of a [sequence].
type place struct {
	at   uint64 // bytes from the start of the sequence
	node node
}

func (s sequence) append(b, data []byte, f face) []byte {
	b = append(b, '[')
	for i := range s {
		if i > 0 {
			b = append(b, ',')
		}
		b = s[i].node.append(b, data[s[i].at:], f)
	}
	return append(b, ']')
}

func (s sequence) parse(p *parser, data []byte) error {
	if err := p.open('[', s, "a list of its variables"); err != nil {
		return err
	}
	for i := uint64(0); ; i++ {
		more, err := p.more(i == 0, ']')
		if err != nil || !more {
			return err
		}
		if i == uint64(len(s)) {
			return &refusal{path: stepTo(i), why: "the section has no such variable"}
		}
		if err := s[i].node.parse(p, data[s[i].at:]); err != nil {
			return within(err, stepTo(i))
		}
	}
}

func (sequence) called() string { return "a section" }

// An array is some values of one type in a row.
type array struct {
	elem   node
	stride uint64 // bytes from the start of one to that of the next
	n      uint64
}

func (a *array) append(b, data []byte, f face) []byte {
	b = append(b, '[')
	for i := range a.n {
		if i > 0 {
			b = append(b, ',')
		}
		b = a.elem.append(b, data[i*a.stride:], f)
	}
	return append(b, ']')
}

func (a *array) parse(p *parser, data []byte) error {
	if p.peek() == '"' && a.isBytes() {
		return a.parseText(p, data)
	}
	if err := p.open('[', a, a.takes()); err != nil {
		return err
	}
	for i := uint64(0); ; i++ {
		more, err := p.more(i == 0, ']')
		if err != nil || !more {
			return err
		}
		if i == a.n {
			return &refusal{path: stepTo(i), why: fmt.Sprintf("%s has %d elements", shown(a.called()), a.n)}
		}
		if err := a.elem.parse(p, data[i*a.stride:]); err != nil {
			return within(err, stepTo(i))
		}
	}
}

// stepTo is that of a path to an element.
func stepTo(i uint64) string { return fmt.Sprintf("[%d]", i) }

func (a *array) called() string {
	n, dims := a.elem, fmt.Sprintf("[%d]", a.n)
	for {
		switch inner := n.(type) {
		case *array:
			n, dims = inner.elem, dims+fmt.Sprintf("[%d]", inner.n)
		case *text:
			n, dims = inner.elem, dims+fmt.Sprintf("[%d]", inner.n)
		default:
			return n.called() + dims
		}
	}
}

// A word stands for a value whose type has none.
type word string

const (
	unknown     word = "(unknown)"
	forward     word = "(fwd-kind-invalid)"
	unsupported word = "(unsupported-kind)"
)

func (w word) append(b, _ []byte, f face) []byte { return quoteIf(b, f == inJSON, string(w)) }

func (w word) parse(p *parser, _ []byte) error {
	tok, err := p.leaf()
	if err != nil {
		return err
	}
	switch word(tok.text()) {
	case unknown, forward, unsupported:
		return nil
	}
	return tok.refuse(w, string(w))
}

func (word) called() string { return "what has no value" }

// quoteIf appends s, which needs no escapes, in quotes or not.
func quoteIf(b []byte, quotes bool, s string) []byte {
	if !quotes {
		return append(b, s...)
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
