// Package attachments finds the places where programs are attached.
//
// It finds links, and what is attached without one: to network devices by XDP, tcx and
// netkit, to traffic control, to routes that tell, to cgroups, to the network namespace
// of the caller, to receivers of infrared signals, to perf events, to maps of sockets;
// and what maps hold: tail calls, programs of devmaps and cpumaps, sets of operations.
//
// Some places no kernel tells about:
//
//   - sockets (SO_ATTACH_BPF, SO_ATTACH_REUSEPORT_EBPF), reuseport groups, packet
//     fanouts, rings of tun devices, kcm, xt_bpf rules of iptables, teaming
//   - programs of type perf_event at perf events, unless by a link: only that there
//     are some
//   - routes with programs of types lwt_in, lwt_out and lwt_xmit: the kernel tells the
//     name that was given, and no ID
//   - anything in other network namespaces, unless by a link
//   - perf events that no process has a descriptor of any more, and what may be on its
//     way between processes
package attachments

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

// An Attachment is a program at a place. In JSON the keys of the place stand between
// its own.
type Attachment struct {
	Kind   Kind
	ProgID uint32 // 0 if it is known to be there, but not which
	Place  Place
	LinkID uint32 // of the link that attaches it, or 0
}

// Kind says what a place is.
type Kind string

// The kinds of places, with the type of Place.
const (
	XDPKind       Kind = "xdp"        // [XDP]
	TCXKind       Kind = "tcx"        // [Side]
	NetkitKind    Kind = "netkit"     // [Side]
	FilterKind    Kind = "tc"         // [Filter]
	ActionKind    Kind = "tc_action"  // [Action], of a filter or of none
	RouteKind     Kind = "route"      // [Route]
	CgroupKind    Kind = "cgroup"     // [Cgroup]
	NetnsKind     Kind = "netns"      // [Namespace]
	InfraredKind  Kind = "lirc_mode2" // [Receiver]
	EventKind     Kind = "perf_event" // [Event]
	SlotKind      Kind = "map"        // [Slot]
	SockmapKind   Kind = "sockmap"    // [Sockets]
	StructOpsKind Kind = "struct_ops" // [Operation]
	LinkKind      Kind = "link"       // [Link], for all that is in none of the other places
)

// A Place is where a program is attached: a struct whose fields are keys in JSON.
type Place interface {
	// Plain writes what follows the kind on a line.
	Plain(w *bufio.Writer)
}

// MarshalJSON implements [json.Marshaler].
func (a Attachment) MarshalJSON() ([]byte, error) {
	head := struct {
		Kind Kind `json:"kind"`
	}{a.Kind}
	tail := struct {
		LinkID uint32 `json:"link_id,omitempty"`
	}{a.LinkID}
	return render.Join(head, a.Place, tail)
}

// Plain writes one line, without its end.
func (a Attachment) Plain(w *bufio.Writer) {
	fmt.Fprint(w, a.Kind)
	a.Place.Plain(w)
	if a.LinkID != 0 {
		fmt.Fprintf(w, "  link %d", a.LinkID)
	}
}

// A Source is a kind of places that is looked through at once.
type Source string

// The sources.
const (
	Devices  Source = "network devices"
	Traffic  Source = "traffic control"
	Routes   Source = "routes"
	Cgroups  Source = "cgroups"
	Netns    Source = "the network namespace"
	Infrared Source = "receivers of infrared signals"
	Events   Source = "perf events"
	Maps     Source = "maps"
	links    Source = "links"
	programs Source = "programs"
)

// sources are what looks through each, in the order in which it is listed, and which
// types of programs are attached there; nil stands for all.
var sources = []struct {
	source Source
	look   func(*finder) error
	takes  []string
}{
	{links, (*finder).links, nil},
	{programs, (*finder).programs, nil},
	{Devices, (*finder).devices, []string{"xdp", "sched_cls"}},
	{Traffic, (*finder).traffic, []string{"sched_cls", "sched_act"}},
	{Routes, (*finder).routes, []string{"lwt_in", "lwt_out", "lwt_xmit", "lwt_seg6local"}},
	{Cgroups, (*finder).cgroups, cgroupProgs},
	{Netns, (*finder).netns, []string{"flow_dissector", "sk_lookup"}},
	{Infrared, (*finder).infrared, []string{"lirc_mode2"}},
	{Events, (*finder).events, []string{"kprobe", "tracepoint", "perf_event"}},
	{Maps, (*finder).maps, nil},
}

// For returns the sources in which programs of some types may be attached: machines may
// have a million routes and ten thousand cgroups. Programs of types that are not known
// here may be attached anywhere.
func For(types ...names.ProgType) []Source {
	var list []Source
	for _, s := range sources {
		takes := func(t names.ProgType) bool {
			return s.takes == nil || slices.Contains(s.takes, t.String()) || !t.Known()
		}
		if slices.ContainsFunc(types, takes) {
			list = append(list, s.source)
		}
	}
	return list
}

// An Unseen is where attachments could not be looked for.
type Unseen struct {
	Where string `json:"where"`
	Why   string `json:"why"`

	// Types are the types of programs that may be attached there; nil stands for all.
	Types []string `json:"-"`
}

// Concerns reports whether programs of a type may be attached there.
func (u Unseen) Concerns(typ names.ProgType) bool {
	return u.Types == nil || slices.Contains(u.Types, typ.String())
}

// Found is all that was found.
type Found struct {
	All    []Attachment // by place, in the order of the sources
	Unseen []Unseen

	waiting map[uint32][]uint32 // programs, by the BTF that has their targets
	users   map[uint32][]uint32 // programs, by the maps that they use
}

// Users returns the programs that use a map, which they hold.
func (f *Found) Users(mapID uint32) []uint32 { return f.users[mapID] }

// Waiting returns the programs that were loaded for a function of a program with some
// BTF, which they hold, and are not attached yet. Programs of one object have one BTF, so
// it may be another one of them. Nothing is known before Linux 5.18.
func (f *Found) Waiting(btfID uint32) []uint32 {
	if btfID == 0 {
		return nil
	}
	return f.waiting[btfID]
}

// Of returns where a program is attached.
func (f *Found) Of(progID uint32) []Attachment {
	var list []Attachment
	for _, a := range f.All {
		if a.ProgID == progID {
			list = append(list, a)
		}
	}
	return list
}

// Onto returns the attachments of other programs to a program: those that replace
// functions of it, or trace them.
func (f *Found) Onto(progID uint32) []Attachment {
	var list []Attachment
	for _, a := range f.All {
		if l, ok := a.Place.(*Link); ok && l.TargetProg != 0 && l.TargetProg == progID {
			list = append(list, a)
		}
	}
	return list
}

// Find looks through some sources, and always through links and programs. What goes wrong with one
// is no reason to leave out others.
//
// What vanishes meanwhile is left out.
func Find(of ...Source) *Found {
	f := new(finder)
	for _, s := range sources {
		if s.source != links && s.source != programs && !slices.Contains(of, s.source) {
			continue
		}
		if err := s.look(f); err != nil {
			f.missed(string(s.source), err)
		}
	}
	f.All = append(f.All, f.unclaimed()...)
	return &f.Found
}

// A finder gathers what is found.
type finder struct {
	Found
	seen []*seenLink
}

// add adds a program at a place.
func (f *finder) add(kind Kind, progID, linkID uint32, place Place) {
	f.All = append(f.All, Attachment{kind, progID, place, linkID})
}

// missed notes that something could not be looked through, once for each place and
// reason. types are the programs that may be there.
func (f *finder) missed(where string, err error, types ...string) {
	u := Unseen{Where: where, Why: names.Reason(err), Types: types}
	if errors.As(err, new(explained)) {
		u.Why = err.Error()
	}
	same := func(o Unseen) bool { return o.Where == u.Where && o.Why == u.Why }
	if !slices.ContainsFunc(f.Unseen, same) {
		f.Unseen = append(f.Unseen, u)
	}
}

// explained is a reason that says more than the error number within.
type explained string

func (e explained) Error() string { return string(e) }

// gone reports whether what was asked about is no more.
func gone(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ENODEV) || errors.Is(err, unix.ESRCH) || errors.Is(err, unix.ENXIO)
}

// mustParse returns the attach type that is called by a word of the table of names.
func mustParse(word string) names.AttachType {
	t, ok := names.ParseAttachType(word)
	if !ok {
		panic("attachments: attach type " + word) // a slip in this package
	}
	return t
}
