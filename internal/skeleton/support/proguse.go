package support

//lint:file-ignore U1000 skeletons use it

// Uses: prog

import (
	"fmt"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// get returns the program, if it is loaded and not attached.
func (p *SkelProg) get() (*ebpf.Program, error) {
	switch {
	case p.Program == nil:
		return nil, fmt.Errorf("program %s: not loaded", p.name)
	case p.link != nil && *p.link != nil:
		return nil, fmt.Errorf("program %s: already attached", p.name)
	}
	return p.Program, nil
}

// attached takes over what attaching has returned.
func (p *SkelProg) attached(l link.Link, err error) error {
	if err != nil {
		return fmt.Errorf("program %s: attach: %w", p.name, err)
	}
	*p.link = l
	return nil
}
