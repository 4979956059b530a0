package support

//lint:file-ignore U1000 skeletons use it

// Uses: detach proguse

import (
	"os"

	"github.com/cilium/ebpf/link"
)

// A SkelNetNS is a program of a network namespace.
type SkelNetNS struct {
	SkelProg
}

// Attach attaches the program to a network namespace, by its path, such as /proc/self/ns/net.
func (p *SkelNetNS) Attach(path string) error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	ns, err := os.Open(path)
	if err != nil {
		return p.attached(nil, err)
	}
	defer ns.Close()
	l, err := link.AttachNetNs(int(ns.Fd()), prog)
	if err != nil {
		return p.attached(nil, err)
	}
	return p.attached(l, nil)
}
