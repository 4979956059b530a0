package support

//lint:file-ignore U1000 skeletons use it

// Uses: detach proguse

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// A SkelCgroupSKB is a program for the packets of a cgroup, of which the section does not say
// whether they come or go.
type SkelCgroupSKB struct {
	SkelProg
}

// Attach attaches the program to a cgroup, by its path, as AttachCGroupInetIngress or
// AttachCGroupInetEgress of package ebpf.
func (p *SkelCgroupSKB) Attach(path string, at ebpf.AttachType) error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	return p.attached(link.AttachCgroup(link.CgroupOptions{Program: prog, Path: path, Attach: at}))
}
