package events

import (
	"bufio"
	"fmt"
	"iter"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A Record is what "map event_pipe" shows of a record of a ring buffer.
//
// In JSON it has "data", and "formatted" if a type was given.
type Record struct {
	Number  uint64 // counted from 1
	content payload
}

// describeRecord turns the bytes of a record into a report.
func describeRecord(number uint64, data []byte) *Record {
	return &Record{Number: number, content: payload{data: data}}
}

func (r *Record) payload() *payload { return &r.content }

// AppendJSON implements [render.Appender].
func (r *Record) AppendJSON(b []byte) []byte {
	return append(r.content.appendJSON(append(b, '{')), '}')
}

// Plain implements [render.Fact].
func (r *Record) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "== record: %d bytes: %d =====\n", r.Number, len(r.content.data))
	r.content.plain(w)
}

// A ringBuffer is a ring buffer that is read.
type ringBuffer struct {
	fd     bpf.FD
	reader *bpf.RingReader
	read   uint64 // records so far
}

// overwrites is BPF_F_RB_OVERWRITE, of Linux 6.19: records that are being read may
// change.
const overwrites = 1 << 19

// openRing opens a ring buffer for reading, which takes out what is read.
func (t *eventMap) openRing(w pipeWords, _ *render.Talk) (source, error) {
	if w.cpu != nil {
		return nil, args.Errorf("all CPUs share a ring buffer: it has no cpu and index")
	}
	if t.info.Flags&overwrites != 0 {
		return nil, fmt.Errorf("the ring buffer overwrites what has not been read, and cannot be read as it comes")
	}
	if !w.steal {
		if err := refuseRing(t.rivals()); err != nil {
			return nil, err
		}
	}
	reader, err := bpf.OpenRingReader(t.fd, t.info.MaxEntries)
	if err != nil {
		return nil, err
	}
	return &ringBuffer{fd: t.fd, reader: reader}, nil
}

func (r *ringBuffer) close() { r.reader.Close() }

func (r *ringBuffer) rings() []bpf.FD { return []bpf.FD{r.fd} }

func (r *ringBuffer) records() iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		for data, err := range r.reader.Records() {
			r.read++
			if !yield(describeRecord(r.read, data), err) {
				return
			}
		}
	}
}

// rest yields nothing: only programs know what did not find room.
func (r *ringBuffer) rest() iter.Seq2[record, error] { return func(func(record, error) bool) {} }
