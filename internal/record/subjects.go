package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/cilium/ebpf"
)

// A subject is something to record.
type subject struct {
	kind, name string

	// ask makes the objects, and returns the arguments of the reference that ask
	// for them.
	ask func(*scene) ([]string, error)
}

func (s subject) String() string { return s.kind + "/" + s.name }

// matches reports whether a pattern means the subject.
func (s subject) matches(pattern string) bool {
	ok, err := path.Match(pattern, s.String())
	return ok && err == nil
}

// wanted reports whether one of the patterns means the subject. Without any, all
// are wanted but the lists.
func (s subject) wanted(patterns []string) bool {
	if len(patterns) == 0 {
		return !s.matches("*/list*")
	}
	return slices.ContainsFunc(patterns, s.matches)
}

// subjects returns all there is to record. Empty lists come first: the kernel's
// own BTF may get its ID only when something needs it.
func subjects() []subject {
	all := slices.Clone(empty)
	for _, kind := range []string{"prog", "map", "link"} {
		for _, row := range tables[kind] {
			all = append(all, subject{kind, row.Type, single(kind, row.Type)})
		}
	}
	return append(append(all, others...), probes...)
}

// probes are about the kernel.
var probes = []subject{
	{"feature", "kernel", probe()},
	{"feature", "unprivileged", probe("unprivileged")},
	{"feature", "device", probe("dev", "lo")},
}

// probe asks what the kernel can do.
func probe(words ...string) func(*scene) ([]string, error) {
	return func(*scene) ([]string, error) { return append([]string{"feature", "probe"}, words...), nil }
}

// single asks for the object of a row.
func single(kind, row string) func(*scene) ([]string, error) {
	return func(sc *scene) ([]string, error) {
		o, err := sc.make(kind, row, "")
		if err != nil {
			return nil, err
		}
		if o.ID != 0 {
			return []string{kind, "show", "id", decimal(o.ID)}, nil
		}
		// Without its device, a program has no ID.
		path, err := sc.pin(o, "orphaned")
		return []string{kind, "show", "pinned", path}, err
	}
}

var empty = []subject{
	{"btf", "list.empty", nothing("btf")},
	{"prog", "list.empty", nothing("prog")},
	{"map", "list.empty", nothing("map")},
	{"link", "list.empty", nothing("link")},
}

// others are what is not a row: several objects, and what goes with options.
var others = []subject{
	{"prog", "list", list("prog", "socket_filter", "xdp.maps", "xdp.unnamed", "tracing.iter_task")},
	{"prog", "list.pinned", pinnedList("prog", "xdp", "socket_filter")},
	{"prog", "several", several("prog", "xdp", "sched_cls")},
	{"prog", "xdp.pinned", pinned("prog", "xdp", "one")},
	{"prog", "xdp.pinned_twice", pinned("prog", "xdp", "one", "two")},
	{"prog", "xdp.unpinned", unpinned("prog", "xdp")},
	{"prog", "xdp.not_asked", pinnedNotAsked("prog", "xdp")},

	// Maps without BTF come first: after one with BTF, the reference lists them
	// under its ID.
	{"map", "list", list("map", "array", "ringbuf", "hash.unnamed", "hash.frozen", "hash.btf", "array.btf")},
	{"map", "list.pinned", pinnedList("map", "hash", "array")},
	{"map", "several", several("map", "hash", "array")},
	{"map", "hash.pinned", pinned("map", "hash", "one")},
	{"map", "hash.pinned_twice", pinned("map", "hash", "one", "two")},
	{"map", "hash.unpinned", unpinned("map", "hash")},
	{"map", "prog_array.owned_pinned", pinned("map", "prog_array.owned", "one")},
	{"map", "array.rodata_pinned", pinned("map", "array.rodata", "one")},

	{"link", "list", list("link", "raw_tracepoint", "xdp", "iter", "cgroup", "netfilter")},
	{"link", "list.pinned", pinnedList("link", "xdp", "cgroup")},
	{"link", "xdp.pinned", pinned("link", "xdp", "one")},
	{"link", "xdp.pinned_twice", pinned("link", "xdp", "one", "two")},
	{"link", "iter.pinned", pinned("link", "iter", "one")},
	{"link", "iter.unpinned", unpinned("link", "iter")},
	{"link", "netfilter.pinned", pinned("link", "netfilter", "one")},
	{"link", "perf_event.pinned", pinned("link", "perf_event.cookie", "one")},

	{"btf", "vmlinux", btfID((*scene).vmlinux)},
	{"btf", "unused", btfID((*scene).types)},
	{"btf", "prog", btfUsed("prog", "xdp.funcs")},
	{"btf", "map", btfUsed("map", "hash.btf")},
	{"btf", "list", list("btf", "prog xdp.funcs", "map hash.btf", "map array.rodata")},
}

// show asks for all objects of a kind.
func show(kind string) []string { return []string{kind, "show"} }

// nothing asks for all objects of a kind where there are none.
func nothing(kind string) func(*scene) ([]string, error) {
	return func(sc *scene) ([]string, error) {
		text, err := sc.reference.run(append([]string{"-j"}, show(kind)...)...)
		if err == nil && strings.TrimSpace(string(text)) != "[]" {
			err = fmt.Errorf("%s show: an empty list: %w, something is loaded", kind, ebpf.ErrNotSupported)
		}
		return show(kind), err
	}
}

// list asks for all objects of a kind. A row of another kind follows the kind.
func list(kind string, rows ...string) func(*scene) ([]string, error) {
	return func(sc *scene) ([]string, error) {
		for _, row := range rows {
			k, typ, ok := strings.Cut(row, " ")
			if !ok {
				k, typ = kind, row
			}
			if _, err := sc.make(k, typ, ""); err != nil {
				return nil, err
			}
		}
		return show(kind), nil
	}
}

// pinnedList asks for all objects of a kind, the first of which is pinned.
func pinnedList(kind, row, other string) func(*scene) ([]string, error) {
	return func(sc *scene) ([]string, error) {
		if _, err := pinned(kind, row, "one")(sc); err != nil {
			return nil, err
		}
		_, err := sc.make(kind, other, "")
		return append([]string{"-f"}, show(kind)...), err
	}
}

// several asks for two objects by their common name.
func several(kind string, rows ...string) func(*scene) ([]string, error) {
	const name = "several"
	return func(sc *scene) ([]string, error) {
		for _, row := range rows {
			if _, err := sc.make(kind, row, name); err != nil {
				return nil, err
			}
		}
		return append(show(kind), "name", name), nil
	}
}

// pinned asks for an object, and where it is pinned.
func pinned(kind, row string, names ...string) func(*scene) ([]string, error) {
	return func(sc *scene) ([]string, error) {
		o, err := sc.make(kind, row, "")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if _, err := sc.pin(o, name); err != nil {
				return nil, err
			}
		}
		return []string{"-f", kind, "show", "id", decimal(o.ID)}, nil
	}
}

// unpinned asks for an object that is not pinned, while another of its kind is.
func unpinned(kind, row string) func(*scene) ([]string, error) {
	return func(sc *scene) ([]string, error) {
		if _, err := pinned(kind, row, "other")(sc); err != nil {
			return nil, err
		}
		return pinned(kind, row)(sc)
	}
}

// pinnedNotAsked asks for an object by the path where it is pinned, without
// asking for paths.
func pinnedNotAsked(kind, row string) func(*scene) ([]string, error) {
	return func(sc *scene) ([]string, error) {
		o, err := sc.make(kind, row, "")
		if err != nil {
			return nil, err
		}
		path, err := sc.pin(o, "one")
		return []string{kind, "show", "pinned", path}, err
	}
}

// btfID asks for a BTF object.
func btfID(find func(*scene) (uint32, error)) func(*scene) ([]string, error) {
	return func(sc *scene) ([]string, error) {
		id, err := find(sc)
		return []string{"btf", "show", "id", decimal(id)}, err
	}
}

// btfUsed asks for the BTF object of the object of a row.
func btfUsed(kind, row string) func(*scene) ([]string, error) {
	return btfID(func(sc *scene) (uint32, error) {
		o, err := sc.make(kind, row, "")
		if err != nil {
			return 0, err
		}
		return sc.btfOf(o)
	})
}
