package events

import (
	"bufio"
	"fmt"
	"strconv"

	"github.com/gobpftool/gobpftool/internal/bpf"
)

// An Event is what "map event_pipe" shows of a record that came through a
// perf_event_array.
//
// In JSON a sample has "timestamp" and "data", and "formatted" if a type was given;
// a note about lost samples has "lost" with "id" and "count".
type Event struct {
	CPU, Index int // of the ring
	Record     bpf.PerfRecord
	sample     *payload // nil if it is none
}

// padding is how many bytes the kernel may add to a sample.
const padding = 7

// describeEvent turns a record of a ring into a report.
func describeEvent(cpu, index int, r bpf.PerfRecord) *Event {
	e := &Event{CPU: cpu, Index: index, Record: r}
	if r.Type == bpf.PerfSample {
		e.sample = &payload{data: r.Data, extra: padding}
	}
	return e
}

func (e *Event) payload() *payload { return e.sample }

// AppendJSON implements [render.Appender].
func (e *Event) AppendJSON(b []byte) []byte {
	r := &e.Record
	b = fmt.Appendf(b, `{"type":%d,"cpu":%d,"index":%d`, r.Type, e.CPU, e.Index)
	switch r.Type {
	case bpf.PerfSample:
		b = append(b, `,"timestamp":`...)
		b = strconv.AppendUint(b, r.Time, 10)
		b = append(b, ',')
		b = e.sample.appendJSON(b)
	case bpf.PerfLost:
		b = fmt.Appendf(b, `,"lost":{"id":%d,"count":%d}`, r.LostID, r.Lost)
	}
	return append(b, '}')
}

// Plain implements [render.Fact].
func (e *Event) Plain(w *bufio.Writer) {
	switch r := &e.Record; r.Type {
	case bpf.PerfSample:
		const second = 1e9
		fmt.Fprintf(w, "== @%d.%09d CPU: %d index: %d =====\n", r.Time/second, r.Time%second, e.CPU, e.Index)
		e.sample.plain(w)
	case bpf.PerfLost:
		fmt.Fprintf(w, "lost %d events\n", r.Lost)
	default:
		fmt.Fprintf(w, "unknown event type=%d size=%d\n", r.Type, r.Size)
	}
}
