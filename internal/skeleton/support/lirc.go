package support

//lint:file-ignore U1000 skeletons use it

// Uses: proguse

import (
	"fmt"
	"os"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// A SkelLIRC is a program that decodes the signals of an infrared receiver.
type SkelLIRC struct {
	SkelProg
}

// Attach attaches the program to a receiver, such as /dev/lirc0, until Detach.
func (p *SkelLIRC) Attach(path string) error {
	return p.with(path, link.RawAttachProgram)
}

// Detach takes the program off a receiver.
func (p *SkelLIRC) Detach(path string) error {
	return p.with(path, func(o link.RawAttachProgramOptions) error {
		return link.RawDetachProgram(link.RawDetachProgramOptions(o))
	})
}

func (p *SkelLIRC) with(path string, do func(link.RawAttachProgramOptions) error) error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	receiver, err := os.OpenFile(path, os.O_RDWR, 0)
	if err == nil {
		defer receiver.Close()
		err = do(link.RawAttachProgramOptions{Target: int(receiver.Fd()), Program: prog, Attach: ebpf.AttachLircMode2})
	}
	if err != nil {
		return fmt.Errorf("program %s: attach: %w", p.name, err)
	}
	return nil
}
