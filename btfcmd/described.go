package btfcmd

import (
	"bufio"
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/decl"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A Description is a type as "btf dump" shows it in format json: what programs
// need to know about it, with the names of all that it refers to. It is one
// object of JSON.
//
// A kernel has more than a hundred thousand of them, so they are written
// without reflection.
type Description []byte

// Plain implements [render.Fact].
func (d Description) Plain(w *bufio.Writer) { w.Write(append(d, '\n')) }

// AppendJSON implements [render.Appender].
func (d Description) AppendJSON(b []byte) []byte { return append(b, d...) }

// descriptions yields the types with the given IDs, or all of spec's own if
// there are none. Each is valid until the next.
func descriptions(spec *btf.Spec, roots []btf.ID) iter.Seq2[Description, error] {
	return func(yield func(Description, error) bool) {
		d := describer{spec: spec, tags: declTags(spec), spelled: make(map[btf.ID]string)}
		for r, err := range records(spec, roots) {
			if err == nil {
				d.wrote += uint64(len(d.b))
				d.b = d.b[:0]
				d.describe(r.Type)
				err = d.err
			}
			if !yield(d.b, err) || err != nil {
				return
			}
		}
	}
}

// A describer writes types, one after the other, to the same bytes.
type describer struct {
	spec    *btf.Spec
	tags    []btf.Type // as of declTags
	own     []btf.Type // those of the type being written that are still to come
	spelled map[btf.ID]string
	b       []byte
	wrote   uint64 // bytes, of the types before
	err     error  // the first
}

// declTags returns the tags of all types, by the type and the part of it that
// they are for.
func declTags(spec *btf.Spec) []btf.Type {
	var tags []btf.Type
	for id := btf.ID(1); id < spec.Len(); id++ {
		if spec.Kind(id) != btf.DeclTag {
			continue
		}
		if t, err := spec.Type(id); err == nil {
			tags = append(tags, t)
		}
	}
	slices.SortStableFunc(tags, func(a, b btf.Type) int {
		return cmp.Or(cmp.Compare(a.Ref(), b.Ref()), cmp.Compare(a.Component(), b.Component()))
	})
	return tags
}

// tagsOf returns those of the tags that are for a type or its parts.
func tagsOf(tags []btf.Type, id btf.ID) []btf.Type {
	byRef := func(t btf.Type, id btf.ID) int { return cmp.Compare(t.Ref(), id) }
	start, _ := slices.BinarySearchFunc(tags, id, byRef)
	end, _ := slices.BinarySearchFunc(tags, id+1, byRef)
	return tags[start:end]
}

func (d *describer) number(key string, n int64) {
	d.b = strconv.AppendInt(append(d.b, key...), n, 10)
}

func (d *describer) text(key, s string) {
	d.b = render.AppendString(append(d.b, key...), s)
}

func (d *describer) flag(key string, v bool) {
	d.b = strconv.AppendBool(append(d.b, key...), v)
}

// ref writes a type that is referred to, by its number and as C spells it. The
// keys get a prefix.
func (d *describer) ref(prefix string, id btf.ID) {
	d.number(`,"`+prefix+`type_id":`, int64(id))
	d.text(`,"`+prefix+`type":`, d.spell(id))
}

// How many types are kept as C spells them, and how long these are in bytes: many
// others refer to the same, such as int.
const (
	maxSpelled = 1 << 12
	maxKept    = 1 << 8
)

// spell returns a type as C spells it; a function or variable is declared.
func (d *describer) spell(id btf.ID) string {
	if s, ok := d.spelled[id]; ok {
		return s
	}
	t, err := d.spec.Type(id)
	if err != nil {
		d.fail(err)
		return ""
	}
	var s string
	switch t.Kind {
	case btf.Func, btf.Var:
		s = decl.Declare(d.spec, t.Ref(), t.Name)
	case btf.Datasec:
		s = t.Name
	default:
		s = decl.Spell(d.spec, id)
	}
	if s == decl.Invalid {
		d.fail(fmt.Errorf("type %d has no name that ends", id))
	}
	if len(d.spelled) == maxSpelled {
		clear(d.spelled)
	}
	if len(s) <= maxKept {
		d.spelled[id] = s
	}
	return s
}

// fail keeps the first error.
func (d *describer) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// Types come from anywhere, and a few of them can take any number of bytes.
const (
	maxDescription  = 1 << 24 // bytes, of a type; the longest of a kernel has some 100,000
	maxDescriptions = 1 << 30 // bytes; those of a kernel have 40 millions
)

// full fails if more has been written about a type than anybody reads, and
// reports whether it did.
func (d *describer) full(id btf.ID) bool {
	if len(d.b) > maxDescription || d.wrote > maxDescriptions {
		d.fail(fmt.Errorf("type %d: the descriptions are too long", id))
	}
	return d.err != nil
}

// declTags writes the tags of a part of the type, or for -1 those of the type
// itself. It is called for them in order.
func (d *describer) declTags(part int32) {
	start := len(d.b)
	for len(d.own) > 0 && d.own[0].Component() <= part && !d.full(d.own[0].ID) {
		if d.own[0].Component() == part {
			d.text(",", d.own[0].Name)
		}
		d.own = d.own[1:]
	}
	if len(d.b) > start {
		d.b = append(slices.Replace(d.b, start, start+1, []byte(`,"decl_tags":[`)...), ']')
	}
}
