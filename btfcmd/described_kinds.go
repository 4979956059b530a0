package btfcmd

import (
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

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
	case btf.Func:
		d.ref("", t.Ref())
		d.text(`,"linkage":`, t.Linkage().String())
		if proto, err := d.spec.Type(t.Ref()); err == nil && proto.Kind == btf.FuncProto {
			d.prototype(proto)
		}
	case btf.Var:
		d.ref("", t.Ref())
		d.text(`,"linkage":`, t.Linkage().String())
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
		d.prototype(t)
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
		if d.full(t.ID) {
			break
		}
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

func (d *describer) prototype(t btf.Type) {
	d.ref("ret_", t.Ref())
	d.parts(t, "params", d.param)
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
		d.text(`,"linkage":`, of.Linkage().String())
		id = of.Ref()
	}
	d.ref("", id)
	d.number(`,"offset":`, int64(v.Offset))
	d.number(`,"size":`, int64(v.Size))
}
