package decl

import (
	"cmp"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// tagged returns the functions with a tag.
func (p *printer) tagged(tag string) map[btf.ID]bool {
	found := make(map[btf.ID]bool)
	for id := btf.ID(1); id < p.spec.Len(); id++ {
		t := p.get(id)
		if t.Kind != btf.DeclTag || t.Name != tag || t.Component() != -1 {
			continue
		}
		if p.get(t.Ref()).Kind == btf.Func {
			found[t.Ref()] = true
		}
	}
	return found
}

// byName compares types by their names, and if these are equal by their IDs.
func (p *printer) byName(a, b btf.ID) int {
	return cmp.Or(strings.Compare(p.get(a).Name, p.get(b).Name), cmp.Compare(a, b))
}
