package support

//lint:file-ignore U1000 skeletons use it

// Uses: detach proguse

import "github.com/cilium/ebpf/link"

// A SkelNetfilter is a program of netfilter.
type SkelNetfilter struct {
	SkelProg
}

// Attach attaches the program to a hook of netfilter.
func (p *SkelNetfilter) Attach(to link.NetfilterOptions) error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	to.Program = prog
	return p.attached(link.AttachNetfilter(to))
}
