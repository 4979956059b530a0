package adapt

import (
	"debug/elf"
	"slices"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// Numbers of enum bpf_map_type.
const (
	ringbuf     = 27
	userRingbuf = 31
	arena       = 33
)

// maps adapts what defines maps.
func (a *adapter) maps() error {
	seen := make(map[btf.ID]bool)
	for _, m := range a.o.Maps {
		a.floats(m)
		if a.objectsIn(m) == hasList {
			a.cannot(m.Name, "it has lists or trees, and cilium/ebpf leaves out the types of what is in them")
		}
		if m.Kind != elfobj.Defined {
			continue
		}
		a.define(m, m.Type, &m.Def, seen)
		if inner := m.Def.Inner; inner != nil {
			if id, ok := a.innerType(m.Type); ok {
				a.define(m, id, inner, seen)
			}
		}
		if m.Def.Type == arena {
			a.cannot(m.Name, "it is an arena, which is to be in memory before programs are loaded: cilium/ebpf does not see to that")
		}
		if m.Weak {
			if s := a.symbolAt(a.at[m.Section], m.Offset, elf.STT_OBJECT); s != nil && s.Bind == elf.STB_WEAK {
				s.Bind = elf.STB_GLOBAL
				a.change(m.Name, "it is not weak any more")
			}
		}
	}
	return nil
}

// define adapts a definition, or that of the map that its values are, which is a struct.
func (a *adapter) define(m *elfobj.Map, id btf.ID, d *elfobj.Def, seen map[btf.ID]bool) {
	inner := d != &m.Def
	if (d.Type == ringbuf || d.Type == userRingbuf) && !slices.Contains(a.Rings, m.Name) {
		a.Rings = append(a.Rings, m.Name)
	}
	if d.NUMANode != 0 {
		a.NUMA = append(a.NUMA, Node{m.Name, inner, d.NUMANode})
	}
	if seen[id] {
		return
	}
	seen[id] = true
	t := a.types.Shape(id)
	var fields []string
	for i := range t.Len() {
		fields = append(fields, t.Member(i).Name)
	}
	for i, name := range slices.Backward(fields) {
		switch {
		case name == "numa_node":
			a.change(m.Name, "its definition does not say numa_node any more")
		case name == "key_size" && slices.Contains(fields, "key"), name == "value_size" && slices.Contains(fields, "value"):
			a.change(m.Name, "its definition does not say %s any more, which the type tells", name)
		default:
			continue
		}
		a.types.DropMember(id, i)
	}
}

// innerType returns the struct that defines the maps that are the values of one that is defined by another struct.
func (a *adapter) innerType(id btf.ID) (inner btf.ID, ok bool) {
	t := a.types.Shape(id)
	if t.Len() == 0 {
		return 0, false
	}
	values, err := a.types.Resolve(t.Place(t.Len() - 1).Type)
	if err != nil || values.Kind != btf.Array {
		return 0, false
	}
	elem, _, _ := values.Array()
	pointer, err := a.types.Resolve(elem)
	if err != nil || pointer.Kind != btf.Pointer {
		return 0, false
	}
	target, err := a.types.Resolve(pointer.Ref())
	return target.ID, err == nil && target.Kind == btf.Struct
}
