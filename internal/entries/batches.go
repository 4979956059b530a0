package entries

import (
	"errors"

	"github.com/gobpftool/gobpftool/internal/bpf"
)

// How much is read at once: enough that system calls do not count, little enough
// that the processor's cache holds it.
const (
	batchBytes = 1 << 18
	maxBatch   = 1 << 16 // entries
)

// A batch is elements that were read at once.
type batch struct {
	keys, values []byte
	n            int
	done         bool // there are no more
	err          error
}

// inBatches yields the elements, many read at a time. It reports whether the kernel
// can do that. If it cannot go on, the rest is read one by one.
func (t *Table) inBatches(yield func(*Entry, error) bool) bool {
	if t.Info.KeySize == 0 {
		return false
	}
	r := &reader{Table: t, source: bpf.NewBatch(t.FD, int(t.Info.KeySize))}
	b := r.read(r.newBatch(r.BatchLen()))
	if b.err != nil {
		return false
	}
	next, stop := r.follow(b)
	defer stop()
	var last []byte
	for e := (&Entry{Of: t}); b != nil; b = next() {
		if b.err != nil {
			t.oneByOne(last, yield)
			break
		}
		if !t.yieldBatch(e, b, yield) {
			break
		}
		last = append(last[:0], e.Key...)
	}
	return true
}

// yieldBatch yields the elements of a batch. It reports whether more are wanted.
func (t *Table) yieldBatch(e *Entry, b *batch, yield func(*Entry, error) bool) bool {
	k, v := int(t.Info.KeySize), t.ValueLen()
	for i := range b.n {
		e.Key, e.Value = b.keys[i*k:][:k], b.values[i*v:][:v]
		if !yield(e, nil) {
			return false
		}
	}
	return true
}

// A reader reads one batch after the other.
type reader struct {
	*Table
	source *bpf.Batch
}

// BatchLen returns how many entries are read or written at once.
func (t *Table) BatchLen() int {
	n := batchBytes / max(1, int(t.Info.KeySize)+t.ValueLen())
	return max(1, min(n, maxBatch, int(t.Info.MaxEntries)))
}

func (r *reader) newBatch(room int) *batch {
	return &batch{keys: make([]byte, room*int(r.Info.KeySize)), values: make([]byte, room*r.ValueLen())}
}

// read reads the next elements into b, or if more have to be read at once, into
// another one.
func (r *reader) read(b *batch) *batch {
	for {
		room := len(b.keys) / int(r.Info.KeySize)
		r.source.Keys, r.source.Values, r.source.Room = b.keys, b.values, room
		b.n, b.done, b.err = r.source.Next()
		// Most types do not say so when they have read everything.
		b.done = b.done || b.n >= int(r.Info.MaxEntries)
		if !errors.Is(b.err, bpf.ErrBatchSmall) || room >= int(r.Info.MaxEntries) {
			return b
		}
		b = r.newBatch(2 * room)
	}
}

// follow returns what reads the batches after b: next returns the next one, or nil
// after the last, and uses b again. Batches of usual size are read ahead, while the
// one before them is in use. stop ends that.
func (r *reader) follow(b *batch) (next func() *batch, stop func()) {
	switch {
	case b.done:
		return func() *batch { return nil }, func() {}
	case r.ValueLen() > batchBytes:
		return func() *batch {
			if b.done || b.err != nil {
				return nil
			}
			b = r.read(b)
			return b
		}, func() {}
	}
	return r.readAhead(b)
}

// readAhead is follow with a goroutine that is always one batch ahead. It has ended
// when stop returns.
func (r *reader) readAhead(b *batch) (next func() *batch, stop func()) {
	full, empty := make(chan *batch), make(chan *batch, 2)
	empty <- r.newBatch(r.BatchLen())
	go func() {
		defer close(full)
		for b := range empty {
			b = r.read(b)
			full <- b
			if b.done || b.err != nil {
				return
			}
		}
	}()
	next = func() *batch {
		empty <- b
		b = <-full
		return b
	}
	stop = func() {
		close(empty)
		for range full { // what was being read
		}
	}
	return next, stop
}
