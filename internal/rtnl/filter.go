package rtnl

import (
	"encoding/binary"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// A Node is a queueing discipline or a class of one: what filters are attached to.
type Node struct {
	Ifindex uint32 // of the device
	Kind    string // such as "clsact"
	Handle  uint32 // major and minor number, 16 bits each; 0 for some that the kernel made
	Parent  uint32 // what it is in, or one of the values below
}

// Where nodes and filters are that are in nothing else.
//
// Source: TC_H_ROOT etc. of include/uapi/linux/pkt_sched.h.
const (
	Root    = 0xffffffff
	Ingress = 0xfffffff2 // packets that come in, of the kinds clsact and ingress
	Egress  = 0xfffffff3 // packets that go out, of the kind clsact
)

// sizeofTcmsg is the size of struct tcmsg of include/uapi/linux/rtnetlink.h: family,
// ifindex, handle, parent, and by kind something else.
const sizeofTcmsg = 20

// magicBlock stands for a device where a filter is in a block: TCM_IFINDEX_MAGIC_BLOCK.
const magicBlock = 0xffffffff

func tcmsg(ifindex, parent uint32) []byte {
	b := make([]byte, sizeofTcmsg)
	binary.NativeEndian.PutUint32(b[4:], ifindex)
	binary.NativeEndian.PutUint32(b[12:], parent)
	return b
}

// Qdiscs returns the queueing disciplines of all devices.
func (c *Conn) Qdiscs() ([]Node, error) {
	return c.nodes("queueing disciplines", unix.RTM_GETQDISC, unix.RTM_NEWQDISC, 0)
}

// Classes returns the classes of all queueing disciplines of a device.
func (c *Conn) Classes(ifindex uint32) ([]Node, error) {
	return c.nodes("traffic classes", unix.RTM_GETTCLASS, unix.RTM_NEWTCLASS, ifindex)
}

func (c *Conn) nodes(word string, request, reply uint16, ifindex uint32) ([]Node, error) {
	var list []Node
	err := c.dump(word, request, reply, tcmsg(ifindex, 0), sizeofTcmsg, func(h header, attributes []byte) error {
		n := Node{Ifindex: h.uint32(4), Handle: h.uint32(8), Parent: h.uint32(12)}
		list = append(list, n)
		return table{unix.TCA_KIND: text(&list[len(list)-1].Kind)}.read(attributes)
	})
	return list, err
}

// A Filter decides what becomes of packets: by a program, or by actions that are.
type Filter struct {
	Parent   uint32 // of the node that was asked about
	Block    uint32 // of the block of filters that nodes share, or 0
	Handle   uint32
	Chain    uint32
	Priority uint16
	Protocol uint16 // ETH_P_*
	Kind     string // such as "bpf"

	Prog    *Program // nil unless the kind is "bpf" and the program is no classic one
	Direct  bool     // the program says what becomes of the packet, and not actions
	ClassID uint32   // of the class that packets are put into, or 0
	Actions []Action // those that are programs
}

// A Program is a program that traffic control runs.
type Program struct {
	ID   uint32
	Name string // what it was called when it was attached: mostly file and section
	Tag  [8]byte
}

// An Action is a program as an action of traffic control.
type Action struct {
	Program
	Index uint32 // by which the action is known
	Order int    // its place among the actions of a filter, from 1; 0 outside of filters
}

// Filters returns the filters of a node of a device.
func (c *Conn) Filters(ifindex, parent uint32) ([]Filter, error) {
	var list []Filter
	err := c.dump("filters", unix.RTM_GETTFILTER, unix.RTM_NEWTFILTER, tcmsg(ifindex, parent), sizeofTcmsg, func(h header, attributes []byte) error {
		info := h.uint32(16)
		f := Filter{
			Parent: parent, Handle: h.uint32(8), Priority: uint16(info >> 16),
			Protocol: networkOrder(uint16(info)),
		}
		if h.uint32(4) == magicBlock {
			f.Block = h.uint32(12)
		}
		if f.Handle == 0 {
			return nil // the head of a row of filters
		}
		err := f.read(attributes)
		list = append(list, f)
		return err
	})
	return list, err
}

// networkOrder returns the number of which n has the bytes in the order of the network.
func networkOrder(n uint16) uint16 {
	return binary.BigEndian.Uint16(binary.NativeEndian.AppendUint16(nil, n))
}

// read reads the attributes of a filter. What options mean depends on the kind, which
// comes first.
func (f *Filter) read(attributes []byte) error {
	return table{
		unix.TCA_KIND:    text(&f.Kind),
		unix.TCA_CHAIN:   number(&f.Chain),
		unix.TCA_OPTIONS: func(d *netlink.AttributeDecoder) { nested(f.options())(d) },
	}.read(attributes)
}

// actionTypes are the attributes that hold actions, by kind of filter.
//
// Source: TCA_*_ACT of include/uapi/linux/pkt_cls.h.
var actionTypes = map[string]uint16{
	"basic": 3, "bpf": 1, "cgroup": 1, "flow": 9, "flower": 3, "fw": 4,
	"matchall": 2, "route": 6, "tcindex": 7, "u32": 7,
}

// Attributes of filters of the kind "bpf": TCA_BPF_* of include/uapi/linux/pkt_cls.h.
const (
	bpfClassID = 3
	bpfName    = 7
	bpfFlags   = 8
	bpfTag     = 10
	bpfID      = 11

	flagDirect = 1 // TCA_BPF_FLAG_ACT_DIRECT
)

func (f *Filter) options() table {
	t := table{}
	if f.Kind == "bpf" {
		prog := new(Program)
		t = prog.table(bpfID, bpfName, bpfTag)
		t[bpfID] = func(d *netlink.AttributeDecoder) { prog.ID = d.Uint32(); f.Prog = prog }
		t[bpfClassID] = number(&f.ClassID)
		t[bpfFlags] = func(d *netlink.AttributeDecoder) { f.Direct = d.Uint32()&flagDirect != 0 }
	}
	if typ, ok := actionTypes[f.Kind]; ok {
		t[typ] = actions(&f.Actions)
	}
	return t
}

// table reads a program, whose attributes have different numbers in filters and
// actions.
func (p *Program) table(id, name, tag uint16) table {
	return table{
		id:   number(&p.ID),
		name: text(&p.Name),
		tag:  func(d *netlink.AttributeDecoder) { copy(p.Tag[:], d.Bytes()) },
	}
}
