package attachments

import (
	"bufio"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/rtnl"
)

// A Device is a network device, as part of a place.
type Device struct {
	Name    string `json:"devname"`
	Ifindex uint32 `json:"ifindex"`
}

func (d Device) plain(w *bufio.Writer) { fmt.Fprintf(w, "  dev %s(%d)", d.Name, d.Ifindex) }

// XDP is where a device, its driver or the kernel runs programs on packets that come in.
type XDP struct {
	Device
	Mode rtnl.Mode `json:"mode"`
}

// Plain implements [Place].
func (x *XDP) Plain(w *bufio.Writer) {
	x.plain(w)
	fmt.Fprintf(w, "  mode %s", x.Mode)
}

// A Side is one direction of a device, with a row of programs.
type Side struct {
	Device
	AttachType names.AttachType `json:"attach_type"`
	Position   int              `json:"position"` // in the order in which they run, from 0
}

// Plain implements [Place].
func (s *Side) Plain(w *bufio.Writer) {
	s.plain(w)
	fmt.Fprintf(w, "  attach_type %s  position %d", s.AttachType, s.Position)
}

// sides are the attach types of rows of programs, by kind of place.
var sides = map[Kind][]names.AttachType{
	TCXKind:    {mustParse("tcx_ingress"), mustParse("tcx_egress")},
	NetkitKind: {mustParse("netkit_primary"), mustParse("netkit_peer")},
}

// devices looks through network devices.
func (f *finder) devices() error {
	c, err := rtnl.Dial()
	if err != nil {
		return err
	}
	defer c.Close()
	list, err := c.Devices()
	for _, d := range list {
		at := Device{d.Name, d.Index}
		for _, x := range d.XDP {
			link := f.claim(x.ProgID, func(l *bpf.LinkInfo) bool { return l.XDP != nil && l.XDP.Ifindex == d.Index })
			f.add(XDPKind, x.ProgID, link, &XDP{at, x.Mode})
		}
		f.sides(TCXKind, at)
		if d.Kind == "netkit" {
			f.sides(NetkitKind, at)
		}
	}
	return err
}

// sides looks through both sides of a device. Kernels that do not know them have none,
// and netkit devices tell of both sides at the primary one.
func (f *finder) sides(kind Kind, d Device) {
	for _, typ := range sides[kind] {
		list, _, err := bpf.Query(d.Ifindex, uint32(typ))
		if err != nil && !gone(err) && !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.EACCES) {
			f.missed(fmt.Sprintf("%s of network devices", kind), err, "sched_cls")
			return
		}
		for i, p := range list {
			f.add(kind, p.ProgID, f.claimID(p.LinkID), &Side{d, typ, i})
		}
	}
}
