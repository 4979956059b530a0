package adapt

import (
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// floats finds maps whose values have floats that are not aligned, as in packed structs: the kernel takes no such types.
// libbpf goes on without types then, cilium/ebpf does not.
//
// Source: btf_float_check_member of the kernel.
func (a *adapter) floats(m *elfobj.Map) {
	if a.o.BTF == nil {
		return
	}
	if a.unaligned == nil {
		a.unaligned = a.findUnaligned()
	}
	if a.unaligned[m.Def.Value] > 0 || m.Def.Inner != nil && a.unaligned[m.Def.Inner.Value] > 0 {
		a.cannot(m.Name, "it has a float that is not aligned: the kernel refuses its types, and cilium/ebpf does not go on without them")
	}
}

// findUnaligned finds types that have floats which are not aligned.
func (a *adapter) findUnaligned() map[btf.ID]int {
	var list []btf.ID
	spec := a.o.BTF
	for id := btf.ID(1); id < spec.Len(); id++ {
		if kind := spec.Kind(id); kind != btf.Struct && kind != btf.Union {
			continue
		}
		t, err := spec.Type(id)
		if err != nil {
			continue
		}
		for i := range t.Len() {
			member := t.Member(i)
			if of, err := spec.Resolve(member.Type); err == nil && of.Kind == btf.Float && member.Offset%(8*min(8, max(1, of.Size()))) != 0 {
				list = append(list, id)
				break
			}
		}
	}
	found := make(map[btf.ID]int)
	if len(list) > 0 {
		mark(found, a.users(), list, 1)
	}
	return found
}
