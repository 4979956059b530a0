package link

import (
	"bufio"
	"fmt"
	"strconv"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// perfEvent describes the target of a link of type perf_event. It is nil before
// Linux 6.6, which does not tell.
func perfEvent(p *bpf.PerfEventLink) Target {
	switch p.Type {
	case bpf.PerfEvent:
		kind := names.PerfType(p.Event)
		return &Event{Type: kind, Config: names.PerfConfig{Type: kind, Config: p.Config}, Cookie: p.Cookie}
	case bpf.PerfTracepoint:
		return &Tracepoint{Name: p.Name, Cookie: p.Cookie}
	case bpf.PerfKprobe, bpf.PerfKretprobe:
		return &Kprobe{
			Return: p.Type == bpf.PerfKretprobe,
			Addr:   p.Addr, Func: p.Name, Offset: p.Offset, Missed: p.Missed, Cookie: p.Cookie,
		}
	case bpf.PerfUprobe, bpf.PerfUretprobe:
		return &Uprobe{
			Return: p.Type == bpf.PerfUretprobe,
			File:   p.Name, Offset: p.Offset, Cookie: p.Cookie, RefCtr: p.RefCtr,
		}
	}
	return nil
}

// Event is a counter of the processor or the kernel.
type Event struct {
	Type   names.PerfType   `json:"event_type"`
	Config names.PerfConfig `json:"event_config"` // what is counted
	Cookie uint64           `json:"cookie"`
}

// Plain implements [Target].
func (e *Event) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "\n\tevent %s:%s  ", e.Type, e.Config)
	plainCookie(w, e.Cookie)
}

// Tracepoint is a tracepoint of the kernel.
type Tracepoint struct {
	Name   string `json:"tracepoint"`
	Cookie uint64 `json:"cookie"`
}

// Plain implements [Target].
func (t *Tracepoint) Plain(w *bufio.Writer) {
	if t.Name == "" {
		return
	}
	fmt.Fprintf(w, "\n\ttracepoint %s  ", t.Name)
	plainCookie(w, t.Cookie)
}

// Kprobe is a place in the kernel, or the end of a function.
type Kprobe struct {
	Return bool   `json:"retprobe"`
	Addr   uint64 `json:"addr"` // 0 if it may not be seen
	Func   string `json:"func"`
	Offset uint32 `json:"offset"` // bytes from the start of the function
	Missed uint64 `json:"missed"`
	Cookie uint64 `json:"cookie"`
}

// Plain implements [Target].
func (k *Kprobe) Plain(w *bufio.Writer) {
	if k.Func == "" && k.Addr == 0 {
		return
	}
	if k.Return {
		fmt.Fprint(w, "\n\tkretprobe ")
	} else {
		fmt.Fprint(w, "\n\tkprobe ")
	}
	if k.Addr != 0 {
		fmt.Fprintf(w, "%x ", k.Addr)
	}
	fmt.Fprint(w, k.Func)
	if k.Offset != 0 {
		fmt.Fprintf(w, "+0x%x", k.Offset)
	}
	if k.Missed != 0 {
		fmt.Fprintf(w, "  missed %d", k.Missed)
	}
	if k.Cookie != 0 {
		fmt.Fprintf(w, "  cookie %d", k.Cookie)
	}
	fmt.Fprint(w, "  ")
}

// Uprobe is a place in a file, or the end of a function there.
type Uprobe struct {
	Return bool   `json:"retprobe"`
	File   string `json:"file"`
	Offset uint32 `json:"offset"` // bytes from the start of the file
	Cookie uint64 `json:"cookie"`
	RefCtr uint64 `json:"ref_ctr_offset"` // of the semaphore, or 0
}

// Plain implements [Target].
func (u *Uprobe) Plain(w *bufio.Writer) {
	if u.File == "" {
		return
	}
	if u.Return {
		fmt.Fprint(w, "\n\turetprobe ")
	} else {
		fmt.Fprint(w, "\n\tuprobe ")
	}
	offset := "0"
	if u.Offset != 0 {
		offset = "0x" + strconv.FormatUint(uint64(u.Offset), 16)
	}
	fmt.Fprintf(w, "%s+%s  ", u.File, offset)
	plainCookie(w, u.Cookie)
	if u.RefCtr != 0 {
		fmt.Fprintf(w, "ref_ctr_offset 0x%x  ", u.RefCtr)
	}
}
