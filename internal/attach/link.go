package attach

import (
	"slices"

	"github.com/gobpftool/gobpftool/internal/bpf"
)

// A Link keeps a program attached, until it is closed.
type Link struct {
	parts []part
}

// A part is what keeps a program attached to one thing.
type part struct {
	fd   bpf.FD
	link bool   // fd is a link of the kernel, not an event
	undo func() // what is to be done once it is closed, or nil
}

// FD returns the descriptor of the link, which may be pinned; it stays the Link's own. There is none that
// keeps the program attached if ok is false: kernels before Linux 5.15 have no links to events, and
// before Linux 6.6 none to several places of a file.
func (l *Link) FD() (fd bpf.FD, ok bool) {
	if len(l.parts) != 1 || !l.parts[0].link {
		return 0, false
	}
	return l.parts[0].fd, true
}

// Close takes the program off, unless the link was pinned.
func (l *Link) Close() {
	for _, p := range slices.Backward(l.parts) {
		p.fd.Close()
		if p.undo != nil {
			p.undo()
		}
	}
	l.parts = nil
}

// newLink returns a Link for a link of the kernel.
func newLink(fd bpf.FD, err error) (*Link, error) {
	if err != nil {
		return nil, err
	}
	return &Link{[]part{{fd: fd, link: true}}}, nil
}
