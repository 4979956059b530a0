package entries

import (
	"fmt"

	"github.com/gobpftool/gobpftool/internal/btfval"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A long entry is an [Entry] whose JSON is printed in pieces: it is many times as
// long as the value.
type long struct{ *Entry }

// longValue is the size from which on values are long, in bytes.
const longValue = 1 << 16

// Fact returns what is printed of the entry.
func (e *Entry) Fact() render.Fact {
	if len(e.Value) >= longValue {
		return long{e}
	}
	return e
}

// StreamJSON implements [render.Streamer].
func (e long) StreamJSON(emit func([]byte)) {
	t := e.Of
	emit(append(render.AppendHexList([]byte(`{"key":`), e.Key), ','))
	if t.CPUs == 0 {
		emit([]byte(`"value":`))
		streamBytes(e.Value, emit)
	} else {
		emit([]byte(`"values":[`))
		for cpu := range t.CPUs {
			emit(fmt.Appendf(nil, `{"cpu":%d,"value":`, cpu))
			streamBytes(e.CPUValue(cpu), emit)
			emit([]byte(`}`))
		}
		emit([]byte(`]`))
	}
	if t.Value != nil {
		emit([]byte(`,"formatted":`))
		emit(e.appendTyped(nil, (*btfval.Type).AppendJSON))
	}
	emit([]byte(`}`))
}

// streamBytes emits bytes as render.AppendHexList has them.
func streamBytes(data []byte, emit func([]byte)) {
	b := []byte{'['}
	for len(data) > 0 {
		n := min(len(data), pieceLen)
		b = render.AppendHexElements(b, data[:n])
		emit(b)
		b, data = append(b[:0], ','), data[n:]
	}
	emit([]byte{']'})
}
