package support

//lint:file-ignore U1000 skeletons use it

import (
	"fmt"

	"github.com/cilium/ebpf"
)

// A SkelAnyMap is a map of the object.
type SkelAnyMap struct {
	*ebpf.Map // nil before Load

	// Spec is what Load makes the map of. It may be changed before.
	Spec *ebpf.MapSpec

	name       string
	key, value uintptr // sizes of their types in bytes, or 0
}

// loaded takes over the map, whose keys and values have to be of the sizes of their types.
func (m *SkelAnyMap) loaded(from *ebpf.Map) error {
	if from != nil {
		if err := m.fits(from.KeySize(), from.ValueSize()); err != nil {
			return err
		}
		m.Map = from
	}
	return nil
}

// fits compares sizes of keys and values with those of their types.
func (m *SkelAnyMap) fits(key, value uint32) error {
	switch {
	case m.key != 0 && uintptr(key) != m.key:
		return fmt.Errorf("map %s: keys of %d bytes, want %d", m.name, key, m.key)
	case m.value != 0 && uintptr(value) != m.value:
		return fmt.Errorf("map %s: values of %d bytes, want %d", m.name, value, m.value)
	}
	return nil
}

// open finds what the map is made of.
func (m *SkelAnyMap) open(spec *ebpf.CollectionSpec, name string, key, value uintptr) {
	m.Spec, m.name, m.key, m.value = spec.Maps[name], name, key, value
}
