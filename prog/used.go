package prog

import (
	"bufio"
	"fmt"
	"sync"

	"github.com/gobpftool/gobpftool/internal/attachments"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/holders"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/render"
)

// Used is what "prog show PROG used" reports about one program: what "prog show" does,
// what the program uses, and what uses it.
type Used struct {
	*Program
	Calls
	Maps        []UsedMap  `json:"maps"`              // that its instructions mention
	Attachments []Attached `json:"attachments"`       // where it is attached
	Onto        []Attached `json:"attached_programs"` // where other programs are attached to it
	Waiting     []uint32   `json:"waiting_programs"`  // loaded for a function of it, or of its object, and not attached
	Holders     []Holder   `json:"holders"`           // of descriptors of it
	Because     []string   `json:"loaded_because"`    // sentences for people

	// Unseen is where it may be attached, too.
	Unseen []attachments.Unseen `json:"not_looked_at"`
}

// UsedMap is a map that a program uses.
type UsedMap struct {
	ID   uint32         `json:"id"`
	Type *names.MapType `json:"type,omitempty"` // nil if the map cannot be opened
	Name string         `json:"name,omitempty"`
}

// Attached is a place where a program is attached. If that is by a link, or a map is
// the place, it has what keeps that.
type Attached struct {
	attachments.Attachment
	ProgID uint32 // the program that is attached, if it is another; else 0
	KeptBy *Kept
}

// Kept is what keeps a link or map.
type Kept struct {
	Pinned   []string `json:"pinned"`
	Holders  []Holder `json:"holders"`
	Programs []uint32 `json:"programs,omitempty"` // that use the map
}

// Holder is a process that holds an object, and where it belongs.
type Holder struct {
	holders.Process
	Cgroup string `json:"cgroup,omitempty"`
	Unit   string `json:"unit,omitempty"` // of systemd
}

// MarshalJSON implements [json.Marshaler].
func (a Attached) MarshalJSON() ([]byte, error) {
	return render.Join(a.Attachment, struct {
		ProgID uint32 `json:"prog_id,omitempty"`
		KeptBy *Kept  `json:"kept_by,omitempty"`
	}{a.ProgID, a.KeptBy})
}

// used answers "prog show PROG used".
func used(c *call.Call) error {
	// Before anything is opened: the tool itself is no holder.
	s := newSurroundings(true)
	u := &users{
		surroundings: s,
		links:        sync.OnceValue(func() pick.Surroundings { return pick.NewSurroundings(bpf.Link, true) }),
		maps:         sync.OnceValue(func() pick.Surroundings { return pick.NewSurroundings(bpf.Map, true) }),
	}
	fds, err := pick.Progs(c.Args)
	if err != nil {
		return err
	}
	u.found = attachments.Find(attachments.For(typesOf(fds)...)...)
	found, err := pick.Each(fds, u.gather)
	if err != nil {
		return err
	}
	return render.Some(c.Out, found)
}

// typesOf returns the types of programs.
func typesOf(fds []bpf.FD) []names.ProgType {
	var list []names.ProgType
	for _, fd := range fds {
		if info, _, err := pick.ProgInfo(fd); err == nil {
			list = append(list, names.ProgType(info.Type))
		}
	}
	return list
}

// users are what is gathered once for all programs that are asked about.
type users struct {
	*surroundings
	links, maps func() pick.Surroundings // of which most programs need none
	found       *attachments.Found
}

// gather collects what the program behind fd uses, and what uses it.
func (u *users) gather(fd bpf.FD) (*Used, error) {
	p, err := u.surroundings.gather(fd)
	if err != nil {
		return nil, err
	}
	r := &Used{
		Program: p,
		Maps:    usedMaps(p.MapIDs), Holders: withUnits(p.Pids),
		Attachments: []Attached{}, Onto: []Attached{}, Unseen: []attachments.Unseen{},
		Waiting: append([]uint32{}, u.found.Waiting(p.BTFID)...),
	}
	for _, a := range u.found.Of(p.ID) {
		r.Attachments = append(r.Attachments, Attached{a, 0, u.keptBy(a)})
	}
	for _, a := range u.found.Onto(p.ID) {
		r.Onto = append(r.Onto, Attached{a, a.ProgID, u.keptBy(a)})
	}
	for _, missed := range u.found.Unseen {
		if missed.Concerns(p.Type) {
			r.Unseen = append(r.Unseen, missed)
		}
	}
	r.readCalls(fd)
	r.Because = because(r)
	return r, nil
}

// readCalls finds out which functions of the kernel the program behind fd calls.
func (u *Used) readCalls(fd bpf.FD) {
	complete := false
	u.Calls = Calls{[]string{}, []string{}}
	if info, _, err := pick.ProgInfo(fd); err == nil {
		if c, err := readUntyped(fd, &info); err == nil {
			u.Calls, complete = c.calls()
		}
	}
	if !complete {
		u.Unseen = append(u.Unseen, attachments.Unseen{
			Where: "helpers and kfuncs",
			Why:   "instructions, or the names of what they call, may not be seen: kernel.kptr_restrict, CAP_SYSLOG",
		})
	}
}

// usedMaps describes maps, as far as they may be opened.
func usedMaps(ids []uint32) []UsedMap {
	list := []UsedMap{}
	for _, id := range ids {
		m := UsedMap{ID: id}
		if fd, err := bpf.Open(bpf.Map, id); err == nil {
			if info, err := bpf.ReadMapInfo(fd); err == nil {
				m.Type, m.Name = new(names.MapType(info.Type)), info.Name()
			}
			fd.Close()
		}
		list = append(list, m)
	}
	return list
}

// keptBy returns what keeps the link or map of an attachment, or nil if it has none.
func (u *users) keptBy(a attachments.Attachment) *Kept {
	switch {
	case a.LinkID != 0:
		return kept(u.links(), a.LinkID)
	case a.MapID() != 0:
		k := kept(u.maps(), a.MapID())
		k.Programs = u.found.Users(a.MapID())
		return k
	}
	return nil
}

func kept(s pick.Surroundings, id uint32) *Kept {
	return &Kept{Pinned: append([]string{}, s.Pinned[id]...), Holders: withUnits(s.Holders[id])}
}

// withUnits tells where processes belong.
func withUnits(list holders.List) []Holder {
	found := []Holder{}
	for _, p := range list {
		h := Holder{Process: p, Cgroup: holders.Cgroup(p.PID)}
		h.Unit = holders.Unit(h.Cgroup)
		found = append(found, h)
	}
	return found
}

// Plain implements [render.Fact].
func (u *Used) Plain(w *bufio.Writer) {
	u.Program.Plain(w)
	for i, name := range u.Helpers {
		section(w, i, "helpers")
		fmt.Fprintln(w, name)
	}
	for i, name := range u.Kfuncs {
		section(w, i, "kfuncs")
		fmt.Fprintln(w, name)
	}
	for i, m := range u.Maps {
		section(w, i, "maps")
		m.plain(w)
	}
	for i, a := range u.Attachments {
		section(w, i, "attachments")
		a.plain(w)
	}
	for i, a := range u.Onto {
		section(w, i, "programs attached to it")
		a.plain(w)
	}
	for i, id := range u.Waiting {
		section(w, i, "programs loaded for its object")
		fmt.Fprintf(w, "prog %d\n", id)
	}
	for i, h := range u.Holders {
		section(w, i, "holders")
		h.plain(w)
		fmt.Fprintln(w)
	}
	for i, sentence := range u.Because {
		section(w, i, "loaded because")
		fmt.Fprintln(w, sentence)
	}
	for i, missed := range u.Unseen {
		section(w, i, "not looked at")
		fmt.Fprintf(w, "%s: %s\n", missed.Where, missed.Why)
	}
}

// section begins a line of a section: the first, or a further one.
func section(w *bufio.Writer, i int, name string) {
	if i == 0 {
		fmt.Fprintf(w, "\t%s:\n", name)
	}
	fmt.Fprint(w, "\t\t")
}

func (m UsedMap) plain(w *bufio.Writer) {
	fmt.Fprintf(w, "%d:", m.ID)
	if m.Type != nil {
		fmt.Fprintf(w, " %s", m.Type.Heading())
	}
	if m.Name != "" {
		fmt.Fprintf(w, "  name %s", m.Name)
	}
	fmt.Fprintln(w)
}

func (a Attached) plain(w *bufio.Writer) {
	if a.ProgID != 0 {
		fmt.Fprintf(w, "prog %d  ", a.ProgID)
	}
	a.Attachment.Plain(w)
	fmt.Fprintln(w)
	if a.KeptBy == nil {
		return
	}
	for _, path := range a.KeptBy.Pinned {
		fmt.Fprintf(w, "\t\t\tpinned %s\n", path)
	}
	for _, h := range a.KeptBy.Holders {
		fmt.Fprint(w, "\t\t\theld by ")
		h.plain(w)
		fmt.Fprintln(w)
	}
	for _, id := range a.KeptBy.Programs {
		fmt.Fprintf(w, "\t\t\tused by prog %d\n", id)
	}
}

func (h Holder) plain(w *bufio.Writer) {
	fmt.Fprintf(w, "%s(%d)", h.Comm, h.PID)
	if h.Cgroup != "" {
		fmt.Fprintf(w, "  cgroup %s", h.Cgroup)
	}
	if h.Unit != "" {
		fmt.Fprintf(w, "  unit %s", h.Unit)
	}
}
