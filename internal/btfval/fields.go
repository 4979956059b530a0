package btfval

import (
	"fmt"
	"slices"
	"strings"
)

// A cursor is how far the fields of an object were read.
type cursor struct {
	next    int  // the field that follows the last one
	unnamed int  // fields without names that were read
	inner   int  // fields of those that were read by their own names
	mixed   bool // fields came in another order than that of the type
}

func (o *object) parse(p *parser, data []byte) error {
	if p.peek() == '"' && o.isAddress() {
		return o.parseAddress(p, data)
	}
	if err := p.open('{', o, o.takes()); err != nil {
		return err
	}
	if o.shared {
		p.sharing++
	}
	var c cursor
	start := len(p.given)
	for first := true; ; first = false {
		more, err := p.more(first, '}')
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if err := o.parseField(p, data, &c); err != nil {
			return err
		}
	}
	if o.shared {
		p.sharing--
	}
	return o.end(p, start, c)
}

// parseField reads a field, from its name on.
func (o *object) parseField(p *parser, data []byte, c *cursor) error {
	tok, err := p.key()
	if err != nil {
		return err
	}
	key := tok.key()
	i, ok := o.find(key, c)
	if !ok {
		return o.unknown(string(key))
	}
	f, inner := o.field(i)
	p.given = append(p.given, i)
	if inner {
		p.sharing++
		c.inner++
	}
	err = f.node.parse(p, data[f.at:])
	if inner {
		p.sharing--
	}
	if err != nil {
		return within(err, step(f.name()))
	}
	return nil
}

// unknown is the error of a name that no field has.
func (o *object) unknown(key string) error {
	if key == `""` {
		return &refusal{given: key, why: fmt.Sprintf("%s has %d fields without names", shown(o.called()), len(o.unnamed))}
	}
	return &refusal{path: step(key), why: shown(o.called()) + " has no such field" + o.near(key)}
}

// find returns the number of the field with a name that comes next.
func (o *object) find(key []byte, c *cursor) (i int32, ok bool) {
	switch {
	case string(key) == `""`:
		if c.unnamed == len(o.unnamed) {
			return 0, false
		}
		i = o.unnamed[c.unnamed]
		c.unnamed++
	case c.next < len(o.fields) && o.fields[c.next].is(key):
		i = int32(c.next)
	default:
		if i, ok = o.index().names[string(key)]; !ok {
			return 0, false
		}
	}
	if int(i) < c.next || int(i) >= len(o.fields) {
		c.mixed = true
	} else {
		c.next = int(i) + 1
	}
	return i, true
}

// end ends an object, of whose fields the numbers were noted since start.
func (o *object) end(p *parser, start int, c cursor) error {
	given := p.given[start:]
	if !p.checking && (o.shared && len(given) > 1 || c.inner > 0 && c.inner+c.unnamed > 1) {
		p.again = true
	}
	if c.mixed {
		slices.Sort(given)
		for i := 1; i < len(given); i++ {
			if given[i] == given[i-1] {
				f, _ := o.field(given[i])
				return &refusal{path: step(f.name()), why: "given twice"}
			}
		}
	}
	p.given = p.given[:start]
	return nil
}

// is reports whether a field has a name, which is in quotes.
func (f *field) is(key []byte) bool {
	return len(f.key) == len(key)+1 && f.key[:len(key)] == string(key)
}

// name returns the name in quotes.
func (f *field) name() string { return strings.TrimSuffix(f.key, ":") }

// step is that of a path to a field with a name in quotes, as C has it: past a
// field without a name there is none. Names of sections have their own period.
func step(name string) string {
	name = shown(unquoted(name))
	if name == "" || name[0] == '.' {
		return name
	}
	return "." + name
}

func (o *object) called() string { return strings.TrimSuffix(o.kind+" "+o.tag, " ") }

func (o *object) takes() string {
	if o.isAddress() {
		return "an object or an address in quotes"
	}
	return "an object"
}

// near returns a hint to the field that was meant.
func (o *object) near(key string) string {
	return hint(key, func(yield func(string) bool) {
		for i := range int32(len(o.fields) + len(o.index().inner)) {
			if f, _ := o.field(i); !yield(f.name()) {
				return
			}
		}
	})
}

// maxInner is how many fields of fields without names are known by their own
// ones. No struct that is written has as many.
const maxInner = 1 << 12

// An index finds fields by their names.
type index struct {
	names map[string]int32 // in quotes, to the number of the field
	inner []field          // those within fields without names; their numbers come last
}

// field returns the field of a number, and whether it is an inner one.
func (o *object) field(i int32) (f *field, inner bool) {
	if n := int32(len(o.fields)); i >= n {
		return &o.index().inner[i-n], true
	}
	return &o.fields[i], false
}

// index returns the index, and makes it before it is used for the first time:
// those who print need none, nor do those who have the order of the type.
func (o *object) index() *index {
	o.once.Do(func() {
		x := &index{names: make(map[string]int32, len(o.fields))}
		for i := range o.fields {
			x.add(o.fields[i].name(), i)
		}
		x.addInner(o, 0, len(o.fields), map[*object]bool{o: true})
		o.found = x
	})
	return o.found
}

// add notes the number of a field. Of several with one name the first one has
// it.
func (x *index) add(name string, i int) {
	if _, ok := x.names[name]; !ok {
		x.names[name] = int32(i)
	}
}

// addInner adds the fields of those fields of o that have no names. The object
// starts at some byte, and inner fields are counted from own on. What was seen
// has no names that are new.
func (x *index) addInner(o *object, at uint64, own int, seen map[*object]bool) {
	for _, i := range o.unnamed {
		f := &o.fields[i]
		sub, ok := f.node.(*object)
		if !ok || seen[sub] {
			continue
		}
		seen[sub] = true
		for j := range sub.fields {
			if len(x.inner) == maxInner {
				return
			}
			in := sub.fields[j]
			in.at += at + f.at
			x.add(in.name(), own+len(x.inner))
			x.inner = append(x.inner, in)
		}
		x.addInner(sub, at+f.at, own, seen)
	}
}
