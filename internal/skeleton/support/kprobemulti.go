package support

//lint:file-ignore U1000 skeletons use it

// Uses: detach proguse

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// A SkelKprobeMulti is a program that runs at functions of the kernel that its section does not name.
type SkelKprobeMulti struct {
	SkelProg
	session bool
	probe   func(*ebpf.Program, link.KprobeMultiOptions) (link.Link, error)
}

// Attach attaches the program to functions of the kernel.
func (p *SkelKprobeMulti) Attach(functions ...string) error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	return p.attached(p.probe(prog, link.KprobeMultiOptions{Symbols: functions, Session: p.session}))
}
