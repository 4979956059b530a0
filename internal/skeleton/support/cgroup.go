package support

//lint:file-ignore U1000 skeletons use it

// Uses: detach proguse

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// A SkelCgroup is a program of a cgroup.
type SkelCgroup struct {
	SkelProg
	at ebpf.AttachType
}

// Attach attaches the program to a cgroup, by its path.
func (p *SkelCgroup) Attach(path string) error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	return p.attached(link.AttachCgroup(link.CgroupOptions{Program: prog, Path: path, Attach: p.at}))
}
