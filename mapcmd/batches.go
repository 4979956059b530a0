package mapcmd

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

// inBatches yields the elements, many read at a time, while the next are being
// read. It reports whether the kernel can do that.
func (t *table) inBatches(yield func(*Entry, error) bool) bool {
	if t.info.KeySize == 0 {
		return false
	}
	r := bpf.NewBatch(t.fd, int(t.info.KeySize))
	b := t.readBatch(r, t.newBatch())
	if b.err != nil {
		return false
	}
	next := func() *batch { return nil }
	if !b.done {
		var stop func()
		next, stop = t.readAhead(r)
		defer stop()
	}
	for e := (&Entry{of: t}); b != nil; b = next() {
		if b.err != nil {
			yield(nil, lacks(t.typ(), "dump", b.err))
			break
		}
		if !t.yieldBatch(e, b, yield) {
			break
		}
	}
	return true
}

// readAhead reads one batch after the other, each while the one before it is in
// use. next returns the next, or nil after the last one; it is good until next is
// called again.
func (t *table) readAhead(r *bpf.Batch) (next func() *batch, stop func()) {
	full, empty, stopped := make(chan *batch), make(chan *batch, 2), make(chan struct{})
	empty <- t.newBatch()
	empty <- t.newBatch()
	go func() {
		defer close(full)
		for {
			var b *batch
			select {
			case b = <-empty:
			case <-stopped:
				return
			}
			b = t.readBatch(r, b)
			select {
			case full <- b:
			case <-stopped:
				return
			}
			if b.done || b.err != nil {
				return
			}
		}
	}()
	var last *batch
	next = func() *batch {
		if last != nil {
			empty <- last
		}
		last = <-full
		return last
	}
	return next, func() { close(stopped) }
}

// batchRoom returns how many elements are read at once.
func (t *table) batchRoom() int {
	n := batchBytes / (int(t.info.KeySize) + t.valueLen())
	return max(1, min(n, maxBatch, int(t.info.MaxEntries)))
}

func (t *table) newBatch() *batch { return t.newBatchOf(t.batchRoom()) }

func (t *table) newBatchOf(room int) *batch {
	return &batch{keys: make([]byte, room*int(t.info.KeySize)), values: make([]byte, room*t.valueLen())}
}

// readBatch reads the next elements into b, or if more have to be read at once,
// into another one.
func (t *table) readBatch(r *bpf.Batch, b *batch) *batch {
	for {
		r.Keys, r.Values, r.Room = b.keys, b.values, len(b.keys)/int(t.info.KeySize)
		b.n, b.done, b.err = r.Next()
		if !errors.Is(b.err, bpf.ErrBatchSmall) || r.Room >= int(t.info.MaxEntries) {
			return b
		}
		b = t.newBatchOf(2 * r.Room)
	}
}

// yieldBatch yields the elements of a batch. It reports whether more are wanted.
func (t *table) yieldBatch(e *Entry, b *batch, yield func(*Entry, error) bool) bool {
	k, v := int(t.info.KeySize), t.valueLen()
	for i := range b.n {
		e.Key, e.Value = b.keys[i*k:][:k], b.values[i*v:][:v]
		if !yield(e, nil) {
			return false
		}
	}
	return true
}
