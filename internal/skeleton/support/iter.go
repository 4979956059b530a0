package support

//lint:file-ignore U1000 skeletons use it

// Uses: attacher detach proguse

import (
	"fmt"
	"io"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// A SkelIter is a program that writes about objects of the kernel, one after the other.
type SkelIter struct {
	SkelProg

	Autoattach bool // Attach of the whole attaches it
}

// Attach attaches the program, so that Open may be called.
func (p *SkelIter) Attach() error {
	return p.AttachTo(nil)
}

// AttachTo attaches the program to a map, if it is about entries of maps.
func (p *SkelIter) AttachTo(m *ebpf.Map) error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	l, err := link.AttachIter(link.IterOptions{Program: prog, Map: m})
	if err != nil {
		return p.attached(nil, err)
	}
	return p.attached(l, nil)
}

// Open returns what the program writes about all objects from now on. It is to be closed.
func (p *SkelIter) Open() (io.ReadCloser, error) {
	l, ok := (*p.link).(*link.Iter)
	if !ok {
		return nil, fmt.Errorf("program %s: not attached", p.name)
	}
	r, err := l.Open()
	if err != nil {
		return nil, fmt.Errorf("program %s: %w", p.name, err)
	}
	return r, nil
}

func (p *SkelIter) due() bool {
	return p.Autoattach && p.Program != nil && *p.link == nil
}
