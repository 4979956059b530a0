package support

//lint:file-ignore U1000 skeletons use it

// Uses: proguse

import (
	"fmt"
	"syscall"

	"github.com/cilium/ebpf/link"
)

// A SkelSocket is a program that filters what a socket gets.
type SkelSocket struct {
	SkelProg
}

// Attach attaches the program to a socket, such as a [net.UDPConn], for as long as that is there.
func (p *SkelSocket) Attach(socket syscall.Conn) error {
	prog, err := p.get()
	if err == nil {
		err = link.AttachSocketFilter(socket, prog)
	}
	if err != nil {
		return fmt.Errorf("program %s: attach: %w", p.name, err)
	}
	return nil
}
