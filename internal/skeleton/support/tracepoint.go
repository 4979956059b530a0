package support

//lint:file-ignore U1000 skeletons use it

// Uses: detach proguse

import "github.com/cilium/ebpf/link"

// A SkelTracepoint is a program that runs at a tracepoint that its section does not name.
type SkelTracepoint struct {
	SkelProg
}

// Attach attaches the program to a tracepoint of a group, such as "syscalls".
func (p *SkelTracepoint) Attach(group, name string) error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	return p.attached(link.Tracepoint(group, name, prog, nil))
}
