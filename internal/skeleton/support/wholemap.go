package support

//lint:file-ignore U1000 skeletons use it

// Uses: whole mapuse layout

import (
	"fmt"

	"github.com/cilium/ebpf"
)

// A skelShape is what a map is to be like.
type skelShape struct {
	typ          ebpf.MapType
	key, value   uintptr // sizes in bytes, or 0
	keys, values uint64  // layouts, or 0
}

// find finds a map.
func (w *skelWhole) find(m *SkelAnyMap, name string, shape skelShape) {
	if m.open(w.spec, name, shape.key, shape.value); m.Spec == nil {
		w.fail("map %s: there is none", name)
		return
	}
	w.compare(m, shape)
}

// inner looks at the maps that a map has as values.
func (w *skelWhole) inner(of *SkelAnyMap, shape skelShape) {
	if of.Spec != nil && of.Spec.InnerMap != nil {
		w.compare(&SkelAnyMap{Spec: of.Spec.InnerMap, name: "inner of " + of.name, key: shape.key, value: shape.value}, shape)
	}
}

func (w *skelWhole) compare(m *SkelAnyMap, shape skelShape) {
	err := m.fits(m.Spec.KeySize, m.Spec.ValueSize)
	switch {
	case m.Spec.Type != shape.typ:
		w.fail("map %s: its type is %v, want %v", m.name, m.Spec.Type, shape.typ)
	case err != nil:
		w.fail("%w", err)
	case shape.keys != 0 && m.Spec.Key != nil && skelLayout(m.Spec.Key) != shape.keys:
		w.fail("map %s: the type of its keys has other members, or elsewhere", m.name)
	case shape.values != 0 && m.Spec.Value != nil && skelLayout(m.Spec.Value) != shape.values:
		w.fail("map %s: the type of its values has other members, or elsewhere", m.name)
	}
}

// bound looks at the map that was made of the spec.
func (m *SkelAnyMap) bound(whole *ebpf.Collection) error {
	have := whole.Maps[m.name]
	switch {
	case m.Spec == nil: // which is of settings
		return nil
	case have == nil:
		return fmt.Errorf("map %s: not loaded", m.name)
	case have.Type() != m.Spec.Type:
		return fmt.Errorf("map %s: its type is %v, want %v", m.name, have.Type(), m.Spec.Type)
	}
	return m.fits(have.KeySize(), have.ValueSize())
}
