package pick

import (
	"fmt"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
)

// Maps reads a map selector and opens the maps that it names for reading, at
// least one. They are the caller's to close.
func Maps(a *args.Args) ([]bpf.FD, error) { return mapsFor(bpf.ReadOnly, a) }

// Map reads a map selector and opens the one map that it names. It is the
// caller's to close.
func Map(a *args.Args, access bpf.Access) (bpf.FD, error) {
	fds, err := mapsFor(access, a)
	return only(bpf.Map, fds, err)
}

func mapsFor(access bpf.Access, a *args.Args) ([]bpf.FD, error) {
	switch {
	case a.Is("id"):
		return one(byID(a, access, bpf.Map, "get map by id (%d)"))
	case a.Is("name"):
		return mapsByName(a, access)
	case a.Is("pinned"):
		return one(pinned(a, access, bpf.Map))
	}
	return nil, args.Errorf("expected 'id', 'name' or 'pinned', got: '%s'?", a.Peek())
}

func mapsByName(a *args.Args, access bpf.Access) ([]bpf.FD, error) {
	name, err := a.Next(1)
	if err != nil {
		return nil, err
	}
	if len(name) > kernelNameLen {
		return nil, args.Errorf("can't parse name")
	}
	return matching(access, bpf.Map, "name", name, func(fd bpf.FD) (uint32, bool, error) {
		info, err := MapInfo(fd)
		return info.ID, info.Name() == name, err
	})
}

// MapInfo asks the kernel about the map behind fd.
func MapInfo(fd bpf.FD) (bpf.MapInfo, error) {
	info, err := bpf.ReadMapInfo(fd)
	if err != nil {
		return info, fmt.Errorf("can't get map info: %w", err)
	}
	return info, nil
}

// Link reads a link selector and opens the link that it names. It is the
// caller's to close.
func Link(a *args.Args) (bpf.FD, error) {
	switch {
	case a.Is("id"):
		return byID(a, bpf.ReadOnly, bpf.Link, "failed to get link with ID %d")
	case a.Is("pinned"):
		return pinned(a, bpf.ReadOnly, bpf.Link)
	}
	return 0, args.Errorf("expected 'id' or 'pinned', got: '%s'?", a.Peek())
}

// BTF reads a selector of a BTF object and opens the object. It is the caller's
// to close.
func BTF(a *args.Args) (bpf.FD, error) {
	if a.Is("id") {
		return byID(a, bpf.ReadOnly, bpf.BTF, "can't get BTF object by id (%d)")
	}
	return 0, args.Errorf("expected 'id', got: '%s'?", a.Peek())
}
