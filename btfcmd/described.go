package btfcmd

import (
	"bufio"
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

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
	err     error // the first
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

// maxSpelled is how many types are kept as C spells them: those that many others
// refer to, such as int.
const maxSpelled = 1 << 12

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
	if s == btf.Invalid {
		d.fail(fmt.Errorf("type %d has no name that ends", id))
	}
	if len(d.spelled) == maxSpelled {
		clear(d.spelled)
	}
	d.spelled[id] = s
	return s
}

// fail keeps the first error.
func (d *describer) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// describe writes t.
func (d *describer) describe(t btf.Type) {
	d.own = tagsOf(d.tags, t.ID)
	d.number(`{"id":`, int64(t.ID))
	d.text(`,"kind":`, strings.ToLower(kindNames[t.Kind]))
	if t.Name != "" {
		d.text(`,"name":`, t.Name)
	}
	if size, err := d.spec.SizeOf(t.ID); err == nil {
		d.number(`,"size":`, int64(size))
	}
	d.declTags(-1)
	d.particular(t)
	d.b = append(d.b, '}')
}

// particular writes the keys that are particular to the kind of t.
func (d *describer) particular(t btf.Type) {
	switch t.Kind {
	case btf.Int:
		e, offset, bits := t.Int()
		d.number(`,"bits":`, int64(bits))
		if offset != 0 {
			d.number(`,"bit_offset":`, int64(offset))
		}
		d.flag(`,"signed":`, e&btf.Signed != 0)
		d.flag(`,"char":`, e&btf.Char != 0)
		d.flag(`,"bool":`, e&btf.Bool != 0)
	case btf.Array:
		elem, index, n := t.Array()
		d.ref("", elem)
		d.ref("index_", index)
		d.number(`,"nr_elems":`, int64(n))
	case btf.Forward:
		d.text(`,"fwd_kind":`, forwarded(t))
	case btf.Func, btf.Var:
		d.ref("", t.Ref())
		d.text(`,"linkage":`, linkage(t.Linkage()))
	case btf.DeclTag:
		d.ref("", t.Ref())
		if c := t.Component(); c >= 0 {
			d.number(`,"component_idx":`, int64(c))
		}
	case btf.Enum, btf.Enum64:
		d.flag(`,"signed":`, t.Flag)
		d.parts(t, "values", d.enumerator)
	case btf.Struct, btf.Union:
		d.parts(t, "members", d.member)
	case btf.FuncProto:
		d.ref("ret_", t.Ref())
		d.parts(t, "params", d.param)
	case btf.Datasec:
		d.parts(t, "vars", d.variable)
	case btf.Void, btf.Float:
	default:
		d.ref("", t.Ref())
	}
}

// parts writes an array of all parts of t. Each starts with a comma, in place of
// which goes its brace.
func (d *describer) parts(t btf.Type, key string, part func(t btf.Type, i int)) {
	d.b = append(append(append(d.b, `,"`...), key...), `":[`...)
	for i := range t.Len() {
		if i > 0 {
			d.b = append(d.b, ',')
		}
		start := len(d.b)
		part(t, i)
		d.b[start] = '{'
		d.declTags(int32(i))
		d.b = append(d.b, '}')
	}
	d.b = append(d.b, ']')
}

func (d *describer) enumerator(t btf.Type, i int) {
	e := t.Enumerator(i)
	d.text(`,"name":`, e.Name)
	d.b = Record{Type: t}.appendValue(append(d.b, `,"val":`...), e.Value)
}

func (d *describer) member(t btf.Type, i int) {
	m := t.Member(i)
	size, err := d.spec.SizeOf(m.Type)
	d.text(`,"name":`, m.Name)
	d.ref("", m.Type)
	d.number(`,"offset":`, int64(memberOffset(m, size)))
	d.number(`,"bit_offset":`, int64(m.Offset))
	if m.Bits != 0 {
		d.number(`,"bits":`, int64(m.Bits))
	}
	if err == nil {
		d.number(`,"size":`, int64(size))
	}
}

// param writes a parameter, or that there may be further ones.
func (d *describer) param(t btf.Type, i int) {
	p := t.Param(i)
	if p.Type == 0 && i == t.Len()-1 {
		d.flag(`,"variadic":`, true)
		return
	}
	d.text(`,"name":`, p.Name)
	d.ref("", p.Type)
}

func (d *describer) variable(t btf.Type, i int) {
	v := t.Variable(i)
	id := v.Type
	d.number(`,"var_id":`, int64(id))
	if of, err := d.spec.Type(id); err == nil && of.Kind == btf.Var {
		d.text(`,"name":`, of.Name)
		d.text(`,"linkage":`, linkage(of.Linkage()))
		id = of.Ref()
	}
	d.ref("", id)
	d.number(`,"offset":`, int64(v.Offset))
	d.number(`,"size":`, int64(v.Size))
}

// declTags writes the tags of a part of the type, or for -1 those of the type
// itself. It is called for them in order.
func (d *describer) declTags(part int32) {
	start := len(d.b)
	for len(d.own) > 0 && d.own[0].Component() <= part {
		if d.own[0].Component() == part {
			d.text(",", d.own[0].Name)
		}
		d.own = d.own[1:]
	}
	if len(d.b) > start {
		d.b = append(slices.Replace(d.b, start, start+1, []byte(`,"decl_tags":[`)...), ']')
	}
}
