package prog

import (
	"bufio"
	"context"
	"fmt"
	"time"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/btfval"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/holders"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/render"
)

// Program is what "prog show" reports about one loaded program.
//
// Field order is the order of keys in bpftool's JSON.
type Program struct {
	Heading
	Dev      *pick.Device  `json:"dev,omitempty"`
	*Load                  // nil before Linux 4.15
	Orphaned bool          `json:"orphaned"` // bound to a device that is gone
	Xlated   uint32        `json:"bytes_xlated"`
	JIT      bool          `json:"jited"`
	Jited    uint32        `json:"bytes_jited,omitempty"`
	Memlock  *uint64       `json:"bytes_memlock,omitempty"` // nil without procfs
	MapIDs   []uint32      `json:"map_ids,omitempty"`
	BTFID    uint32        `json:"btf_id,omitempty"`
	Pinned   bpffs.Paths   `json:"pinned,omitzero"`
	Pids     holders.List  `json:"pids,omitempty"`
	Metadata btfval.Object `json:"metadata,omitempty"`
}

// Heading says which program what follows is about.
type Heading struct {
	ID        uint32         `json:"id"`
	Type      names.ProgType `json:"type"`
	Name      string         `json:"name,omitempty"`
	Tag       tag            `json:"tag"`
	GPL       bool           `json:"gpl_compatible"`
	*RunStats                // nil unless the kernel collects statistics
	Recursion uint64         `json:"recursion_misses,omitempty"`
}

// RunStats count how often a program ran and for how long.
type RunStats struct {
	RunTime time.Duration `json:"run_time_ns"`
	Runs    uint64        `json:"run_cnt"`
}

// Load says who loaded a program, and when.
type Load struct {
	At  clock  `json:"loaded_at"`
	UID uint32 `json:"uid"`
}

// show answers "prog show [PROG [used]]".
func show(_ context.Context, c *call.Call) error {
	if c.Args.Len() == 3 && c.Args.Ends("used") {
		return used(c)
	}
	given, err := pick.Selector(c.Args)
	if err != nil {
		return err
	}
	// Before anything is opened: the tool itself is no holder.
	s := newSurroundings(c.Pinned)
	if !given {
		return render.All(c.Out, pick.All(bpf.Prog, s.gather))
	}
	fds, err := pick.Progs(c.Args)
	if err != nil {
		return err
	}
	found, err := pick.Each(fds, s.gather)
	if err != nil {
		return err
	}
	return render.Some(c.Out, found)
}

// surroundings are what is gathered once for all programs.
type surroundings struct {
	pick.Surroundings
	boot time.Time // when the machine started
}

func newSurroundings(pinned bool) *surroundings {
	return &surroundings{pick.NewSurroundings(bpf.Prog, pinned), bootTime()}
}

// gather collects everything known about the program behind fd.
func (s *surroundings) gather(fd bpf.FD) (*Program, error) {
	info, orphaned, err := pick.ProgInfo(fd)
	if err != nil {
		return nil, err
	}
	return describe(answers{
		info:     info,
		orphaned: orphaned,
		fd:       bpf.ReadFDInfo(fd),
		name:     pick.ProgName(fd, &info),
		dev:      pick.NewDevice(info.Ifindex, info.NetnsDev, info.NetnsIno),
		metadata: readMetadata(info.MapIDs),
	}, s), nil
}

// answers are what the kernel says about one program.
type answers struct {
	info     bpf.ProgInfo
	orphaned bool
	fd       bpf.FDInfo
	name     string
	dev      *pick.Device
	metadata btfval.Object
}

// describe turns the kernel's answers about a program into a report.
func describe(a answers, s *surroundings) *Program {
	info := &a.info
	p := &Program{
		Heading:  heading(info, a.name),
		Dev:      a.dev,
		Orphaned: a.orphaned,
		Xlated:   info.XlatedLen,
		JIT:      info.JitedLen > 0,
		Jited:    info.JitedLen,
		MapIDs:   info.MapIDs,
		BTFID:    info.BTFID,
		Pinned:   s.Pinned.Of(info.ID),
		Pids:     s.Holders[info.ID],
		Metadata: a.metadata,
	}
	if n, ok := a.fd.Uint("memlock"); ok {
		p.Memlock = &n
	}
	if info.LoadTime > 0 {
		at := s.boot.Add(time.Duration(info.LoadTime))
		p.Load = &Load{clock{at.Truncate(time.Second)}, info.UID}
	}
	return p
}

// heading describes a program with a full name.
func heading(info *bpf.ProgInfo, name string) Heading {
	h := Heading{
		ID:        info.ID,
		Type:      names.ProgType(info.Type),
		Name:      name,
		Tag:       info.Tag,
		GPL:       info.GPL(),
		Recursion: info.RecursionMisses,
	}
	if info.RunTime > 0 {
		h.RunStats = &RunStats{time.Duration(info.RunTime), info.RunCount}
	}
	return h
}

// plain writes the line of a program, without its end. dev is where it is offloaded
// to, or nil.
func (h *Heading) plain(w *bufio.Writer, dev *pick.Device) {
	fmt.Fprintf(w, "%d: %s  ", h.ID, h.Type.Heading())
	if h.Name != "" {
		fmt.Fprintf(w, "name %s  ", h.Name)
	}
	fmt.Fprintf(w, "tag %s", h.Tag)
	dev.Plain(w)
	if h.GPL {
		fmt.Fprint(w, "  gpl")
	}
	if s := h.RunStats; s != nil {
		fmt.Fprintf(w, " run_time_ns %d run_cnt %d", s.RunTime, s.Runs)
	}
	if h.Recursion > 0 {
		fmt.Fprintf(w, " recursion_misses %d", h.Recursion)
	}
}

// Plain implements [render.Fact].
func (p *Program) Plain(w *bufio.Writer) {
	p.Heading.plain(w, p.Dev)
	if l := p.Load; l != nil {
		fmt.Fprintf(w, "\n\tloaded_at %s  uid %d", l.At, l.UID)
	}
	p.plainSizes(w)
	p.Pinned.Plain(w)
	if p.BTFID != 0 {
		fmt.Fprintf(w, "\n\tbtf_id %d", p.BTFID)
	}
	p.Pids.Plain(w)
	p.plainMetadata(w)
	fmt.Fprintln(w)
}

func (p *Program) plainSizes(w *bufio.Writer) {
	fmt.Fprintf(w, "\n\txlated %dB", p.Xlated)
	if p.JIT {
		fmt.Fprintf(w, "  jited %dB", p.Jited)
	} else {
		fmt.Fprint(w, "  not jited")
	}
	if p.Memlock != nil {
		fmt.Fprintf(w, "  memlock %dB", *p.Memlock)
	}
	if p.Orphaned {
		fmt.Fprint(w, "  orphaned")
	}
	for i, id := range p.MapIDs {
		sep := ","
		if i == 0 {
			sep = "  map_ids "
		}
		fmt.Fprintf(w, "%s%d", sep, id)
	}
}

func (p *Program) plainMetadata(w *bufio.Writer) {
	for i, m := range p.Metadata {
		if i == 0 {
			fmt.Fprint(w, "\n\tmetadata:")
		}
		fmt.Fprintf(w, "\n\t\t%s = %s", m.Key, m.Value.AppendPlain(nil))
	}
}
