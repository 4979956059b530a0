package prog

import (
	"errors"

	"github.com/gobpftool/gobpftool/internal/attach"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/load"
)

// A pinning is programs that are pinned, or with "autoattach" the links that attach them.
type pinning struct {
	r        *loadRequest
	pins     *bpffs.Pins
	attacher *attach.Attacher
	links    []*attach.Link // until they are pinned
}

// close lets go of the links: those that are pinned stay.
func (p *pinning) close() {
	for _, l := range p.links {
		l.Close()
	}
}

// program pins a program or its link. What cannot be attached by its section is pinned as it is.
func (p *pinning) program(prog *load.Program, path string) error {
	if !p.r.attach {
		return p.pins.Pin(prog.FD, path)
	}
	link, err := p.attacher.Attach(attach.Program{FD: prog.FD, Section: prog.Section, Attach: prog.What.Attach})
	if err != nil {
		p.explain(prog, err)
		return p.pins.Pin(prog.FD, path)
	}
	p.links = append(p.links, link)
	fd, ok := link.FD()
	if !ok {
		return errors.New("it is attached, but this kernel has no link that could be pinned, so it would not stay so")
	}
	return p.pins.Pin(fd, path)
}

// explain says why a program is not attached.
func (p *pinning) explain(prog *load.Program, err error) {
	talk := p.r.c.Talk
	talk.Warn("Program %s does not support autoattach, falling back to pinning", prog.Name)
	if !errors.Is(err, attach.ErrNotAuto) {
		talk.Warn("%v", err)
	}
	talk.Hint(err)
}
