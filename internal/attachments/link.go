package attachments

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// A Link is where a link attaches a program, if that is none of the other kinds of
// places, or not in reach. What is set depends on its type; nothing is once what it
// attached to is gone.
type Link struct {
	Type       names.LinkType    `json:"type"`
	AttachType *names.AttachType `json:"attach_type,omitempty"`

	Event      string `json:"event,omitempty"`          // of a perf event: "kprobe" etc.
	Target     string `json:"target,omitempty"`         // function, tracepoint, kind of iterator, file
	Offset     uint64 `json:"offset,omitempty"`         // bytes from the start of Target
	Count      int    `json:"func_cnt,omitempty"`       // of links to many functions
	TargetProg uint32 `json:"target_prog_id,omitempty"` // the program that has the function Target
	TargetBTF  uint32 `json:"target_btf_id,omitempty"`  // the type of Target there
	Ifindex    uint32 `json:"ifindex,omitempty"`        // of a device
	CgroupID   uint64 `json:"cgroup_id,omitempty"`
	NetnsIno   uint32 `json:"netns_ino,omitempty"`
	MapID      uint32 `json:"map_id,omitempty"`
	Netfilter  *Hook  `json:"netfilter,omitempty"`
}

// A Hook is a hook of netfilter.
type Hook struct {
	PF       uint32 `json:"pf"`
	Hook     uint32 `json:"hook"`
	Priority int32  `json:"prio"`
}

// Plain implements [Place].
func (l *Link) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "  %s", l.Type.Heading())
	if l.AttachType != nil {
		fmt.Fprintf(w, "  attach_type %s", *l.AttachType)
	}
	if l.Event != "" {
		fmt.Fprintf(w, "  %s", l.Event)
	}
	if l.Target != "" {
		fmt.Fprintf(w, "  target %s", l.Target)
	}
	if l.Offset != 0 {
		fmt.Fprintf(w, "+0x%x", l.Offset)
	}
	if n := l.Netfilter; n != nil {
		fmt.Fprintf(w, "  pf %d hook %d prio %d", n.PF, n.Hook, n.Priority)
	}
	for _, n := range []struct {
		key   string
		value uint64
	}{
		{"target_prog_id", uint64(l.TargetProg)}, {"func_cnt", uint64(l.Count)}, {"ifindex", uint64(l.Ifindex)},
		{"cgroup_id", l.CgroupID}, {"netns_ino", uint64(l.NetnsIno)}, {"map_id", uint64(l.MapID)},
	} {
		if n.value != 0 {
			fmt.Fprintf(w, "  %s %d", n.key, n.value)
		}
	}
}

// A seenLink is a link, and whether it is told as part of a place.
type seenLink struct {
	info    *bpf.LinkInfo
	claimed bool
}

// links reads all links.
func (f *finder) links() error {
	type answer struct {
		info *bpf.LinkInfo
		err  error
	}
	read := func(fd bpf.FD) (answer, error) {
		info, err := bpf.ReadLinkInfo(fd)
		return answer{info, err}, nil
	}
	for a, err := range pick.All(bpf.Link, read) {
		switch {
		case err != nil:
			return err
		case a.err != nil:
			f.missed(string(links), a.err)
		default:
			f.seen = append(f.seen, &seenLink{info: a.info})
		}
	}
	return nil
}

// claim returns the ID of a link of a program that is told as part of a place, or 0 if
// there is none that matches or is not claimed yet.
func (f *finder) claim(progID uint32, match func(*bpf.LinkInfo) bool) uint32 {
	for _, s := range f.seen {
		if !s.claimed && s.info.ProgID == progID && match(s.info) {
			s.claimed = true
			return s.info.ID
		}
	}
	return 0
}

// claimID claims a link of which the place tells the ID, and returns it.
func (f *finder) claimID(id uint32) uint32 {
	for _, s := range f.seen {
		if s.info.ID == id {
			s.claimed = true
		}
	}
	return id
}

// unclaimed describes the links that are part of no place.
func (f *finder) unclaimed() []Attachment {
	var list []Attachment
	types := new(types)
	for _, s := range f.seen {
		if s.claimed || s.info.ProgID == 0 {
			continue
		}
		at := describe(s.info)
		if t := s.info.Tracing; t != nil {
			if t.TargetObjID == 0 && t.TargetBTFID == 0 {
				f.missed("links of type tracing", explained("the kernel does not tell which functions they are attached to, before Linux 5.13"))
			}
			types.target(at, s.info.ProgID, t)
		}
		list = append(list, Attachment{LinkKind, s.info.ProgID, at, s.info.ID})
	}
	return list
}

// describe turns the kernel's answer about a link into a place, but for names of types.
func describe(i *bpf.LinkInfo) *Link {
	l := &Link{Type: names.LinkType(i.Type)}
	attached := func(t uint32) { l.AttachType = new(names.AttachType(t)) }
	switch {
	case i.RawTracepoint != nil:
		l.Target = i.RawTracepoint.Name
	case i.Tracing != nil:
		l.TargetBTF = i.Tracing.TargetBTFID
		attached(i.Tracing.AttachType)
	case i.Cgroup != nil:
		l.CgroupID = i.Cgroup.CgroupID
		attached(i.Cgroup.AttachType)
	case i.Iter != nil:
		l.Target, l.MapID, l.CgroupID = i.Iter.Target, iteratedMap(i.Iter), iteratedCgroup(i.Iter)
	case i.Netns != nil:
		l.NetnsIno = i.Netns.Ino
		attached(i.Netns.AttachType)
	case i.XDP != nil:
		l.Ifindex = i.XDP.Ifindex
	case i.Device != nil:
		l.Ifindex = i.Device.Ifindex
		attached(i.Device.AttachType)
	case i.Sockmap != nil:
		l.MapID = i.Sockmap.MapID
		attached(i.Sockmap.AttachType)
	case i.Netfilter != nil:
		l.Netfilter = &Hook{i.Netfilter.PF, i.Netfilter.Hook, i.Netfilter.Priority}
	case i.PerfEvent != nil:
		l.perfEvent(i.PerfEvent)
	case i.KprobeMulti != nil:
		l.Count = len(i.KprobeMulti.Addrs)
	case i.UprobeMulti != nil:
		l.Target, l.Count = i.UprobeMulti.Path, len(i.UprobeMulti.Offsets)
	case i.TracingMulti != nil:
		l.Count = len(i.TracingMulti.IDs)
		attached(i.TracingMulti.AttachType)
	}
	return l
}

// iteratedMap is the map whose elements an iterator goes over, or 0.
func iteratedMap(i *bpf.IterLink) uint32 {
	if i.Target == "bpf_map_elem" || i.Target == "bpf_sk_storage_map" {
		return i.MapID
	}
	return 0
}

// iteratedCgroup is the cgroup at which an iterator begins, or 0.
func iteratedCgroup(i *bpf.IterLink) uint64 {
	if i.Target == "cgroup" {
		return i.CgroupID
	}
	return 0
}

// perfWords are what types of perf events of links are called.
var perfWords = map[bpf.PerfEventType]string{
	bpf.PerfUprobe: "uprobe", bpf.PerfUretprobe: "uretprobe", bpf.PerfKprobe: "kprobe",
	bpf.PerfKretprobe: "kretprobe", bpf.PerfTracepoint: "tracepoint", bpf.PerfEvent: "event",
}

func (l *Link) perfEvent(p *bpf.PerfEventLink) {
	l.Event, l.Target, l.Offset = perfWords[p.Type], p.Name, uint64(p.Offset)
	if p.Type == bpf.PerfEvent {
		kind := names.PerfType(p.Event)
		l.Target = fmt.Sprintf("%s:%s", strings.TrimSpace(kind.String()), names.PerfConfig{Type: kind, Config: p.Config})
	}
}
