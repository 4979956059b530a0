package support

//lint:file-ignore U1000 skeletons use it

// Uses: detach proguse

import "github.com/cilium/ebpf/link"

// A SkelRawTracepoint is a program that runs at a tracepoint that its section does not name.
type SkelRawTracepoint struct {
	SkelProg
}

// Attach attaches the program to a tracepoint.
func (p *SkelRawTracepoint) Attach(name string) error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	return p.attached(link.AttachRawTracepoint(link.RawTracepointOptions{Name: name, Program: prog}))
}
