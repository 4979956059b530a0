package support

//lint:file-ignore U1000 skeletons use it

// Uses: detach proguse

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// A SkelPerfEvent is a program that runs when a perf event counts.
type SkelPerfEvent struct {
	SkelProg
}

// Attach attaches the program to a perf event, by its descriptor.
func (p *SkelPerfEvent) Attach(event int) error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	l, err := link.AttachRawLink(link.RawLinkOptions{Target: event, Program: prog, Attach: ebpf.AttachPerfEvent})
	if err != nil {
		return p.attached(nil, err)
	}
	return p.attached(l, nil)
}
