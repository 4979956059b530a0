package attachments

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/holders"
)

// An Event is a perf event at a place of the kernel or of a file: or several, as of
// each CPU.
type Event struct {
	Event     string       `json:"event"`  // "tracepoint", "kprobe", "kretprobe", "uprobe" or "uretprobe"
	Name      string       `json:"target"` // tracepoint, function, or file
	Offset    uint64       `json:"offset"` // bytes from the start of the function or file
	Addr      uint64       `json:"addr,omitempty"`
	Processes holders.List `json:"pids"` // that have descriptors of it
}

// eventWords are what types of events are called.
var eventWords = map[bpf.EventType]string{
	bpf.EventRawTracepoint: "raw_tracepoint", bpf.EventTracepoint: "tracepoint",
	bpf.EventKprobe: "kprobe", bpf.EventKretprobe: "kretprobe",
	bpf.EventUprobe: "uprobe", bpf.EventUretprobe: "uretprobe",
}

// Plain implements [Place].
func (e *Event) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "  %s ", e.Event)
	switch {
	case e.Name != "":
		fmt.Fprint(w, e.Name)
		if e.Offset != 0 {
			fmt.Fprintf(w, "+0x%x", e.Offset)
		}
	default:
		fmt.Fprintf(w, "0x%x", e.Addr)
	}
	fmt.Fprint(w, "  of")
	plainProcesses(w, e.Processes)
}

func plainProcesses(w *bufio.Writer, list holders.List) {
	for i, p := range list {
		sep := ","
		if i == 0 {
			sep = ""
		}
		fmt.Fprintf(w, "%s %s(%d)", sep, p.Comm, p.PID)
	}
}

// events looks through the perf events of all processes.
func (f *finder) events() error {
	found := make(map[bpf.Event]*Event)
	var silent holders.List // processes with events of which the kernel does not tell
	for _, p := range holders.FindEvents() {
		for _, fd := range p.FDs {
			e, err := bpf.ReadEvent(p.PID, fd)
			switch {
			case err == nil:
				at := found[e]
				if at == nil {
					at = &Event{Event: eventWords[e.Type], Name: e.Name, Offset: e.Offset, Addr: e.Addr}
					found[e] = at
				}
				at.Processes = addProcess(at.Processes, p.Process)
			case errors.Is(err, unix.EOPNOTSUPP):
				silent = addProcess(silent, p.Process)
			case errors.Is(err, unix.EBADF), gone(err): // there is none
			default:
				f.missed(string(Events), err, "kprobe", "tracepoint", "perf_event")
			}
		}
	}
	f.addEvents(found)
	if len(silent) > 0 {
		var list []string
		for _, p := range silent {
			list = append(list, fmt.Sprintf("%s(%d)", p.Comm, p.PID))
		}
		f.missed("perf events of "+strings.Join(list, ", "), explained("the kernel does not tell which program is attached, but that one is"), "perf_event")
	}
	return nil
}

// addEvents adds events in order, but for those of which links tell as much.
func (f *finder) addEvents(found map[bpf.Event]*Event) {
	var list []bpf.Event
	for e := range found {
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b bpf.Event) int {
		return cmp.Or(cmp.Compare(a.ProgID, b.ProgID), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Addr, b.Addr))
	})
	for _, e := range list {
		told := func(s *seenLink) bool {
			l := s.info.PerfEvent
			return l != nil && s.info.ProgID == e.ProgID && perfWords[l.Type] == eventWords[e.Type] && l.Name == e.Name && uint64(l.Offset) == e.Offset
		}
		if slices.ContainsFunc(f.seen, told) {
			continue
		}
		// Before Linux 6.6 links do not tell where they attach.
		link := f.claim(e.ProgID, func(l *bpf.LinkInfo) bool { return l.PerfEvent != nil && l.PerfEvent.Type == 0 })
		f.add(EventKind, e.ProgID, link, found[e])
	}
}

func addProcess(list holders.List, p holders.Process) holders.List {
	if slices.Contains(list, p) {
		return list
	}
	return append(list, p)
}
