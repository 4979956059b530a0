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
	w.find(m, name, skelShape{typ: ebpf.Array, key: 4})
	if m.Spec != nil {
		m.value = uintptr(m.Spec.ValueSize) // so that all variables are within
	}
	a.open(w.spec, name)
}

// variable finds a variable of some bytes, and with some members if its type has any. It is elsewhere than in the
// object, as those before it may be of others.
func (w *skelWhole) variable(p *skelPlace, a *skelArea, name string, size uint32, layout uint64) {
	v := a.find(name)
	if v == nil {
		w.fail("variable %s: there is none in section %s", name, a.section)
		return
	}
	switch {
	case v.Size() != size:
		w.fail("variable %s: %d bytes, want %d", name, v.Size(), size)
	case layout != 0 && v.Type != nil && skelLayout(v.Type.Type) != layout:
		w.fail("variable %s: its type has other members, or elsewhere", name)
	}
	p.open(a, name, int(v.Offset))
}

// find returns what describes a variable, or nil.
func (a *skelArea) find(name string) *ebpf.VariableSpec {
	if v := a.spec.Variables[name]; v != nil && v.SectionName == a.section {
		return v
	}
	m := a.spec.Maps[a.section]
	if m == nil {
		return nil
	}
	if section, ok := m.Value.(*btf.Datasec); ok {
		for _, v := range section.Vars {
			if of, ok := v.Type.(*btf.Var); ok && of.Name == name {
				return &ebpf.VariableSpec{Name: name, SectionName: a.section, Offset: v.Offset, Type: of}
			}
		}
	}
	return nil
}
