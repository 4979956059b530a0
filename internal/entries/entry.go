package entries

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/btfval"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

// An Entry is an element of a map, as "map dump" and "map lookup" show it.
//
// In JSON it has "key" and "value" in bytes, and "formatted" with both by their
// types if these are known. In per-CPU maps "values" stands for "value": objects
// with "cpu" and "value". In maps of maps "inner_map_id" follows.
type Entry struct {
	Of    *Table
	Key   []byte // nil if the map has none
	Value []byte // as the kernel returns it: in per-CPU maps one for each CPU
	Err   error  // why the value cannot be read; then there is none
}

// AppendJSON implements [render.Appender].
func (e *Entry) AppendJSON(b []byte) []byte {
	t := e.Of
	b = append(b, `{"key":`...)
	b = render.AppendHexList(b, e.Key)
	switch {
	case e.Err != nil:
		b = append(b, `,"value":{"error":`...)
		b = render.AppendString(b, names.Reason(e.Err))
		return append(b, `}}`...)
	case t.CPUs > 0:
		b = append(b, `,"values":`...)
		b = e.appendCPUs(b, render.AppendHexList)
	default:
		b = append(b, `,"value":`...)
		b = render.AppendHexList(b, e.Value)
	}
	if t.Maps {
		b = append(b, `,"inner_map_id":`...)
		b = strconv.AppendUint(b, uint64(e.InnerID()), 10)
	}
	if t.Value != nil {
		b = append(b, `,"formatted":`...)
		b = e.appendTyped(b, (*btfval.Type).AppendJSON)
	}
	return append(b, '}')
}

// appendCPUs appends the values of all CPUs, as one spells them.
func (e *Entry) appendCPUs(b []byte, one func(b, value []byte) []byte) []byte {
	t := e.Of
	b = append(b, '[')
	for cpu := range t.CPUs {
		if cpu > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"cpu":`...)
		b = strconv.AppendUint(b, uint64(cpu), 10)
		b = append(b, `,"value":`...)
		b = one(b, e.CPUValue(cpu))
		b = append(b, '}')
	}
	return append(b, ']')
}

// CPUValue returns the value of a CPU.
func (e *Entry) CPUValue(cpu int) []byte {
	return e.Value[cpu*e.Of.Stride():][:e.Of.Info.ValueSize]
}

// InnerID returns the ID of the map that the entry has.
func (e *Entry) InnerID() uint32 { return binary.NativeEndian.Uint32(e.Value) }

// writeHex writes what is in b already, and data as [render.AppendHex] has it, a piece at a
// time.
func writeHex(w *bufio.Writer, b, data []byte) {
	for len(data) > pieceLen {
		w.Write(append(render.AppendHex(b, data[:pieceLen]), '\n'))
		b, data = w.AvailableBuffer(), data[pieceLen:]
	}
	w.Write(render.AppendHex(b, data))
}

// pieceLen is how many bytes are printed at a time: whole lines.
const pieceLen = 256 * render.HexLine

// Plain implements [render.Fact].
func (e *Entry) Plain(w *bufio.Writer) {
	if e.Of.CPUs > 0 && e.Err == nil {
		e.plainCPUs(w)
	} else {
		e.plainOne(w)
	}
	w.WriteByte('\n')
}

// oneLine is how many bytes of key and value together may stand on one line.
const oneLine = 24

// plainOne writes key and value: on one line if they are short, on one each, or
// below their names if one is longer than a line.
func (e *Entry) plainOne(w *bufio.Writer) {
	label, n, reason := "value:", len(e.Value), e.reason()
	switch {
	case e.Err != nil:
		n = len(reason)
	case e.Of.Maps:
		label = "inner_map_id:"
	}
	below := len(e.Key) > render.HexLine || n > render.HexLine
	after := byte(' ')
	if below {
		after = '\n'
	}
	b := w.AvailableBuffer()
	if len(e.Key) > 0 {
		b = append(append(b, "key:"...), after)
		b = render.AppendHex(b, e.Key)
		if !below && len(e.Key)+n <= oneLine {
			b = append(b, "  "...)
		} else if n > 0 {
			b = append(b, '\n')
		}
	}
	if n > 0 {
		b = append(append(b, label...), after)
	}
	switch {
	case e.Err != nil:
		w.Write(append(b, reason...))
	case e.Of.Maps:
		w.Write(append(strconv.AppendUint(b, uint64(e.InnerID()), 10), ' '))
	default:
		writeHex(w, b, e.Value)
	}
}

// reason says why there is no value.
func (e *Entry) reason() string {
	switch {
	case e.Err == nil:
		return ""
	case errors.Is(e.Err, unix.ENOENT):
		return "<no entry>"
	case errors.Is(e.Err, unix.ENOSPC) && e.Of.Type() == "reuseport_sockarray":
		return "<cannot read>"
	}
	return names.Reason(e.Err)
}

// plainCPUs writes the key and the values of all CPUs.
func (e *Entry) plainCPUs(w *bufio.Writer) {
	b := append(w.AvailableBuffer(), "key:\n"...)
	b = render.AppendHex(b, e.Key)
	for cpu := range e.Of.CPUs {
		b = fmt.Appendf(b, "\nvalue (CPU %02d):", cpu)
		if e.Of.Info.ValueSize > render.HexLine {
			b = append(b, '\n')
		} else {
			b = append(b, ' ')
		}
		writeHex(w, b, e.CPUValue(cpu))
		b = w.AvailableBuffer()
	}
}
