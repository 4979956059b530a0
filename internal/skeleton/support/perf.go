package support

//lint:file-ignore U1000 skeletons use it

// Uses: mapuse bytes records

import (
	"fmt"
	"iter"
	"sync"

	"github.com/cilium/ebpf/perf"
)

// A SkelPerf is an array of perf events, one of each processor, to which programs write records.
type SkelPerf struct {
	SkelAnyMap
}

// A SkelLost is an error: so many records were lost, as they were not read in time.
type SkelLost uint64

func (n SkelLost) Error() string {
	return fmt.Sprintf("%d records lost", uint64(n))
}

// SkelReadPerf reads records of type T, from a buffer of some bytes for each processor. The
// reader is to be closed.
func SkelReadPerf[T any](from *SkelPerf, buffer int) (*SkelPerfReader[T], error) {
	m, err := from.get()
	if err != nil {
		return nil, err
	}
	r, err := perf.NewReader(m, buffer)
	if err != nil {
		return nil, from.failed(err)
	}
	return &SkelPerfReader[T]{Reader: r, from: from}, nil
}

// A SkelPerfReader reads records of type T.
type SkelPerfReader[T any] struct {
	*perf.Reader
	from   *SkelPerf
	mu     sync.Mutex
	record perf.Record
}

// Read waits for the next record. What it has more than T is left out. The error is a
// [SkelLost] where records are missing, and a [perf.ErrClosed] once the reader is closed.
func (r *SkelPerfReader[T]) Read() (record T, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err = r.ReadInto(&r.record); err != nil {
		return record, r.from.failed(err)
	}
	if r.record.LostSamples > 0 {
		return record, r.from.failed(SkelLost(r.record.LostSamples))
	}
	to := skelBytes(&record)
	if n := copy(to, r.record.RawSample); n < len(to) {
		return record, r.from.failed(fmt.Errorf("a record of %d bytes, want %d", n, len(to)))
	}
	return record, nil
}

// All yields records until the loop ends, or the reader is closed.
func (r *SkelPerfReader[T]) All() iter.Seq2[T, error] {
	return skelRecords(r.Read, perf.ErrClosed)
}
