package support

//lint:file-ignore U1000 skeletons use it

// Uses: detach proguse

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// A SkelTCX is a program of traffic control.
type SkelTCX struct {
	SkelProg
	at ebpf.AttachType // or AttachNone
}

// Attach attaches the program to a network interface, by its index, on the side that its section
// names, and if that names none, to what comes in.
func (p *SkelTCX) Attach(iface int) error {
	return p.AttachTo(link.TCXOptions{Interface: iface})
}

// AttachTo attaches the program anywhere, before or after other ones. The side is that of Attach, unless it is said.
func (p *SkelTCX) AttachTo(to link.TCXOptions) error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	if to.Program = prog; to.Attach == ebpf.AttachNone {
		to.Attach = p.at
	}
	if to.Attach == ebpf.AttachNone {
		to.Attach = ebpf.AttachTCXIngress
	}
	return p.attached(link.AttachTCX(to))
}
