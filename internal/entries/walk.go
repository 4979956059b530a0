package entries

import (
	"errors"
	"iter"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
)

// All yields the elements of the map. The entry is the same one each time,
// with other bytes.
//
// They are read in batches where the kernel can do that, and else one by one,
// from key to key. At the first error the walk ends.
func (t *Table) All() iter.Seq2[*Entry, error] {
	return t.limit(func(yield func(*Entry, error) bool) {
		if !t.inBatches(yield) {
			t.oneByOne(nil, yield)
		}
	})
}

// errChanging says that a walk has met more keys than a map can have.
var errChanging = errors.New("dump failed: the map changes faster than it can be read, and its keys came around again")

// most returns how many keys a walk may meet.
func (t *Table) most() uint64 {
	if t.Info.MaxEntries == 0 { // entries belong to others, such as cgroups
		return 1 << 32
	}
	return 2 * uint64(t.Info.MaxEntries)
}

// limit ends a walk that may not end: if a key is removed at the wrong moment, some
// types of maps go on with their first one.
func (t *Table) limit(seq iter.Seq2[*Entry, error]) iter.Seq2[*Entry, error] {
	return func(yield func(*Entry, error) bool) {
		n := uint64(0)
		for e, err := range seq {
			if n++; n > t.most() {
				yield(nil, errChanging)
				return
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// oneByOne yields the elements from key to key, from the first one on or after
// another. One that is not there any more when its value is asked for is left out,
// and so is an empty slot of a map of maps or programs; other empty slots are
// entries with an error.
func (t *Table) oneByOne(last []byte, yield func(*Entry, error) bool) {
	e := &Entry{Of: t, Key: t.NewKey()}
	value := make([]byte, t.ValueLen())
	for n := uint64(0); ; n++ {
		err := bpf.NextKey(t.FD, last, e.Key)
		if errors.Is(err, unix.ENOENT) {
			return
		}
		if err != nil {
			yield(nil, t.Failure("dump", err))
			return
		}
		e.Value, e.Err = value, bpf.Lookup(t.FD, e.Key, value)
		if e.Err != nil {
			e.Value = nil
		}
		if n > t.most() {
			yield(nil, errChanging)
			return
		}
		// If one cannot be read since none can, there is nothing to show.
		if err := lacking(t.Type(), "dump", e.Err); err != nil {
			yield(nil, err)
			return
		}
		if !t.isGone(e.Err) && !yield(e, nil) {
			return
		}
		last = append(last[:0], e.Key...)
	}
}

// isGone reports whether an element that cannot be read is none.
func (t *Table) isGone(err error) bool {
	if !errors.Is(err, unix.ENOENT) {
		return false
	}
	switch t.Type() {
	case "devmap", "sockmap", "cpumap", "xskmap", "reuseport_sockarray":
		return false // slots that are empty
	}
	return true
}
