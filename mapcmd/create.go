package mapcmd

import (
	"context"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// create answers "map create FILE type TYPE key KEY_SIZE value VALUE_SIZE entries
// MAX_ENTRIES name NAME [flags FLAGS] [inner_map MAP] [offload_dev NAME]".
func create(_ context.Context, c *call.Call) error {
	if err := c.Args.Need(7); err != nil {
		return err
	}
	path, err := c.Args.Next(1)
	if err != nil {
		return err
	}
	r := request{c: c}
	defer r.close()
	if err := r.read(); err != nil {
		return err
	}
	fd, err := bpf.CreateMap(r.spec)
	if err != nil {
		return fmt.Errorf("map create failed: %w", err)
	}
	defer fd.Close() // what is not pinned is gone then
	if err := bpffs.Pin(fd, path, !c.NoMount); err != nil {
		return err
	}
	c.Out.Null()
	return nil
}

// A request is the words that say what map is to be made.
type request struct {
	c     *call.Call
	spec  bpf.MapSpec
	named bool // though maybe without a letter
}

func (r *request) close() {
	if r.spec.Inner != 0 {
		r.spec.Inner.Close()
	}
}

// read reads all words.
func (r *request) read() error {
	a := r.c.Args
	for a.Len() > 0 {
		if err := a.Need(2); err != nil {
			return err
		}
		if err := r.word(a); err != nil {
			return err
		}
	}
	if !r.named {
		return args.Errorf("map name not specified")
	}
	return nil
}

// word reads a keyword and what follows it.
func (r *request) word(a *args.Args) (err error) {
	s := &r.spec
	switch {
	case a.Is("type"):
		return r.Type(a)
	case a.Is("name"):
		return r.name(a)
	case a.Is("key"):
		return number(a, &s.KeySize, "key size")
	case a.Is("value"):
		return number(a, &s.ValueSize, "value size")
	case a.Is("entries"):
		return number(a, &s.MaxEntries, "max entries")
	case a.Is("flags"):
		return number(a, &s.Flags, "flags")
	case a.Is("dev"):
		r.c.Talk.Warn("Warning: 'bpftool map create [...] dev <ifname>' syntax is deprecated.\n" +
			"Going further, please use 'offload_dev <ifname>' to request hardware offload for the map.")
		return r.device(a)
	case a.Is("offload_dev"):
		return r.device(a)
	case a.Is("inner_map"):
		return r.inner(a)
	}
	return args.Errorf("unknown arg %s", a.Peek())
}

// number reads a number that may be given once. 0 is as good as nothing.
func number(a *args.Args, n *uint32, what string) (err error) {
	if *n != 0 {
		return args.Errorf("%s already specified", what)
	}
	*n, err = a.Uint32(what)
	return err
}

func (r *request) Type(a *args.Args) error {
	if r.spec.Type != 0 {
		return args.Errorf("map type already specified")
	}
	word, err := a.Next(1)
	if err != nil {
		return err
	}
	t, ok := names.ParseMapType(word)
	if !ok {
		return args.Errorf("unrecognized map type: %s", word)
	}
	r.spec.Type = uint32(t)
	return nil
}

func (r *request) name(a *args.Args) (err error) {
	r.named = true
	if r.spec.Name, err = a.Next(1); err != nil {
		return err
	}
	if len(r.spec.Name) > 15 {
		r.c.Talk.Warn("Warning: map name is longer than 15 characters, it will be truncated.")
	}
	return nil
}

func (r *request) device(a *args.Args) error {
	if r.spec.Ifindex != 0 {
		return args.Errorf("offload device already specified")
	}
	name, err := a.Next(1)
	if err != nil {
		return err
	}
	r.spec.Ifindex, err = pick.DeviceIndex(name)
	if err != nil {
		return fmt.Errorf("unrecognized netdevice '%s': %s", name, names.Reason(err))
	}
	return nil
}

// inner reads the selector of a map like those that are to be in a map of maps.
func (r *request) inner(a *args.Args) (err error) {
	if err := a.Need(2); err != nil {
		return err
	}
	r.close()
	r.spec.Inner, err = pick.Map(a, bpf.ReadOnly)
	return err
}
