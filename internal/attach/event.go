package attach

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

// attachEvent attaches a program to an event, which it takes over. undo is what takes away the event once
// it is closed, or nil. Kernels that know no links to events do without the cookie.
func attachEvent(prog, event bpf.FD, cookie uint64, undo func()) (*Link, error) {
	keep := part{fd: event, undo: undo}
	fd, err := bpf.CreateEventLink(prog, event, cookie)
	if err == nil {
		keep.fd, keep.link = fd, true
		defer event.Close() // the link keeps it
	}
	if errors.Is(err, unix.EINVAL) && !bpf.HasEventLinks(prog) {
		err = bpf.SetEventProg(event, prog)
	}
	if err == nil {
		err = bpf.EnableEvent(event)
	}
	l := &Link{[]part{keep}}
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

func attachTracepoint(_ *Attacher, p Program, s names.Section) (*Link, error) {
	category, name, ok := strings.Cut(s.Rest, "/")
	if !ok {
		return nil, fmt.Errorf("tracepoint %s: want category/name", s.Rest)
	}
	id, err := tracepoint(category, name)
	if err != nil {
		return nil, fmt.Errorf("tracepoint %s: %w", s.Rest, err)
	}
	event, err := bpf.OpenTracepoint(id)
	if err != nil {
		return nil, fmt.Errorf("tracepoint %s: %w", s.Rest, denied(err))
	}
	return attachEvent(p.FD, event, 0, nil)
}

// tracepoint returns the number of a tracepoint.
func tracepoint(category, name string) (uint64, error) {
	dir, err := bpffs.Tracing()
	if err != nil {
		return 0, err
	}
	id, err := readNumber(filepath.Join(dir, "events", category, name, "id"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, render.Hinted{
			Err:  notFound("none below " + filepath.Join(dir, "events")),
			Hint: fmt.Sprintf("ls -d %s lists those that the kernel has", filepath.Join(dir, "events", "*", "*"+name+"*")),
		}
	}
	return id, err
}

// readNumber reads a file that has a number.
func readNumber(path string) (uint64, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	return n, nil
}
