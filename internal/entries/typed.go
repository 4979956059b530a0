package entries

import (
	"bufio"

	"github.com/gobpftool/gobpftool/internal/btfval"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A Typed entry is an [Entry] by its types, in a plain answer: it looks like JSON,
// but some of the values are spelt for people.
type Typed struct{ *Entry }

// AppendJSON implements [render.Appender].
func (e Typed) AppendJSON(b []byte) []byte { return e.appendTyped(b, (*btfval.Type).AppendPlain) }

// Plain implements [render.Fact].
func (e Typed) Plain(w *bufio.Writer) { w.Write(e.AppendJSON(w.AvailableBuffer())) }

// A face is one of the two of a value.
type face func(t *btfval.Type, b, data []byte) []byte

// appendTyped appends the entry by its types, which has one for its value.
func (e *Entry) appendTyped(b []byte, f face) []byte {
	t := e.Of
	b = append(b, '{')
	if t.Key != nil {
		b = append(b, `"key":`...)
		b = f(t.Key, b, e.Key)
		b = append(b, ',')
	}
	if e.Err != nil {
		b = append(b, `"value":`...)
		return append(render.AppendString(b, e.reason()), '}')
	}
	if t.CPUs == 0 {
		b = append(b, `"value":`...)
		return append(f(t.Value, b, e.Value), '}')
	}
	b = append(b, `"values":`...)
	b = e.appendCPUs(b, func(b, value []byte) []byte { return f(t.Value, b, value) })
	return append(b, '}')
}
