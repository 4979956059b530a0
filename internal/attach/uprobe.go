package attach

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

func attachUprobe(_ *Attacher, p Program, s names.Section) (*Link, error) {
	path, at, err := parseFilePlace(s.Rest)
	if err != nil {
		return nil, err
	}
	if returns(s) && at.offset != 0 {
		return nil, fmt.Errorf("%s: an offset has no meaning at the end of a function", at)
	}
	m, err := openImage(path)
	if err != nil {
		return nil, err
	}
	defer m.close()
	offset, err := m.offset(at.function)
	if err != nil {
		return nil, err
	}
	l, err := uprobe(p.FD, bpf.Probe{Name: m.path, Offset: offset + at.offset}, returns(s), 0)
	if err != nil {
		return nil, fmt.Errorf("uprobe at %s of %s: %w", at, m.path, err)
	}
	return l, nil
}

// uprobe attaches a program to a place in a file.
func uprobe(prog bpf.FD, at bpf.Probe, onReturn bool, cookie uint64) (*Link, error) {
	event, undo, err := uprobes.open(at, onReturn)
	if err != nil {
		return nil, unprobable(err)
	}
	return attachEvent(prog, event, cookie, undo)
}

// attachUprobes attaches a program to all functions of a file that a pattern stands for.
func attachUprobes(_ *Attacher, p Program, s names.Section) (*Link, error) {
	path, pattern, err := parseFile(s.Rest)
	if err != nil {
		return nil, err
	}
	m, err := openImage(path)
	if err != nil {
		return nil, err
	}
	defer m.close()
	offsets, err := m.offsets(pattern)
	if err != nil {
		return nil, err
	}
	l, err := newLink(bpf.CreateUprobesLink(p.FD, bpf.Uprobes{
		Attach: uint32(s.Attach), Return: returns(s), Path: m.path, Offsets: offsets,
	}))
	if err != nil {
		return nil, fmt.Errorf("uprobes at %d functions %s of %s: %w", len(offsets), pattern, m.path, unprobable(err))
	}
	return l, nil
}

// errNotSupported is what kernels say of instructions that they cannot run elsewhere, a number of their own.
const errNotSupported = unix.Errno(524)

// unprobable adds advice to what the kernel says of places in files.
func unprobable(err error) error {
	switch {
	case errors.Is(err, errNotSupported):
		return render.Hinted{Err: err, Hint: "there is an instruction at which this kernel can put no probe: another place will do, or a narrower pattern"}
	case errors.Is(err, unix.EINVAL):
		return render.Hinted{Err: err, Hint: "many uprobes want Linux 6.6 or later, sessions 6.13; and the file must be a regular one that can be mapped"}
	}
	return err
}
