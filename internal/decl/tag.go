package decl

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// functions returns the functions that programs may call, by name, and which of
// them keep most registers. A function that is tagged twice is there twice.
//
// Source: BTF_ID_FLAGS and KF_FASTCALL of the kernel, which pahole makes tags.
func (p *printer) functions() (callable []btf.ID, fast map[btf.ID]bool) {
	fast = make(map[btf.ID]bool)
	for id := btf.ID(1); id < p.spec.Len(); id++ {
		if p.spec.Kind(id) != btf.DeclTag {
			continue
		}
		t := p.get(id)
		if t.Component() != -1 || p.spec.Kind(t.Ref()) != btf.Func {
			continue
		}
		switch t.Name {
		case "bpf_kfunc":
			callable = append(callable, t.Ref())
		case "bpf_fastcall":
			fast[t.Ref()] = true
		}
	}
	slices.SortFunc(callable, p.byName)
	return callable, fast
}

// byName compares types by their names, and if these are equal by their IDs.
func (p *printer) byName(a, b btf.ID) int {
	return cmp.Or(strings.Compare(p.get(a).Name, p.get(b).Name), cmp.Compare(a, b))
}
