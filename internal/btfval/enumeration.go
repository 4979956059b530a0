package btfval

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// An enumeration is a number with names for some of its values.
type enumeration struct {
	scalar
	values []int64  // in increasing order
	names  []string // of each of values, in quotes

	// What follows is for reading only.
	tag    string // the name of the type
	signed bool
	more   []btf.Enumerator // further names, in quotes, for some of values
	once   sync.Once
	found  map[string]int64 // values by all names, once it was needed
}

func (e *enumeration) append(b, data []byte, _ face) []byte {
	n := e.int(data)
	if i, ok := slices.BinarySearch(e.values, n); ok {
		return append(b, e.names[i]...)
	}
	return strconv.AppendInt(b, n, 10)
}

func (e *enumeration) parse(p *parser, data []byte) error {
	tok, err := p.leaf()
	if err != nil {
		return err
	}
	span := e.span(either) // numbers without names are printed as signed ones
	v, named := e.value(tok)
	_, u, ok := span.int(v)
	if !named {
		_, u, ok = span.read(tok.text())
	}
	if !ok {
		return e.refuse(tok, e, span)
	}
	return p.put(tok, e.scalar, data, u)
}

// refuse is the error of a token that is no value of e in a span, as an n takes
// it.
func (e *enumeration) refuse(tok token, n typed, span span) error {
	_, known := e.value(tok)
	if tok.quoted && !known && !isNumber(tok.text()) {
		return &refusal{given: shown(string(tok.raw)), why: shown(e.called()) + " has no such name" + e.near(string(tok.text()))}
	}
	return tok.refuse(n, "a name in quotes or "+span.String())
}

// value returns what a name stands for.
func (e *enumeration) value(tok token) (int64, bool) {
	if !tok.quoted {
		return 0, false
	}
	e.once.Do(func() {
		e.found = make(map[string]int64, len(e.names)+len(e.more))
		for _, one := range e.more {
			e.found[one.Name] = one.Value
		}
		for i, name := range e.names {
			e.found[name] = e.values[i]
		}
	})
	v, ok := e.found[string(tok.key())]
	return v, ok
}

// near returns a hint to the name that was meant.
func (e *enumeration) near(name string) string {
	return hint(name, func(yield func(string) bool) {
		for _, known := range e.names {
			if !yield(known) {
				return
			}
		}
		for _, known := range e.more {
			if !yield(known.Name) {
				return
			}
		}
	})
}

func (e *enumeration) called() string { return strings.TrimSuffix("enum "+e.tag, " ") }

// enumeration returns the layout of an Enum or Enum64. Of several names for one
// value the first one stands.
func (c *compiler) enumeration(t btf.Type) (*layout, error) {
	if !isScalar(t.Size()) {
		return leaf(unsupported, t.Size()), nil
	}
	all := make([]btf.Enumerator, t.Len())
	for i := range all {
		all[i] = t.Enumerator(i)
		if err := c.read(t, all[i].Name); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b btf.Enumerator) int { return cmp.Compare(a.Value, b.Value) })
	e := &enumeration{scalar: c.scalar(t.Size()), tag: strings.Clone(t.Name), signed: t.Flag}
	longest := 0
	for i, one := range all {
		one.Name = quoted(one.Name)
		if i > 0 && one.Value == all[i-1].Value {
			e.more = append(e.more, one)
			continue
		}
		e.values, e.names = append(e.values, one.Value), append(e.names, one.Name)
		longest = max(longest, len(one.Name))
	}
	l := leaf(e, t.Size())
	l.parts += uint64(longest / textOfPart)
	return l, nil
}
