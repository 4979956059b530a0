package support

//lint:file-ignore U1000 skeletons use it

// Uses: detach files proguse

import "github.com/cilium/ebpf/link"

// A SkelUprobe is a program that runs at a function of another program or of a library that its
// section does not name.
type SkelUprobe struct {
	SkelProg
	returns bool
}

// Attach attaches the program to a function in a file, of all processes.
func (p *SkelUprobe) Attach(file, function string) error {
	return p.AttachTo(file, function, nil)
}

// AttachTo attaches the program to a function in a file. The options may name a process.
func (p *SkelUprobe) AttachTo(file, function string, options *link.UprobeOptions) error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	path, err := skelFile(file)
	if err != nil {
		return p.attached(nil, err)
	}
	in, err := link.OpenExecutable(path)
	switch {
	case err != nil:
		return p.attached(nil, err)
	case p.returns:
		return p.attached(in.Uretprobe(function, prog, options))
	}
	return p.attached(in.Uprobe(function, prog, options))
}
