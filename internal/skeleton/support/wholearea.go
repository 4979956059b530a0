package support

//lint:file-ignore U1000 skeletons use it

// Uses: area wholemap

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"
)

// section finds a section of variables, which may have one of some names, and the map that it is.
func (w *skelWhole) section(a *skelArea, m *SkelAnyMap, names ...string) {
	name := names[0]
	for _, other := range names[1:] {
		if w.spec.Maps[name] == nil {
			name = other
		}
	}
	w.find(m, name, ebpf.Array, 4, 0)
	if m.Spec != nil {
		m.value = uintptr(m.Spec.ValueSize) // so that all variables are within
	}
	a.open(w.spec, name)
}

// variable finds a variable of some bytes. It is elsewhere than in the object, as those before it may be of others.
func (w *skelWhole) variable(p *skelPlace, a *skelArea, name string, size uint32) {
	offset, have, ok := a.place(name)
	switch {
	case !ok:
		w.fail("variable %s: there is none in section %s", name, a.section)
	case have != size:
		w.fail("variable %s: %d bytes, want %d", name, have, size)
	}
	p.open(a, name, int(offset))
}

// place returns where a variable is, and its size, in bytes.
func (a *skelArea) place(name string) (offset, size uint32, ok bool) {
	if v := a.spec.Variables[name]; v != nil && v.SectionName == a.section {
		return v.Offset, v.Size(), true
	}
	m := a.spec.Maps[a.section]
	if m == nil {
		return 0, 0, false
	}
	if types, ok := m.Value.(*btf.Datasec); ok {
		for _, v := range types.Vars {
			if v.Type.TypeName() == name {
				return v.Offset, v.Size, true
			}
		}
	}
	return 0, 0, false
}
