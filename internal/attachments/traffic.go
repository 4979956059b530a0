package attachments

import (
	"bufio"
	"encoding/hex"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/rtnl"
)

// A Filter is a filter of traffic control: what names it for its removal.
type Filter struct {
	Device
	Direction string `json:"direction,omitempty"` // "ingress" or "egress"; "" unless the parent is one of these
	Parent    handle `json:"parent"`
	Block     uint32 `json:"block,omitempty"` // of filters that devices share, or 0
	Chain     uint32 `json:"chain"`
	Priority  uint16 `json:"prio"`
	Protocol  uint16 `json:"protocol"` // ETH_P_*
	Filter    string `json:"filter"`   // its kind, such as "bpf"
	Handle    uint32 `json:"handle"`
	Direct    bool   `json:"direct_action"`
	Name      string `json:"prog_name"` // what the program was called when it was attached
	Tag       tag    `json:"tag"`
}

// handle is the number of a node of traffic control, spelt as tc(8) does.
type handle uint32

func (h handle) String() string {
	if h == 0 {
		return "root"
	}
	return fmt.Sprintf("%x:%x", uint32(h)>>16, uint32(h)&0xffff)
}

// MarshalText implements [encoding.TextMarshaler].
func (h handle) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// tag is the kernel's fingerprint of a program's instructions.
type tag [8]byte

func (t tag) String() string { return hex.EncodeToString(t[:]) }

// MarshalText implements [encoding.TextMarshaler].
func (t tag) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// Plain implements [Place].
func (t *Filter) Plain(w *bufio.Writer) {
	t.plain(w)
	if t.Direction != "" {
		fmt.Fprintf(w, "  %s", t.Direction)
	}
	fmt.Fprintf(w, "  parent %s", t.Parent)
	if t.Block != 0 {
		fmt.Fprintf(w, "  block %d", t.Block)
	}
	fmt.Fprintf(w, "  chain %d  prio %d  protocol 0x%04x  %s  handle 0x%x", t.Chain, t.Priority, t.Protocol, t.Filter, t.Handle)
	if t.Direct {
		fmt.Fprint(w, "  direct_action")
	}
	fmt.Fprintf(w, "  name %s", t.Name)
}

// An Action is an action of traffic control.
type Action struct {
	Index  uint32    `json:"index"`     // by which it can be removed
	Name   string    `json:"prog_name"` // what the program was called when it was attached
	Tag    tag       `json:"tag"`
	Filter *UsedFrom `json:"filter,omitempty"` // nil for one that no filter here uses
}

// UsedFrom is a filter that uses an action.
type UsedFrom struct {
	Filter
	Order int `json:"order"` // of the action, from 1
}

// Plain implements [Place].
func (a *Action) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "  index %d  name %s", a.Index, a.Name)
	if a.Filter == nil {
		fmt.Fprint(w, "  used by no filter")
		return
	}
	t := a.Filter
	fmt.Fprintf(w, "  order %d  of filter", t.Order)
	t.Filter.Plain(w)
}

// traffic looks through traffic control of all devices.
func (f *finder) traffic() error {
	c, err := rtnl.Dial()
	if err != nil {
		return err
	}
	defer c.Close()
	devices, err := c.Devices()
	if err != nil {
		return err
	}
	nodes, err := c.Qdiscs()
	if err != nil {
		return err
	}
	seen := make(map[uint32]bool) // actions
	for _, d := range devices {
		if err := f.filters(c, Device{d.Name, d.Index}, nodes, seen); err != nil && !gone(err) {
			f.missed("traffic control of "+d.Name, err, "sched_cls", "sched_act")
		}
	}
	actions, err := c.Actions()
	for _, a := range actions {
		if !seen[a.Index] {
			f.add(ActionKind, a.ID, 0, &Action{Index: a.Index, Name: a.Name, Tag: a.Tag})
		}
	}
	return err
}

// filters looks through the filters of a device.
func (f *finder) filters(c *rtnl.Conn, d Device, nodes []rtnl.Node, seen map[uint32]bool) error {
	parents, err := parents(c, d.Ifindex, nodes)
	if err != nil {
		return err
	}
	for _, parent := range parents {
		list, err := c.Filters(d.Ifindex, parent)
		if err != nil {
			return err
		}
		for _, t := range list {
			f.filter(d, t, seen)
		}
	}
	return nil
}

// parents returns what filters of a device may be attached to.
func parents(c *rtnl.Conn, ifindex uint32, nodes []rtnl.Node) ([]uint32, error) {
	var list []uint32
	classes := false
	for _, n := range nodes {
		switch {
		case n.Ifindex != ifindex:
		case n.Kind == "clsact":
			list = append(list, rtnl.Ingress, rtnl.Egress)
		case n.Kind == "ingress":
			list = append(list, rtnl.Ingress)
		case n.Handle != 0:
			list = append(list, n.Handle)
			classes = classes || n.Kind != "mq" // whose classes have no filters
		case n.Parent == rtnl.Root:
			list = append(list, 0) // the kernel finds it without a number
		}
	}
	if !classes {
		return list, nil
	}
	found, err := c.Classes(ifindex)
	for _, n := range found {
		list = append(list, n.Handle)
	}
	return list, err
}

// directions are the parents that say which way packets go.
var directions = map[uint32]string{rtnl.Ingress: "ingress", rtnl.Egress: "egress"}

// filter adds the programs of a filter.
func (f *finder) filter(d Device, t rtnl.Filter, seen map[uint32]bool) {
	at := Filter{
		Device: d, Direction: directions[t.Parent], Parent: handle(t.Parent), Block: t.Block, Chain: t.Chain,
		Priority: t.Priority, Protocol: t.Protocol, Filter: t.Kind, Handle: t.Handle, Direct: t.Direct,
	}
	if p := t.Prog; p != nil {
		at.Name, at.Tag = p.Name, p.Tag
		f.add(FilterKind, p.ID, 0, &at)
	}
	for _, a := range t.Actions {
		seen[a.Index] = true
		f.add(ActionKind, a.ID, 0, &Action{a.Index, a.Name, a.Tag, &UsedFrom{at, a.Order}})
	}
}
