// Package pick opens the objects that a command line names: by ID, name, tag or
// the path at which they are pinned.
package pick

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/render"
)

// How commands that take objects write it in their arguments.
var (
	ProgTerm = call.Term{Name: "PROG", Syntax: "{ id PROG_ID | tag PROG_TAG | name PROG_NAME | pinned FILE }"}
	MapTerm  = call.Term{Name: "MAP", Syntax: "{ id MAP_ID | name MAP_NAME | pinned FILE }"}
	LinkTerm = call.Term{Name: "LINK", Syntax: "{ id LINK_ID | pinned FILE }"}
)

// Selector reads the words of an optional selector: none, or exactly two.
func Selector(a *args.Args) (given bool, err error) {
	switch a.Len() {
	case 0:
		return false, nil
	case 2:
		return true, nil
	}
	return false, a.Done()
}

// Permitted adds to an error of a missing permission the capability that bpf(2)
// wants, and how to get it.
func Permitted(err error) error {
	if !errors.Is(err, unix.EPERM) {
		return err
	}
	return render.Hinted{
		Err: err,
		Hint: "listing and opening BPF objects by ID needs CAP_SYS_ADMIN: run it with sudo, " +
			"or in a container with --cap-add SYS_ADMIN; opening by a pinned path needs CAP_BPF or rights to the file",
	}
}

// byID reads an ID and opens the object. message is the error's text, with a
// verb for the ID.
func byID(a *args.Args, access bpf.Access, kind bpf.Kind, message string) (bpf.FD, error) {
	id, err := a.Uint32("ID")
	if err != nil {
		return 0, err
	}
	fd, err := bpf.OpenFor(access, kind, id)
	if err != nil {
		return 0, Permitted(fmt.Errorf(message+": %w", id, err))
	}
	return fd, nil
}

// pinned reads a path and opens the object pinned there, which must be of a
// kind.
func pinned(a *args.Args, access bpf.Access, want bpf.Kind) (bpf.FD, error) {
	path, err := a.Next(1)
	if err != nil {
		return 0, err
	}
	fd, kind, err := bpf.OpenPinnedFor(access, path)
	if errors.Is(err, unix.EACCES) && !bpffs.Holds(bpffs.Dir(path)) {
		return 0, fmt.Errorf("bpf obj get (%s): directory not in bpf file system (bpffs)", bpffs.Dir(path))
	}
	if err != nil {
		return 0, Permitted(fmt.Errorf("bpf obj get (%s): %w", path, err))
	}
	if kind != want {
		fd.Close()
		return 0, fmt.Errorf("incorrect object type: %s", kind)
	}
	return fd, nil
}
