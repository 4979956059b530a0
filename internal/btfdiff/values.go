package btfdiff

import (
	"encoding/json"
	"strconv"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// A constant is a name for a value of an enumeration.
type constant struct {
	btf.Enumerator
	kind   btf.Kind
	signed bool
}

// appendConstants appends the names of an enumeration to a list.
func appendConstants(list []constant, t btf.Type) []constant {
	for i := range t.Len() {
		list = append(list, constant{t.Enumerator(i), t.Kind, t.Flag})
	}
	return list
}

// number returns the value as the enumeration reads it.
func (c constant) number() json.Number {
	switch {
	case c.signed:
		return json.Number(strconv.FormatInt(c.Value, 10))
	case c.kind == btf.Enum:
		return json.Number(strconv.FormatUint(uint64(uint32(c.Value)), 10))
	}
	return json.Number(strconv.FormatUint(uint64(c.Value), 10))
}

// same reports whether two values are the same. Those of 32 bits are compared as
// such: before Linux 6.1 nobody knew whether they had a sign.
func (c constant) same(other constant) bool {
	if c.kind == btf.Enum && other.kind == btf.Enum {
		return c.Value == other.Value
	}
	return c.number() == other.number()
}

// constants returns what changed between the enumerations that have no name and
// no place, or nil. They are taken together: what compilers group means nothing.
func (d *Diff) constants() *Finding {
	f := &Finding{Change: Changed, Kind: "enum", Name: anonymous}
	var old, new []constant
	for _, id := range d.old.loose {
		old = appendConstants(old, d.old.get(id))
	}
	for _, id := range d.new.loose {
		new = appendConstants(new, d.new.get(id))
	}
	d.compareValues(f, old, new)
	if f.isEmpty() {
		return nil
	}
	return f
}

// values adds what changed between the values of two enumerations.
func (d *Diff) values(f *Finding, a, b btf.Type) {
	if d.step(a.ID, b.ID) {
		d.compareValues(f, appendConstants(nil, a), appendConstants(nil, b))
	}
}

func (d *Diff) compareValues(f *Finding, old, new []constant) {
	same := func(i, j int) bool { return old[i].same(new[j]) }
	name := func(c constant) string { return c.Name }
	for _, m := range d.parts(named(old, name), named(new, name), same) {
		switch {
		case m.new == none:
			c := old[m.old]
			f.Values = append(f.Values, Value{Removed, c.Name, *one(onOld, c.number())})
		case m.old == none:
			c := new[m.new]
			f.Values = append(f.Values, Value{Added, c.Name, *one(onNew, c.number())})
		case !old[m.old].same(new[m.new]):
			f.Values = append(f.Values, Value{Changed, new[m.new].Name, *both(old[m.old].number(), new[m.new].number())})
		}
	}
}
