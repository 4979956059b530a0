package support

//lint:file-ignore U1000 skeletons use it

// Uses: proguse

import (
	"errors"
	"fmt"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// A SkelOnMap is a program for the sockets of a map.
type SkelOnMap struct {
	SkelProg
	at ebpf.AttachType
}

// Attach attaches the program to a map of sockets, for as long as the map is there or until
// Detach: to close the whole does not take it off.
func (p *SkelOnMap) Attach(sockets *ebpf.Map) error {
	prog, err := p.get()
	if err == nil && sockets == nil {
		err = errors.New("no map")
	}
	if err == nil {
		err = link.RawAttachProgram(link.RawAttachProgramOptions{Target: sockets.FD(), Program: prog, Attach: p.at})
	}
	if err != nil {
		return fmt.Errorf("program %s: attach: %w", p.name, err)
	}
	return nil
}

// Detach takes the program off a map of sockets.
func (p *SkelOnMap) Detach(sockets *ebpf.Map) error {
	prog, err := p.get()
	if err == nil {
		err = link.RawDetachProgram(link.RawDetachProgramOptions{Target: sockets.FD(), Program: prog, Attach: p.at})
	}
	if err != nil {
		return fmt.Errorf("program %s: detach: %w", p.name, err)
	}
	return nil
}
