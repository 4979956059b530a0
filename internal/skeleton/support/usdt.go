package support

//lint:file-ignore U1000 skeletons use it

// Uses: detach proguse usdtmaps

// A SkelUSDT is a program that runs at a user-space tracepoint that its section does not name.
type SkelUSDT struct {
	SkelProg
	maps *skelUSDTMaps
}

// Attach attaches the program to a tracepoint of another program or of a library, in all processes.
func (p *SkelUSDT) Attach(file, provider, name string) error {
	return p.AttachTo(0, file, provider, name)
}

// AttachTo attaches the program to a tracepoint in one process, or in all if pid is 0.
func (p *SkelUSDT) AttachTo(pid int, file, provider, name string) error {
	prog, err := p.get()
	if err != nil {
		return err
	}
	return p.attached(p.maps.attach(prog, pid, file, provider, name))
}
