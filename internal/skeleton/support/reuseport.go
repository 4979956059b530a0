package support

//lint:file-ignore U1000 skeletons use it

// Uses: proguse

import (
	"fmt"
	"syscall"
)

// A SkelReuseport is a program that selects one of the sockets of a port.
type SkelReuseport struct {
	SkelProg
}

// Attach attaches the program to the group of a socket, such as a [net.UDPConn], for as long as
// that is there.
func (p *SkelReuseport) Attach(socket syscall.Conn) error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	raw, err := socket.SyscallConn()
	if err == nil {
		var set error
		err = raw.Control(func(fd uintptr) {
			const attachReuseportEBPF = 52 // SO_ATTACH_REUSEPORT_EBPF
			set = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, attachReuseportEBPF, prog.FD())
		})
		if err == nil {
			err = set
		}
	}
	if err != nil {
		return fmt.Errorf("program %s: attach: %w", p.name, err)
	}
	return nil
}
