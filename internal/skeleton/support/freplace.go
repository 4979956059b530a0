package support

//lint:file-ignore U1000 skeletons use it

// Uses: detach proguse

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// A SkelFreplace is a program that takes the place of a function of another program.
type SkelFreplace struct {
	SkelProg
}

// Replace names that function, before Load.
func (p *SkelFreplace) Replace(of *ebpf.Program, function string) {
	p.Spec.AttachTarget, p.Spec.AttachTo = of, function
}

// Attach puts the program in the place of the function.
func (p *SkelFreplace) Attach() error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	return p.attached(link.AttachFreplace(nil, "", prog))
}
