package link

import (
	"bufio"
	"context"
	"fmt"
	"iter"

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
	s := pick.NewSurroundings(bpf.Link, c.Pinned)
	if !given {
		return render.All(c.Out, all(s))
	}
	fd, err := pick.Link(c.Args)
	if err != nil {
		return err
	}
	defer fd.Close()
	a, err := gather(fd)
	if err != nil {
		return err
	}
	return c.Out.One(describe(a, readSymbols(a), s))
}

// all yields every link in the kernel, in order of ID. The kernel's symbols take
// long to read: that is done once, when it is known which are needed.
func all(s pick.Surroundings) iter.Seq2[*Link, error] {
	return func(yield func(*Link, error) bool) {
		var found []*answers
		var failed error
		for a, err := range pick.All(bpf.Link, gather) {
			if err != nil {
				failed = err
				break
			}
			found = append(found, a)
		}
		symbols := readSymbols(found...)
		for _, a := range found {
			if !yield(describe(a, symbols, s), nil) {
				return
			}
		}
		if failed != nil {
			yield(nil, failed)
		}
	}
}

// answers are what the kernel says about one link.
type answers struct {
	info     *bpf.LinkInfo
	progType names.ProgType // of a link of type tracing, which does not tell it
	device   string         // name of the network device, if there is one here
}

// gather collects everything known about the link behind fd, but for symbols.
func gather(fd bpf.FD) (*answers, error) {
	info, err := bpf.ReadLinkInfo(fd)
	if err != nil {
		return nil, fmt.Errorf("can't get link info: %w", err)
	}
	a := &answers{info: info}
	switch {
	case info.Tracing != nil:
		a.progType, err = progType(info.ProgID)
	case info.XDP != nil:
		a.device, _ = pick.DeviceName(info.XDP.Ifindex)
	case info.Device != nil:
		a.device, _ = pick.DeviceName(info.Device.Ifindex)
	}
	return a, err
}

// describe turns the kernel's answers about a link into a report.
func describe(a *answers, symbols symbols, s pick.Surroundings) *Link {
	info := a.info
	l := &Link{
		Head:   Head{ID: info.ID, Type: names.LinkType(info.Type), ProgID: info.ProgID},
		Target: target(a, symbols),
		Tail:   Tail{Pinned: s.Pinned.Of(info.ID), Pids: s.Holders[info.ID]},
	}
	// The C tool reads the cookie of a perf event where it finds the processes
	// that hold the link, so it shows one only for links that are held.
	if p := info.PerfEvent; p != nil && p.HasCookie && l.Pids != nil {
		l.Cookie = &p.Cookie
	}
	return l
}

// target describes what the program of a link is attached to.
func target(a *answers, symbols symbols) Target {
	switch info := a.info; {
	case info.RawTracepoint != nil:
		return rawTracepoint(info.RawTracepoint)
	case info.Tracing != nil:
		return tracing(a.progType, info.Tracing)
	case info.Cgroup != nil:
		return cgroup(info.Cgroup)
	case info.Iter != nil:
		return iterator(info.Iter)
	case info.Netns != nil:
		return netns(info.Netns)
	case info.XDP != nil:
		return device(info.XDP.Ifindex, a.device)
	case info.StructOps != nil:
		return &StructOps{MapID: info.StructOps.MapID}
	case info.Netfilter != nil:
		return netfilter(info.Netfilter)
	case info.KprobeMulti != nil:
		return kprobeMulti(info.KprobeMulti, symbols)
	case info.UprobeMulti != nil:
		return uprobeMulti(info.UprobeMulti)
	case info.PerfEvent != nil:
		return perfEvent(info.PerfEvent)
	case info.Device != nil:
		return deviceSide(info.Device, a.device)
	case info.Sockmap != nil:
		return sockmap(info.Sockmap)
	case info.TracingMulti != nil:
		return tracingMulti(info.TracingMulti, symbols)
	}
	return nil
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
