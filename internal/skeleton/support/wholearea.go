package support

//lint:file-ignore U1000 skeletons use it

// Uses: area wholemap

import "github.com/cilium/ebpf"

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

// settings is section for what the kernel is configured with, of which the spec need not tell: package ebpf keeps that
// to itself.
func (w *skelWhole) settings(a *skelArea, m *SkelAnyMap, name string) {
	if w.spec.Maps[name] != nil {
		w.section(a, m, name)
	}
}

// variable finds a variable of some bytes, and with some members if its type has any. It is elsewhere than in the
// object, as those before it may be of others.
func (w *skelWhole) variable(p *skelPlace, a *skelArea, name string, size uint32, layout uint64) {
	v := w.spec.Variables[name]
	switch p.open(a, name, 0); {
	case a.spec == nil:
		return
	case v == nil || v.SectionName != a.section:
		w.fail("variable %s: there is none in section %s", name, a.section)
		return
	case v.Size() != size:
		w.fail("variable %s: %d bytes, want %d", name, v.Size(), size)
	case layout != 0 && v.Type != nil && skelLayout(v.Type.Type) != layout:
		w.fail("variable %s: its type has other members, or elsewhere", name)
	}
	p.offset = int(v.Offset)
}
