package mapcmd

import (
	"bufio"
	"context"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/holders"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/render"
)

// Map is what "map show" reports about one map.
//
// Field order is the order of keys in bpftool's JSON.
type Map struct {
	ID         uint32        `json:"id"`
	Type       names.MapType `json:"type"`
	Name       string        `json:"name,omitempty"`
	Flags      uint32        `json:"flags"` // BPF_F_* given at creation
	Dev        *pick.Device  `json:"dev,omitempty"`
	KeySize    uint32        `json:"bytes_key"`
	ValueSize  uint32        `json:"bytes_value"`
	MaxEntries uint32        `json:"max_entries"`
	Memlock    *uint64       `json:"bytes_memlock,omitempty"` // nil without procfs
	*Owner                   // nil but for a prog_array that a program uses
	Frozen     bit           `json:"frozen"`
	BTFID      uint32        `json:"btf_id,omitempty"`
	Pinned     bpffs.Paths   `json:"pinned,omitzero"`
	Pids       holders.List  `json:"pids,omitempty"`
}

// Owner says which programs a prog_array takes.
type Owner struct {
	ProgType *names.ProgType `json:"owner_prog_type,omitempty"`
	Jited    *bool           `json:"owner_jited,omitempty"`
}

// bit is true or false, spelt 1 or 0 in JSON.
type bit bool

// MarshalJSON implements [json.Marshaler].
func (b bit) MarshalJSON() ([]byte, error) {
	if b {
		return []byte("1"), nil
	}
	return []byte("0"), nil
}

// UnmarshalJSON implements [json.Unmarshaler].
func (b *bit) UnmarshalJSON(text []byte) error {
	*b = string(text) != "0"
	return nil
}

// show answers "map show [MAP]".
func show(_ context.Context, c *call.Call) error {
	given, err := pick.Selector(c.Args)
	if err != nil {
		return err
	}
	// Before anything is opened: the tool itself is no holder.
	s := pick.NewSurroundings(bpf.Map, c.Pinned)
	if !given {
		return render.All(c.Out, pick.All(bpf.Map, gather(s)))
	}
	fds, err := pick.Maps(c.Args)
	if err != nil {
		return err
	}
	found, err := pick.Each(fds, gather(s))
	if err != nil {
		return err
	}
	return render.Some(c.Out, found)
}

// gather returns what collects everything known about a map.
func gather(s pick.Surroundings) func(bpf.FD) (*Map, error) {
	return func(fd bpf.FD) (*Map, error) {
		info, err := pick.MapInfo(fd)
		if err != nil {
			return nil, err
		}
		dev := pick.NewDevice(info.Ifindex, info.NetnsDev, info.NetnsIno)
		return describe(info, bpf.ReadFDInfo(fd), dev, s), nil
	}
}

// describe turns the kernel's answers about a map into a report.
func describe(info bpf.MapInfo, fd bpf.FDInfo, dev *pick.Device, s pick.Surroundings) *Map {
	m := &Map{
		ID:         info.ID,
		Type:       names.MapType(info.Type),
		Name:       info.Name(),
		Flags:      info.Flags,
		Dev:        dev,
		KeySize:    info.KeySize,
		ValueSize:  info.ValueSize,
		MaxEntries: info.MaxEntries,
		BTFID:      info.BTFID,
		Pinned:     s.Pinned.Of(info.ID),
		Pids:       s.Holders[info.ID],
	}
	if n, ok := fd.Uint("memlock"); ok {
		m.Memlock = &n
	}
	frozen, _ := fd.Uint("frozen")
	m.Frozen = frozen != 0
	if m.Type.String() == "prog_array" {
		m.Owner = owner(fd)
	}
	return m
}

func owner(fd bpf.FDInfo) *Owner {
	var o Owner
	if n, ok := fd.Uint("owner_prog_type"); ok {
		t := names.ProgType(n)
		o.ProgType = &t
	}
	if n, ok := fd.Uint("owner_jited"); ok {
		jited := n != 0
		o.Jited = &jited
	}
	if o == (Owner{}) {
		return nil
	}
	return &o
}

// Plain implements [render.Fact].
func (m *Map) Plain(w *bufio.Writer) {
	m.plainHead(w)
	m.Dev.Plain(w)
	fmt.Fprintf(w, "\n\tkey %dB  value %dB  max_entries %d", m.KeySize, m.ValueSize, m.MaxEntries)
	if m.Memlock != nil {
		fmt.Fprintf(w, "  memlock %dB", *m.Memlock)
	}
	m.Owner.plain(w)
	m.Pinned.Plain(w)
	switch {
	case m.BTFID != 0 && bool(m.Frozen):
		fmt.Fprintf(w, "\n\tbtf_id %d  frozen", m.BTFID)
	case m.BTFID != 0:
		fmt.Fprintf(w, "\n\tbtf_id %d", m.BTFID)
	case bool(m.Frozen):
		fmt.Fprint(w, "\n\tfrozen")
	}
	m.Pids.Plain(w)
	fmt.Fprintln(w)
}

// plainHead writes what the description of a map begins with.
func (m *Map) plainHead(w *bufio.Writer) {
	fmt.Fprintf(w, "%d: %s  ", m.ID, m.Type.Heading())
	if m.Name != "" {
		fmt.Fprintf(w, "name %s  ", m.Name)
	}
	fmt.Fprintf(w, "flags 0x%x", m.Flags)
}

func (o *Owner) plain(w *bufio.Writer) {
	if o == nil {
		return
	}
	fmt.Fprint(w, "\n\t")
	if o.ProgType != nil {
		fmt.Fprintf(w, "owner_prog_type %s  ", o.ProgType)
	}
	switch {
	case o.Jited == nil:
	case *o.Jited:
		fmt.Fprint(w, "owner jited")
	default:
		fmt.Fprint(w, "owner not jited")
	}
}
