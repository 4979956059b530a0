package link

import (
	"bufio"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// Device is the target of a link of type xdp.
type Device struct {
	Name    string `json:"devname"` // "(detached)", or "(unknown)" in other network namespaces
	Ifindex uint32 `json:"ifindex"` // 0 once detached
}

// What stands for the name of a device that has none here.
const (
	detached = "(detached)"
	unknown  = "(unknown)"
)

// device describes the device with the given index, whose name is empty if it
// is not known.
func device(ifindex uint32, name string) *Device {
	switch {
	case ifindex == 0:
		name = detached
	case name == "":
		name = unknown
	}
	return &Device{Name: name, Ifindex: ifindex}
}

// Plain implements [Target].
func (d *Device) Plain(w *bufio.Writer) {
	switch d.Name {
	case detached, unknown:
		fmt.Fprintf(w, "\n\tifindex %s  ", d.Name)
	default:
		fmt.Fprintf(w, "\n\tifindex %s(%d)  ", d.Name, d.Ifindex)
	}
}

// DeviceSide is the target of a link of type tcx or netkit.
type DeviceSide struct {
	Device
	AttachType names.AttachType `json:"attach_type"`
}

func deviceSide(d *bpf.DeviceLink, name string) *DeviceSide {
	return &DeviceSide{*device(d.Ifindex, name), names.AttachType(d.AttachType)}
}

// Plain implements [Target].
func (d *DeviceSide) Plain(w *bufio.Writer) {
	d.Device.Plain(w)
	fmt.Fprintf(w, "attach_type %s  ", d.AttachType)
}

// Netns is the target of a link of type netns.
type Netns struct {
	Ino        uint32           `json:"netns_ino"`
	AttachType names.AttachType `json:"attach_type"`
}

func netns(n *bpf.NetnsLink) *Netns {
	return &Netns{Ino: n.Ino, AttachType: names.AttachType(n.AttachType)}
}

// Plain implements [Target].
func (n *Netns) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "\n\tnetns_ino %d  attach_type %s  ", n.Ino, n.AttachType)
}

// Netfilter is the target of a link of type netfilter.
type Netfilter struct {
	PF       uint32 `json:"pf"`
	Hook     uint32 `json:"hook"`
	Priority int32  `json:"prio"`
	Flags    uint32 `json:"flags"`
}

func netfilter(n *bpf.NetfilterLink) *Netfilter {
	return &Netfilter{PF: n.PF, Hook: n.Hook, Priority: n.Priority, Flags: n.Flags}
}

// Families of netfilter, NFPROTO_* of include/uapi/linux/netfilter.h, with the
// names of their hooks in order.
var families = map[uint32]struct {
	name  string
	hooks []string
}{
	1:  {"inet", inetHooks},
	2:  {"ip", inetHooks},
	3:  {"arp", []string{"input", "output"}},
	5:  {"netdev", nil},
	7:  {"bridge", inetHooks},
	10: {"ip6", inetHooks},
}

var inetHooks = []string{"prerouting", "input", "forward", "output", "postrouting"}

// Plain implements [Target].
func (n *Netfilter) Plain(w *bufio.Writer) {
	family, ok := families[n.PF]
	if !ok {
		family.name = fmt.Sprintf("pf: %d", n.PF)
	}
	hook := fmt.Sprintf(", hook %d,", n.Hook)
	if uint64(n.Hook) < uint64(len(family.hooks)) {
		hook = " " + family.hooks[n.Hook]
	}
	fmt.Fprintf(w, "\n\t%s%s prio %d", family.name, hook, n.Priority)
	if n.Flags != 0 {
		fmt.Fprintf(w, " flags 0x%x", n.Flags)
	}
}
