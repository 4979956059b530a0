package link

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

// Link is what "link show" reports about one link.
//
// In JSON the keys of the three parts follow each other in one object.
type Link struct {
	Head
	Target Target // what the program is attached to; nil if nothing is known
	Tail
}

// Head is what all links begin with.
type Head struct {
	ID     uint32         `json:"id"`
	Type   names.LinkType `json:"type"`
	ProgID uint32         `json:"prog_id"` // 0 for struct_ops, which has a map instead
}

// Tail is what all links end with.
type Tail struct {
	Pinned bpffs.Paths  `json:"pinned,omitzero"`
	Cookie *uint64      `json:"bpf_cookie,omitempty"`
	Pids   holders.List `json:"pids,omitempty"`
}

// A Target is what the program of a link is attached to: a struct whose fields
// are keys in JSON.
type Target interface {
	// Plain writes what follows the first words of a link's description.
	Plain(w *bufio.Writer)
}

// MarshalJSON implements [json.Marshaler].
func (l *Link) MarshalJSON() ([]byte, error) {
	if l.Target == nil {
		return render.Join(l.Head, l.Tail)
	}
	return render.Join(l.Head, l.Target, l.Tail)
}

// show answers "link show [LINK]".
func show(_ context.Context, c *call.Call) error {
	given, err := pick.Selector(c.Args)
	if err != nil {
		return err
	}
	// Before anything is opened: the tool itself is no holder.
	s := pick.NewSurroundings(bpf.Link, c.Pinned)
	if !given {
		return render.All(c.Out, pick.All(bpf.Link, gather(s)))
	}
	fd, err := pick.Link(c.Args)
	if err != nil {
		return err
	}
	defer fd.Close()
	l, err := gather(s)(fd)
	if err != nil {
		return err
	}
	return c.Out.One(l)
}

// gather returns what collects everything known about a link.
func gather(s pick.Surroundings) func(bpf.FD) (*Link, error) {
	return func(fd bpf.FD) (*Link, error) {
		info, err := bpf.ReadLinkInfo(fd)
		if err != nil {
			return nil, fmt.Errorf("can't get link info: %w", err)
		}
		l := describe(info, s)
		l.Target, err = target(info)
		return l, err
	}
}

// describe turns the kernel's answer about a link into a report, but for its
// target.
func describe(info *bpf.LinkInfo, s pick.Surroundings) *Link {
	l := &Link{
		Head: Head{ID: info.ID, Type: names.LinkType(info.Type), ProgID: info.ProgID},
		Tail: Tail{Pinned: s.Pinned.Of(info.ID), Pids: s.Holders[info.ID]},
	}
	// The C tool reads the cookie of a perf event where it finds the processes
	// that hold the link, so it shows one only for links that are held.
	if p := info.PerfEvent; p != nil && p.HasCookie() && l.Pids != nil {
		l.Cookie = &p.Cookie
	}
	return l
}

// target describes what the program of a link is attached to.
func target(info *bpf.LinkInfo) (Target, error) {
	switch {
	case info.RawTracepoint != nil:
		return rawTracepoint(info.RawTracepoint), nil
	case info.Tracing != nil:
		return tracing(info.ProgID, info.Tracing)
	case info.Cgroup != nil:
		return cgroup(info.Cgroup), nil
	case info.Iter != nil:
		return iterator(info.Iter), nil
	case info.Netns != nil:
		return netns(info.Netns), nil
	case info.XDP != nil:
		return device(info.XDP.Ifindex), nil
	case info.StructOps != nil:
		return &StructOps{MapID: info.StructOps.MapID}, nil
	case info.Netfilter != nil:
		return netfilter(info.Netfilter), nil
	case info.KprobeMulti != nil:
		return kprobeMulti(info.KprobeMulti)
	case info.UprobeMulti != nil:
		return uprobeMulti(info.UprobeMulti), nil
	case info.PerfEvent != nil:
		return perfEvent(info.PerfEvent), nil
	case info.Device != nil:
		return deviceSide(info.Device), nil
	case info.Sockmap != nil:
		return sockmap(info.Sockmap), nil
	}
	return nil, nil
}

// Plain implements [render.Fact].
func (l *Link) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "%d: %s  ", l.ID, l.Type.Heading())
	if s, ok := l.Target.(*StructOps); ok {
		fmt.Fprintf(w, "map %d  ", s.MapID)
	} else {
		fmt.Fprintf(w, "prog %d  ", l.ProgID)
	}
	if l.Target != nil {
		l.Target.Plain(w)
	}
	l.Pinned.Plain(w)
	if l.Cookie != nil {
		fmt.Fprintf(w, "\n\tbpf_cookie %d", *l.Cookie)
	}
	l.Pids.Plain(w)
	fmt.Fprintln(w)
}
