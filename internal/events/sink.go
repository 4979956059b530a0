package events

import (
	"bufio"
	"iter"

	"github.com/gobpftool/gobpftool/internal/btfval"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A record is something that came out of a ring.
type record interface {
	render.Appender
	payload() *payload // nil if it has none
}

// A payload is what a program wrote.
type payload struct {
	data  []byte
	extra int          // how many bytes may fill it up, which say nothing
	typ   *btfval.Type // by which it is shown, or nil. There are enough bytes.
}

// appendJSON appends the keys of the payload.
func (d *payload) appendJSON(b []byte) []byte {
	b = render.AppendNumbers(append(b, `"data":`...), d.data)
	if d.typ != nil {
		b = append(b, `,"formatted":`...)
		b = d.typ.AppendJSON(b, d.data)
	}
	return b
}

// plain writes the bytes, unless they are shown by their type.
func (d *payload) plain(w *bufio.Writer) {
	if d.typ == nil {
		w.Write(append(render.AppendHex(w.AvailableBuffer(), d.data), '\n'))
	}
}

// AppendJSON implements [render.Appender]: the payload by its type, in plain text.
func (d *payload) AppendJSON(b []byte) []byte { return d.typ.AppendPlain(b, d.data) }

// Plain implements [render.Fact].
func (d *payload) Plain(w *bufio.Writer) { w.Write(d.AppendJSON(w.AvailableBuffer())) }

// beyond returns the bytes behind those of the type, if they can mean anything.
func (d *payload) beyond() []byte {
	rest := d.data[d.typ.Size():]
	if len(rest) <= d.extra {
		return nil
	}
	return rest
}

// A sink prints records.
type sink struct {
	out  *render.Printer
	talk *render.Talk

	name   string       // of the type
	typ    *btfval.Type // by which they are shown, or nil
	warned bool         // that there are records which are too short for it
}

// printAll prints records and sends them off. It returns how many there were.
func (s *sink) printAll(records iter.Seq2[record, error]) (n int, err error) {
	for r, err := range records {
		if err != nil {
			return n, s.out.Fail(err)
		}
		n++
		if err := s.print(r); err != nil {
			return n, err
		}
	}
	return n, s.out.Flush()
}

// print prints a record.
func (s *sink) print(r record) error {
	d := r.payload()
	if d != nil {
		d.typ = s.fitting(d.data)
	}
	if err := s.out.One(r); err != nil || d == nil || d.typ == nil || s.out.IsJSON() {
		return err
	}
	if err := s.out.Lookalike(func(p *render.Printer) error { return p.One(d) }); err != nil {
		return err
	}
	if rest := d.beyond(); rest != nil {
		s.out.Note("rest:\n%s\n", render.AppendHex(nil, rest))
	}
	return nil
}

// fitting returns the type by which bytes can be shown, or nil.
func (s *sink) fitting(data []byte) *btfval.Type {
	if s.typ == nil || len(data) >= s.typ.Size() {
		return s.typ
	}
	if !s.warned {
		s.warned = true
		s.talk.Warn("records with less than the %d bytes of type '%s' are shown as bytes", s.typ.Size(), s.name)
	}
	return nil
}
