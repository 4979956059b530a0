package support

//lint:file-ignore U1000 skeletons use it

// Uses: mapuse bytes records

import (
	"fmt"
	"iter"
	"sync"

	"github.com/cilium/ebpf/ringbuf"
)

// A SkelRingbuf is a ring buffer.
type SkelRingbuf struct {
	SkelAnyMap
}

// SkelRead reads records of type T from a ring buffer. The reader is to be closed.
func SkelRead[T any](from *SkelRingbuf) (*SkelReader[T], error) {
	m, err := from.get()
	if err != nil {
		return nil, err
	}
	r, err := ringbuf.NewReader(m)
	if err != nil {
		return nil, from.failed(err)
	}
	return &SkelReader[T]{Reader: r, from: from}, nil
}

// A SkelReader reads records of type T.
type SkelReader[T any] struct {
	*ringbuf.Reader
	from   *SkelRingbuf
	mu     sync.Mutex
	record ringbuf.Record
}

// Read waits for the next record. What it has more than T is left out. The error is a
// [ringbuf.ErrClosed] once the reader is closed.
func (r *SkelReader[T]) Read() (record T, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err = r.ReadInto(&r.record); err != nil {
		return record, r.from.failed(err)
	}
	to := skelBytes(&record)
	if n := copy(to, r.record.RawSample); n < len(to) {
		return record, r.from.failed(fmt.Errorf("a record of %d bytes, want %d", n, len(to)))
	}
	return record, nil
}

// All yields records until the loop ends, or the reader is closed.
func (r *SkelReader[T]) All() iter.Seq2[T, error] {
	return skelRecords(r.Read, ringbuf.ErrClosed)
}
