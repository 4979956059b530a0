package rtnl

import (
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// A Device is a network device.
type Device struct {
	Index uint32
	Name  string
	Kind  string // of virtual devices, such as "veth"; or ""
	XDP   []XDP  // programs, in the order of modes
}

// An XDP is a program that is attached to a device: at most one in each mode.
type XDP struct {
	Mode   Mode
	ProgID uint32
}

// Mode is how a program of type XDP is run.
type Mode string

// The modes.
const (
	Native  Mode = "native"  // by the driver
	Generic Mode = "generic" // by the kernel, for any driver
	Offload Mode = "offload" // by the device
)

// modes are the values of IFLA_XDP_ATTACHED for one program, XDP_ATTACHED_DRV etc. of
// include/uapi/linux/if_link.h.
var modes = map[uint8]Mode{1: Native, 2: Generic, 3: Offload}

// Devices returns the network devices, in the order of the kernel.
func (c *Conn) Devices() ([]Device, error) {
	var list []Device
	body := make([]byte, unix.SizeofIfInfomsg)
	err := c.dump("network devices", unix.RTM_GETLINK, unix.RTM_NEWLINK, body, unix.SizeofIfInfomsg, func(h header, attributes []byte) error {
		d := Device{Index: h.uint32(4)}
		if err := d.read(attributes); err != nil {
			return err
		}
		list = append(list, d)
		return nil
	})
	return list, err
}

func (d *Device) read(attributes []byte) error {
	var x xdp
	err := table{
		unix.IFLA_IFNAME:   text(&d.Name),
		unix.IFLA_LINKINFO: nested(table{unix.IFLA_INFO_KIND: text(&d.Kind)}),
		unix.IFLA_XDP: nested(table{
			unix.IFLA_XDP_ATTACHED:    func(a *netlink.AttributeDecoder) { x.attached = a.Uint8() },
			unix.IFLA_XDP_PROG_ID:     number(&x.any),
			unix.IFLA_XDP_DRV_PROG_ID: number(&x.native),
			unix.IFLA_XDP_SKB_PROG_ID: number(&x.generic),
			unix.IFLA_XDP_HW_PROG_ID:  number(&x.offload),
		}),
	}.read(attributes)
	d.XDP = x.programs()
	return err
}

// An xdp is what is said of a device's programs, by their IDs.
type xdp struct {
	attached                      uint8
	any, native, generic, offload uint32
}

// programs lists them. Kernels before 4.20 tell one, and its mode beside.
func (x xdp) programs() []XDP {
	var list []XDP
	for _, p := range []XDP{{Native, x.native}, {Generic, x.generic}, {Offload, x.offload}} {
		if p.ProgID != 0 {
			list = append(list, p)
		}
	}
	if mode, ok := modes[x.attached]; ok && len(list) == 0 && x.any != 0 {
		list = []XDP{{mode, x.any}}
	}
	return list
}
