package support

//lint:file-ignore U1000 skeletons use it

// Uses: detach proguse

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// A SkelKprobe is a program that runs at a function of the kernel that its section does not name.
type SkelKprobe struct {
	SkelProg
	prefix string // of the names of functions
	probe  func(string, *ebpf.Program, *link.KprobeOptions) (link.Link, error)
}

// Attach attaches the program to a function of the kernel.
func (p *SkelKprobe) Attach(function string) error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	return p.attached(p.probe(p.prefix+function, prog, nil))
}
