package support

//lint:file-ignore U1000 skeletons use it

// Uses: whole mapuse

import (
	"fmt"

	"github.com/cilium/ebpf"
)

// find finds a map of a type, whose keys and values have these sizes in bytes, or 0.
func (w *skelWhole) find(m *SkelAnyMap, name string, typ ebpf.MapType, key, value uintptr) {
	m.open(w.spec, name, key, value)
	switch {
	case m.Spec == nil:
		w.fail("map %s: there is none", name)
	case m.Spec.Type != typ:
		w.fail("map %s: its type is %v, want %v", name, m.Spec.Type, typ)
	default:
		if err := m.fits(m.Spec.KeySize, m.Spec.ValueSize); err != nil {
			w.fail("%w", err)
		}
	}
}

// bound looks at the map that was made of the spec.
func (m *SkelAnyMap) bound(whole *ebpf.Collection) error {
	have := whole.Maps[m.name]
	switch {
	case have == nil:
		return fmt.Errorf("map %s: not loaded", m.name)
	case have.Type() != m.Spec.Type:
		return fmt.Errorf("map %s: its type is %v, want %v", m.name, have.Type(), m.Spec.Type)
	}
	return m.fits(have.KeySize(), have.ValueSize())
}
