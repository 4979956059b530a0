package attach

import (
	"errors"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// attachLoaded attaches a program to the function, tracepoint or hook that it was loaded for.
func attachLoaded(_ *Attacher, p Program, s names.Section) (*Link, error) {
	fd, err := bpf.CreateLink(p.FD, uint32(s.Attach))
	// Before Linux 5.18 the older command does it.
	if errors.Is(err, unix.EINVAL) && s.Attaches {
		fd, err = bpf.OpenRawTracepoint(p.FD, "")
	}
	return newLink(fd, err)
}

// attachIter makes an iterator of a program, over all objects of a kind.
func attachIter(_ *Attacher, p Program, s names.Section) (*Link, error) {
	l, err := newLink(bpf.CreateLink(p.FD, uint32(s.Attach)))
	if isMapIter(s.Rest) && errors.Is(err, unix.EBADF) {
		err = needsMap(s.Rest, err)
	}
	return l, err
}

func attachRawTracepoint(_ *Attacher, p Program, s names.Section) (*Link, error) {
	l, err := newLink(bpf.OpenRawTracepoint(p.FD, s.Rest))
	if errors.Is(err, unix.ENOENT) {
		err = noRawTracepoint(s.Rest, err)
	}
	return l, err
}
