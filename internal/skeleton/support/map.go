package support

//lint:file-ignore U1000 skeletons use it

// Uses: mapuse blocks

import (
	"errors"
	"iter"
	"unsafe"

	"github.com/cilium/ebpf"
)

// A SkelMap is a map with keys K and values V.
type SkelMap[K, V any] struct {
	SkelAnyMap
	err error
}

// Lookup returns the value of a key. The error is an [ebpf.ErrKeyNotExist] if there is none.
func (m *SkelMap[K, V]) Lookup(key K) (value V, err error) {
	to, err := m.get()
	if err == nil {
		err = m.failed(to.Lookup(unsafe.Pointer(&key), unsafe.Pointer(&value)))
	}
	return value, err
}

// LookupAndDelete returns the value of a key, and takes both away.
func (m *SkelMap[K, V]) LookupAndDelete(key K) (value V, err error) {
	to, err := m.get()
	if err == nil {
		err = m.failed(to.LookupAndDelete(unsafe.Pointer(&key), unsafe.Pointer(&value)))
	}
	return value, err
}

// Update gives a key its value.
func (m *SkelMap[K, V]) Update(key K, value V) error {
	return m.UpdateWithFlags(key, value, ebpf.UpdateAny)
}

// UpdateWithFlags is Update that may ask for a key that is there, or is not there, yet.
func (m *SkelMap[K, V]) UpdateWithFlags(key K, value V, flags ebpf.MapUpdateFlags) error {
	to, err := m.get()
	if err != nil {
		return err
	}
	return m.failed(to.Update(unsafe.Pointer(&key), unsafe.Pointer(&value), flags))
}

// Delete takes a key away. The error is an [ebpf.ErrKeyNotExist] if it is not there.
func (m *SkelMap[K, V]) Delete(key K) error {
	to, err := m.get()
	if err != nil {
		return err
	}
	return m.failed(to.Delete(unsafe.Pointer(&key)))
}

// All yields the entries. It ends early if they cannot be read: Err tells. Both are for one goroutine at a time.
func (m *SkelMap[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		var to *ebpf.Map
		if to, m.err = m.get(); m.err != nil {
			return
		}
		const most = 1 << 20 // bytes
		size := int(min(to.MaxEntries(), 1024, 1+most/uint32(unsafe.Sizeof(*new(V))+1)))
		keys, values := make([]K, size), make([]V, size)
		var cursor ebpf.MapBatchCursor
		for first := true; ; first = false {
			n, err := to.BatchLookup(&cursor, skelBlocks(keys), skelBlocks(values), nil)
			last := errors.Is(err, ebpf.ErrKeyNotExist)
			if err != nil && !last {
				if m.err = m.failed(err); first {
					m.each(to, yield)
				}
				return
			}
			for i := range n {
				if !yield(keys[i], values[i]) {
					return
				}
			}
			if last {
				return
			}
		}
	}
}

// each yields the entries of a map that does not give many at once.
func (m *SkelMap[K, V]) each(to *ebpf.Map, yield func(K, V) bool) {
	var key K
	var value V
	entries := to.Iterate()
	for entries.Next(unsafe.Pointer(&key), unsafe.Pointer(&value)) {
		if !yield(key, value) {
			break
		}
	}
	m.err = m.failed(entries.Err())
}

// Err returns what ended the last All early, or nil.
func (m *SkelMap[K, V]) Err() error {
	return m.err
}

// LookupBatch reads entries into keys and values, and returns how many. The first call has a
// new cursor, each further one goes on. The error is an [ebpf.ErrKeyNotExist] with the last ones.
func (m *SkelMap[K, V]) LookupBatch(cursor *ebpf.MapBatchCursor, keys []K, values []V) (int, error) {
	to, err := m.get()
	if err != nil {
		return 0, err
	}
	n, err := to.BatchLookup(cursor, skelBlocks(keys), skelBlocks(values), nil)
	return n, m.failed(err)
}

// UpdateBatch gives keys their values, and returns how many of them.
func (m *SkelMap[K, V]) UpdateBatch(keys []K, values []V) (int, error) {
	to, err := m.get()
	if err != nil {
		return 0, err
	}
	n, err := to.BatchUpdate(skelBlocks(keys), skelBlocks(values), nil)
	return n, m.failed(err)
}

// DeleteBatch takes keys away, and returns how many.
func (m *SkelMap[K, V]) DeleteBatch(keys []K) (int, error) {
	to, err := m.get()
	if err != nil {
		return 0, err
	}
	n, err := to.BatchDelete(skelBlocks(keys), nil)
	return n, m.failed(err)
}
