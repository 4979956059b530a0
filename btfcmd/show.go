package btfcmd

import (
	"bufio"
	"context"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/holders"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/render"
)

// Object is what "btf show" reports about one BTF object.
//
// Field order is the order of keys in bpftool's JSON.
type Object struct {
	ID      uint32       `json:"id"`
	Size    uint32       `json:"size"`     // bytes
	ProgIDs []uint32     `json:"prog_ids"` // programs that use it, in increasing order
	MapIDs  []uint32     `json:"map_ids"`  // maps that use it, in increasing order
	Pids    holders.List `json:"pids,omitempty"`
	Kernel  bool         `json:"kernel"` // of the kernel or one of its modules
	Name    string       `json:"name,omitempty"`
}

// show answers "btf show [id BTF_ID]".
func show(_ context.Context, c *call.Call) error {
	given, err := pick.Selector(c.Args)
	if err != nil {
		return err
	}
	// Before anything is opened: the tool itself is no holder.
	found := holders.Find(bpf.BTF)
	if !given {
		s, err := newSurroundings(found)
		if err != nil {
			return err
		}
		return render.All(c.Out, pick.All(bpf.BTF, s.gather))
	}
	fd, err := pick.BTF(c.Args)
	if err != nil {
		return err
	}
	defer fd.Close()
	s, err := newSurroundings(found)
	if err != nil {
		return err
	}
	o, err := s.gather(fd)
	if err != nil {
		return err
	}
	return c.Out.One(o)
}

// surroundings are what is gathered once for all BTF objects: who uses them, by
// their IDs.
type surroundings struct {
	progs, maps map[uint32][]uint32
	holders     holders.Table
}

func newSurroundings(found holders.Table) (*surroundings, error) {
	s := &surroundings{holders: found}
	var err error
	s.progs, err = users(bpf.Prog, func(fd bpf.FD) (user, error) {
		info, _, err := pick.ProgInfo(fd)
		return user{info.ID, info.BTFID}, err
	})
	if err != nil {
		return nil, err
	}
	s.maps, err = users(bpf.Map, func(fd bpf.FD) (user, error) {
		info, err := pick.MapInfo(fd)
		return user{info.ID, info.BTFID}, err
	})
	return s, err
}

// A user is a program or map that uses a BTF object.
type user struct{ id, btfID uint32 }

// users lists the IDs of the objects of a kind by that of their BTF object.
func users(kind bpf.Kind, gather func(bpf.FD) (user, error)) (map[uint32][]uint32, error) {
	table := make(map[uint32][]uint32)
	for u, err := range pick.Users(kind, string(kind), gather) {
		if err != nil {
			return nil, err
		}
		if u.btfID != 0 {
			table[u.btfID] = append(table[u.btfID], u.id)
		}
	}
	return table, nil
}

// gather collects everything known about the BTF object behind fd.
func (s *surroundings) gather(fd bpf.FD) (*Object, error) {
	info, err := bpf.ReadBTFInfo(fd)
	if err != nil {
		return nil, fmt.Errorf("can't get BTF object info: %w", err)
	}
	return describe(info, s), nil
}

// describe turns the kernel's answers about a BTF object into a report.
func describe(info bpf.BTFInfo, s *surroundings) *Object {
	o := &Object{
		ID:      info.ID,
		Size:    info.Size,
		ProgIDs: s.progs[info.ID],
		MapIDs:  s.maps[info.ID],
		Pids:    s.holders[info.ID],
		Kernel:  info.Kernel,
		Name:    info.Name,
	}
	if o.ProgIDs == nil {
		o.ProgIDs = []uint32{} // an empty array, not null
	}
	if o.MapIDs == nil {
		o.MapIDs = []uint32{}
	}
	return o
}

// Plain implements [render.Fact].
func (o *Object) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "%d: ", o.ID)
	switch {
	case o.Kernel:
		fmt.Fprintf(w, "name [%s]  ", o.Name)
	case o.Name != "":
		fmt.Fprintf(w, "name %s  ", o.Name)
	default:
		fmt.Fprint(w, "name <anon>  ")
	}
	fmt.Fprintf(w, "size %dB", o.Size)
	plainIDs(w, "prog_ids", o.ProgIDs)
	plainIDs(w, "map_ids", o.MapIDs)
	o.Pids.Plain(w)
	fmt.Fprintln(w)
}

func plainIDs(w *bufio.Writer, what string, ids []uint32) {
	for i, id := range ids {
		sep := ","
		if i == 0 {
			sep = "  " + what + " "
		}
		fmt.Fprintf(w, "%s%d", sep, id)
	}
}
