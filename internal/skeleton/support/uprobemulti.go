package support

//lint:file-ignore U1000 skeletons use it

// Uses: detach files proguse

import "github.com/cilium/ebpf/link"

// A SkelUprobeMulti is a program that runs at functions of another program or of a library that
// its section does not name.
type SkelUprobeMulti struct {
	SkelProg
	returns bool
}

// Attach attaches the program to functions in a file, of all processes.
func (p *SkelUprobeMulti) Attach(file string, functions ...string) error {
	return p.AttachTo(file, functions, nil)
}

// AttachTo attaches the program to functions in a file. The options may name a process.
func (p *SkelUprobeMulti) AttachTo(file string, functions []string, options *link.UprobeMultiOptions) error {
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
		return p.attached(in.UretprobeMulti(functions, prog, options))
	}
	return p.attached(in.UprobeMulti(functions, prog, options))
}
