package support

//lint:file-ignore U1000 skeletons use it

// Uses: attacher detach proguse

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// A SkelAuto is a program that is attached to what its section names.
type SkelAuto struct {
	SkelProg

	Autoattach bool // Attach of the whole attaches it

	to func(*ebpf.Program) (link.Link, error)
}

// Attach attaches the program.
func (p *SkelAuto) Attach() error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	return p.attached(p.to(prog))
}

func (p *SkelAuto) due() bool {
	return p.Autoattach && p.Program != nil && *p.link == nil
}
