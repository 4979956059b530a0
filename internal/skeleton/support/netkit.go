package support

//lint:file-ignore U1000 skeletons use it

// Uses: detach proguse

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// A SkelNetkit is a program of a netkit device.
type SkelNetkit struct {
	SkelProg
	at ebpf.AttachType
}

// Attach attaches the program to a netkit device, by the index of its primary interface.
func (p *SkelNetkit) Attach(iface int) error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	return p.attached(link.AttachNetkit(link.NetkitOptions{Program: prog, Interface: iface, Attach: p.at}))
}
