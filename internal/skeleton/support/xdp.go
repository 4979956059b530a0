package support

//lint:file-ignore U1000 skeletons use it

// Uses: detach proguse

import "github.com/cilium/ebpf/link"

// A SkelXDP is an XDP program.
type SkelXDP struct {
	SkelProg
}

// Attach attaches the program to a network interface, by its index.
func (p *SkelXDP) Attach(iface int, flags link.XDPAttachFlags) error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	return p.attached(link.AttachXDP(link.XDPOptions{Program: prog, Interface: iface, Flags: flags}))
}
