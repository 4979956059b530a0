package btfcmd

import (
	"bufio"
	"iter"
	"strconv"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/render"
)

// Record is a type as "btf dump" shows it in format raw: what the file has, and
// nothing that follows from it.
//
// A kernel has more than a hundred thousand of them, so they are written
// without reflection.
type Record struct {
	btf.Type
	spec *btf.Spec
}

// records yields the types with the given IDs, or all of spec's own if there are
// none.
func records(spec *btf.Spec, roots []btf.ID) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		get := func(id btf.ID) bool {
			t, err := spec.Type(id)
			return yield(Record{t, spec}, err) && err == nil
		}
		for _, id := range roots {
			if !get(id) {
				return
			}
		}
		if roots != nil {
			return
		}
		for id := spec.First(); id < spec.Len(); id++ {
			if !get(id) {
				return
			}
		}
	}
}

// kindNames are the words for the kinds, in order of their numbers.
var kindNames = [...]string{
	"UNKNOWN", "INT", "PTR", "ARRAY", "STRUCT", "UNION", "ENUM", "FWD",
	"TYPEDEF", "VOLATILE", "CONST", "RESTRICT", "FUNC", "FUNC_PROTO", "VAR",
	"DATASEC", "FLOAT", "DECL_TAG", "TYPE_TAG", "ENUM64",
}

// name returns the name of a type or of a part of one.
func name(s string) string {
	if s == "" {
		return "(anon)"
	}
	return s
}

// encoding returns the word for how an Int is read.
func encoding(e btf.Encoding) string {
	switch e {
	case 0:
		return "(none)"
	case btf.Signed:
		return "SIGNED"
	case btf.Char:
		return "CHAR"
	case btf.Bool:
		return "BOOL"
	}
	return "UNKN"
}

// signedness returns how the values of an enumeration are read.
func signedness(t btf.Type) string {
	if t.Flag {
		return "SIGNED"
	}
	return "UNSIGNED"
}

func forwarded(t btf.Type) string {
	if t.Flag {
		return "union"
	}
	return "struct"
}

// num appends a label and a number.
func num[T ~uint32 | ~int32 | ~int](b []byte, label string, n T) []byte {
	return strconv.AppendInt(append(b, label...), int64(n), 10)
}

// Plain implements [render.Fact].
func (r Record) Plain(w *bufio.Writer) {
	b := num(w.AvailableBuffer(), "[", r.ID)
	b = append(append(b, "] "...), kindNames[r.Kind]...)
	b = append(append(b, " '"...), name(r.Name)...)
	b = r.appendPlain(append(b, '\''))
	w.Write(append(b, '\n'))
}

// appendPlain appends what is particular to the kind of r.
func (r Record) appendPlain(b []byte) []byte {
	switch r.Kind {
	case btf.Int:
		e, offset, bits := r.Int()
		b = num(num(num(b, " size=", r.Size()), " bits_offset=", offset), " nr_bits=", bits)
		return append(append(b, " encoding="...), encoding(e)...)
	case btf.Pointer, btf.Const, btf.Volatile, btf.Restrict, btf.Typedef, btf.TypeTag:
		return num(b, " type_id=", r.Ref())
	case btf.Array:
		elem, index, n := r.Array()
		return num(num(num(b, " type_id=", elem), " index_type_id=", index), " nr_elems=", n)
	case btf.Forward:
		return append(append(b, " fwd_kind="...), forwarded(r.Type)...)
	case btf.Func:
		return append(append(num(b, " type_id=", r.Ref()), " linkage="...), r.Linkage().String()...)
	case btf.Var:
		return append(append(num(b, " type_id=", r.Ref()), ", linkage="...), r.Linkage().String()...)
	case btf.Float:
		return num(b, " size=", r.Size())
	case btf.DeclTag:
		return num(num(b, " type_id=", r.Ref()), " component_idx=", r.Component())
	case btf.Enum, btf.Enum64:
		b = append(append(b, " encoding="...), signedness(r.Type)...)
		b = num(num(b, " size=", r.Size()), " vlen=", r.Len())
	case btf.Struct, btf.Union, btf.Datasec:
		b = num(num(b, " size=", r.Size()), " vlen=", r.Len())
	case btf.FuncProto:
		b = num(num(b, " ret_type_id=", r.Ref()), " vlen=", r.Len())
	default:
		return b
	}
	for i := range r.Len() {
		b = r.appendPart(append(b, "\n\t"...), i)
	}
	return b
}

// appendPart appends the plain face of part i.
func (r Record) appendPart(b []byte, i int) []byte {
	quoted := func(s string) []byte { return append(append(append(b, '\''), name(s)...), '\'') }
	switch r.Kind {
	case btf.Struct, btf.Union:
		m := r.Member(i)
		b = num(num(quoted(m.Name), " type_id=", m.Type), " bits_offset=", m.Offset)
		if m.Bits != 0 {
			b = num(b, " bitfield_size=", m.Bits)
		}
		return b
	case btf.FuncProto:
		p := r.Param(i)
		return num(quoted(p.Name), " type_id=", p.Type)
	case btf.Datasec:
		v := r.Variable(i)
		b = num(num(num(b, "type_id=", v.Type), " offset=", v.Offset), " size=", v.Size)
		if t, err := r.spec.Type(v.Type); err == nil {
			b = append(append(b, " ("...), kindNames[t.Kind]...)
			b = append(append(append(b, " '"...), name(t.Name)...), "')"...)
		}
		return b
	}
	e := r.Enumerator(i)
	b = r.appendValue(append(quoted(e.Name), " val="...), e.Value)
	switch {
	case r.Kind == btf.Enum64 && r.Flag:
		b = append(b, "LL"...)
	case r.Kind == btf.Enum64:
		b = append(b, "ULL"...)
	}
	return b
}

// appendValue appends the value of an enumerator as the enumeration reads it.
func (r Record) appendValue(b []byte, v int64) []byte {
	switch {
	case r.Flag:
		return strconv.AppendInt(b, v, 10)
	case r.Kind == btf.Enum:
		return strconv.AppendUint(b, uint64(uint32(v)), 10)
	}
	return strconv.AppendUint(b, uint64(v), 10)
}

// AppendJSON implements [render.Appender].
func (r Record) AppendJSON(b []byte) []byte {
	b = num(b, `{"id":`, r.ID)
	b = append(append(append(b, `,"kind":"`...), kindNames[r.Kind]...), '"')
	b = render.AppendString(append(b, `,"name":`...), name(r.Name))
	return append(r.appendJSON(b), '}')
}

// appendJSON appends the keys that are particular to the kind of r.
func (r Record) appendJSON(b []byte) []byte {
	word := func(b []byte, key, w string) []byte { return append(append(append(b, key...), w...), '"') }
	switch r.Kind {
	case btf.Int:
		e, offset, bits := r.Int()
		b = num(num(num(b, `,"size":`, r.Size()), `,"bits_offset":`, offset), `,"nr_bits":`, bits)
		return word(b, `,"encoding":"`, encoding(e))
	case btf.Pointer, btf.Const, btf.Volatile, btf.Restrict, btf.Typedef, btf.TypeTag:
		return num(b, `,"type_id":`, r.Ref())
	case btf.Array:
		elem, index, n := r.Array()
		return num(num(num(b, `,"type_id":`, elem), `,"index_type_id":`, index), `,"nr_elems":`, n)
	case btf.Forward:
		return word(b, `,"fwd_kind":"`, forwarded(r.Type))
	case btf.Func, btf.Var:
		return word(num(b, `,"type_id":`, r.Ref()), `,"linkage":"`, r.Linkage().String())
	case btf.Float:
		return num(b, `,"size":`, r.Size())
	case btf.DeclTag:
		return num(num(b, `,"type_id":`, r.Ref()), `,"component_idx":`, r.Component())
	case btf.Enum, btf.Enum64:
		b = num(num(word(b, `,"encoding":"`, signedness(r.Type)), `,"size":`, r.Size()), `,"vlen":`, r.Len())
		b = append(b, `,"values":[`...)
	case btf.Struct, btf.Union:
		b = append(num(num(b, `,"size":`, r.Size()), `,"vlen":`, r.Len()), `,"members":[`...)
	case btf.Datasec:
		b = append(num(num(b, `,"size":`, r.Size()), `,"vlen":`, r.Len()), `,"vars":[`...)
	case btf.FuncProto:
		b = append(num(num(b, `,"ret_type_id":`, r.Ref()), `,"vlen":`, r.Len()), `,"params":[`...)
	default:
		return b
	}
	for i := range r.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(r.appendJSONPart(append(b, '{'), i), '}')
	}
	return append(b, ']')
}

// appendJSONPart appends the keys of part i.
func (r Record) appendJSONPart(b []byte, i int) []byte {
	named := func(s string) []byte { return render.AppendString(append(b, `"name":`...), name(s)) }
	switch r.Kind {
	case btf.Struct, btf.Union:
		m := r.Member(i)
		b = num(num(named(m.Name), `,"type_id":`, m.Type), `,"bits_offset":`, m.Offset)
		if m.Bits != 0 {
			b = num(b, `,"bitfield_size":`, m.Bits)
		}
		return b
	case btf.FuncProto:
		p := r.Param(i)
		return num(named(p.Name), `,"type_id":`, p.Type)
	case btf.Datasec:
		v := r.Variable(i)
		return num(num(num(b, `"type_id":`, v.Type), `,"offset":`, v.Offset), `,"size":`, v.Size)
	}
	e := r.Enumerator(i)
	return r.appendValue(append(named(e.Name), `,"val":`...), e.Value)
}
