package support

//lint:file-ignore U1000 skeletons use it

// Uses: mapuse

import (
	"unsafe"

	"github.com/cilium/ebpf"
)

// A SkelMapOfMaps is a map with keys K whose values are maps M.
type SkelMapOfMaps[K, M any] struct {
	SkelAnyMap
	inner func(*ebpf.Map, *ebpf.MapSpec) (M, error)
}

// Lookup opens the map that a key has. The error is an [ebpf.ErrKeyNotExist] if there is none.
// It is to be closed.
func (m *SkelMapOfMaps[K, M]) Lookup(key K) (inner M, err error) {
	from, err := m.get()
	if err != nil {
		return inner, err
	}
	var id uint32
	if err = from.Lookup(unsafe.Pointer(&key), unsafe.Pointer(&id)); err != nil {
		return inner, m.failed(err)
	}
	got, err := ebpf.NewMapFromID(ebpf.MapID(id))
	if err != nil {
		return inner, m.failed(err)
	}
	return m.opened(got)
}

// New makes a map of the kind that the values are. It is to be closed.
func (m *SkelMapOfMaps[K, M]) New() (inner M, err error) {
	if m.Spec.InnerMap == nil {
		return inner, m.failed(ebpf.ErrNotSupported)
	}
	made, err := ebpf.NewMap(m.Spec.InnerMap)
	if err != nil {
		return inner, m.failed(err)
	}
	return m.opened(made)
}

// opened makes a map what maps that are values are.
func (m *SkelMapOfMaps[K, M]) opened(from *ebpf.Map) (inner M, err error) {
	if inner, err = m.inner(from, m.Spec.InnerMap); err != nil {
		from.Close()
	}
	return inner, err
}

// Update gives a key a map, which need not stay open.
func (m *SkelMapOfMaps[K, M]) Update(key K, inner *ebpf.Map) error {
	to, err := m.get()
	if err != nil {
		return err
	}
	return m.failed(to.Update(unsafe.Pointer(&key), inner, ebpf.UpdateAny))
}

// Delete takes a key away. The error is an [ebpf.ErrKeyNotExist] if it is not there.
func (m *SkelMapOfMaps[K, M]) Delete(key K) error {
	from, err := m.get()
	if err != nil {
		return err
	}
	return m.failed(from.Delete(unsafe.Pointer(&key)))
}
