package decl

import (
	"cmp"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// tags are what is said about a function.
type tags uint8

const (
	callable tags = 1 << iota // by programs
	fast                      // keeps most registers
)

// tagWords are the names of tags.
var tagWords = map[string]tags{"bpf_kfunc": callable, "bpf_fastcall": fast}

// tagged returns the functions that have tags.
func (p *printer) tagged() map[btf.ID]tags {
	found := make(map[btf.ID]tags)
	for id := btf.ID(1); id < p.spec.Len(); id++ {
		if p.spec.Kind(id) != btf.DeclTag {
			continue
		}
		t := p.get(id)
		if tag := tagWords[t.Name]; tag != 0 && t.Component() == -1 && p.spec.Kind(t.Ref()) == btf.Func {
			found[t.Ref()] |= tag
		}
	}
	return found
}

// byName compares types by their names, and if these are equal by their IDs.
func (p *printer) byName(a, b btf.ID) int {
	return cmp.Or(strings.Compare(p.get(a).Name, p.get(b).Name), cmp.Compare(a, b))
}
