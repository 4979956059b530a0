package support

//lint:file-ignore U1000 skeletons use it

// Uses: mapuse blocks bytes

import (
	"iter"
	"unsafe"

	"github.com/cilium/ebpf"
)

// A SkelPerCPUMap is a map with keys K and for each of them one value V of each processor
// that there may be.
type SkelPerCPUMap[K, V any] struct {
	SkelAnyMap
	err error
}

// Lookup returns the values of a key. The error is an [ebpf.ErrKeyNotExist] if there is none.
func (m *SkelPerCPUMap[K, V]) Lookup(key K) ([]V, error) {
	from, err := m.get()
	if err != nil {
		return nil, err
	}
	b, err := from.LookupBytes(unsafe.Pointer(&key))
	if err == nil && b == nil {
		err = ebpf.ErrKeyNotExist
	}
	if err != nil {
		return nil, m.failed(err)
	}
	return m.values(b), nil
}

// values returns the values in what the kernel has for one key, where each starts at a
// multiple of 8 bytes.
func (m *SkelPerCPUMap[K, V]) values(b []byte) []V {
	size := int(unsafe.Sizeof(*new(V)))
	stride := (size + 7) / 8 * 8
	list := make([]V, len(b)/stride)
	for i := range list {
		copy(skelBytes(&list[i]), b[i*stride:][:size])
	}
	return list
}

// Update gives a key its values, those of further processors than there are values being zero.
func (m *SkelPerCPUMap[K, V]) Update(key K, values []V) error {
	return m.UpdateWithFlags(key, values, ebpf.UpdateAny)
}

// UpdateWithFlags is Update that may ask for a key that is there, or is not there, yet.
func (m *SkelPerCPUMap[K, V]) UpdateWithFlags(key K, values []V, flags ebpf.MapUpdateFlags) error {
	to, err := m.get()
	if err != nil {
		return err
	}
	return m.failed(to.Update(unsafe.Pointer(&key), skelBlocks(values), flags))
}

// LookupAndDelete returns the values of a key, and takes both away.
func (m *SkelPerCPUMap[K, V]) LookupAndDelete(key K) ([]V, error) {
	from, err := m.get()
	if err != nil {
		return nil, err
	}
	cpus, err := ebpf.PossibleCPU()
	if err != nil {
		return nil, m.failed(err)
	}
	values := make([]V, cpus)
	if err := from.LookupAndDelete(unsafe.Pointer(&key), skelBlocks(values)); err != nil {
		return nil, m.failed(err)
	}
	return values, nil
}

// Delete takes a key away. The error is an [ebpf.ErrKeyNotExist] if it is not there.
func (m *SkelPerCPUMap[K, V]) Delete(key K) error {
	to, err := m.get()
	if err != nil {
		return err
	}
	return m.failed(to.Delete(unsafe.Pointer(&key)))
}

// All yields the entries. It ends early if they cannot be read: Err tells. Both are for one goroutine at a time.
func (m *SkelPerCPUMap[K, V]) All() iter.Seq2[K, []V] {
	return func(yield func(K, []V) bool) {
		var from *ebpf.Map
		if from, m.err = m.get(); m.err != nil {
			return
		}
		cpus, err := ebpf.PossibleCPU()
		if err != nil {
			m.err = m.failed(err)
			return
		}
		var key K
		values := make([]V, cpus)
		entries := from.Iterate()
		for entries.Next(unsafe.Pointer(&key), skelBlocks(values)) {
			if !yield(key, append([]V(nil), values...)) {
				break
			}
		}
		m.err = m.failed(entries.Err())
	}
}

// Err returns what ended the last All early, or nil.
func (m *SkelPerCPUMap[K, V]) Err() error {
	return m.err
}

// UpdateBatch gives keys their values, for each key one of each processor that there may be, and
// returns how many of them.
func (m *SkelPerCPUMap[K, V]) UpdateBatch(keys []K, values []V) (int, error) {
	to, err := m.get()
	if err != nil {
		return 0, err
	}
	n, err := to.BatchUpdate(skelBlocks(keys), skelBlocks(values), nil)
	return n, m.failed(err)
}

// LookupBatch reads entries into keys and values, for each key one of each processor that there
// may be, and returns how many keys. The first call has a new cursor, each further one goes on.
// The error is an [ebpf.ErrKeyNotExist] with the last ones.
func (m *SkelPerCPUMap[K, V]) LookupBatch(cursor *ebpf.MapBatchCursor, keys []K, values []V) (int, error) {
	from, err := m.get()
	if err != nil {
		return 0, err
	}
	n, err := from.BatchLookup(cursor, skelBlocks(keys), skelBlocks(values), nil)
	return n, m.failed(err)
}

// DeleteBatch takes keys away, and returns how many.
func (m *SkelPerCPUMap[K, V]) DeleteBatch(keys []K) (int, error) {
	to, err := m.get()
	if err != nil {
		return 0, err
	}
	n, err := to.BatchDelete(skelBlocks(keys), nil)
	return n, m.failed(err)
}
