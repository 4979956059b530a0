package support

//lint:file-ignore U1000 skeletons use it

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// A SkelProg is a program of the object.
type SkelProg struct {
	*ebpf.Program // nil before Load, or if it is left out

	// Spec is what Load loads. It may be changed before.
	Spec *ebpf.ProgramSpec

	Autoload bool // Load loads it

	name string
	link *link.Link // where what keeps it attached goes
}

// open finds what the program is made of.
func (p *SkelProg) open(spec *ebpf.CollectionSpec, name string, autoload bool, l *link.Link) {
	p.Spec, p.name, p.Autoload, p.link = spec.Programs[name], name, autoload, l
}
