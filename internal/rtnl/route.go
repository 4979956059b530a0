package rtnl

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// A Route is a route, or one of its ways, whose packets a program handles.
type Route struct {
	Table   uint32
	To      netip.Prefix // not valid for the default route, and for a next hop of its own
	Ifindex uint32       // of the device that packets go to, or 0
	NextHop uint32       // ID of a next hop that routes refer to, or 0
	Hook    string       // type of the program: "lwt_in", "lwt_out", "lwt_xmit" or "lwt_seg6local"
	Name    string       // what the program was called when it was attached
	ProgID  uint32       // 0 if the kernel does not tell, which it does for lwt_seg6local only
}

// Attributes of encapsulations.
//
// Source: LWT_BPF_* of include/uapi/linux/lwtunnel.h, SEG6_LOCAL_* of
// include/uapi/linux/seg6_local.h.
const (
	lwtIn, lwtOut, lwtXmit = 1, 2, 3
	lwtProgName            = 2 // and SEG6_LOCAL_BPF_PROG_NAME

	seg6BPF     = 8
	seg6BPFProg = 1
)

// Routes returns the routes of all tables that programs handle, and next hops.
func (c *Conn) Routes() ([]Route, error) {
	var list []Route
	body := make([]byte, unix.SizeofRtMsg)
	err := c.dump("routes", unix.RTM_GETROUTE, unix.RTM_NEWROUTE, body, unix.SizeofRtMsg, func(h header, attributes []byte) error {
		found, err := readRoute(h[1], uint32(h[4]), attributes)
		list = append(list, found...)
		return err
	})
	if err != nil {
		return list, err
	}
	hops, err := c.nextHops()
	return append(list, hops...), err
}

// nextHops returns next hops that stand for themselves. Linux knows them since 5.3.
func (c *Conn) nextHops() ([]Route, error) {
	const size = 8 // of struct nhmsg of include/uapi/linux/nexthop.h
	var list []Route
	err := c.dump("next hops", unix.RTM_GETNEXTHOP, unix.RTM_NEWNEXTHOP, make([]byte, size), size, func(_ header, attributes []byte) error {
		var r Route
		var e encap
		err := table{
			unix.NHA_ID:         number(&r.NextHop),
			unix.NHA_OIF:        number(&r.Ifindex),
			unix.NHA_ENCAP_TYPE: e.kind(),
			unix.NHA_ENCAP:      e.content(),
		}.read(attributes)
		list = append(list, e.routes(r)...)
		return err
	})
	if errors.Is(err, unix.EOPNOTSUPP) {
		err = nil
	}
	return list, err
}

func readRoute(bits byte, tableID uint32, attributes []byte) ([]Route, error) {
	r := Route{Table: tableID}
	var e encap
	var ways []way
	var to netip.Addr
	err := table{
		unix.RTA_TABLE: number(&r.Table),
		unix.RTA_OIF:   number(&r.Ifindex),
		unix.RTA_DST: func(d *netlink.AttributeDecoder) {
			to, _ = netip.AddrFromSlice(d.Bytes()) // other families have no such addresses
		},
		unix.RTA_ENCAP_TYPE: e.kind(),
		unix.RTA_ENCAP:      e.content(),
		unix.RTA_MULTIPATH: func(d *netlink.AttributeDecoder) {
			d.Do(func(b []byte) (err error) { ways, err = readWays(b); return err })
		},
	}.read(attributes)
	if err != nil {
		return nil, err
	}
	if to.IsValid() {
		r.To = netip.PrefixFrom(to, int(bits))
	}
	found := e.routes(r)
	for _, w := range ways {
		r.Ifindex = w.ifindex
		found = append(found, w.encap.routes(r)...)
	}
	return found, nil
}

// A way is one of several that packets of a route may take.
type way struct {
	ifindex uint32
	encap   encap
}

// readWays reads a row of struct rtnexthop, each followed by attributes.
func readWays(b []byte) ([]way, error) {
	var list []way
	for len(b) > 0 {
		if len(b) < unix.SizeofRtNexthop {
			return nil, fmt.Errorf("next hop of %d bytes, want %d at least", len(b), unix.SizeofRtNexthop)
		}
		h := header(b)
		n := int(h.uint16(0))
		if n < unix.SizeofRtNexthop || n > len(b) {
			return nil, fmt.Errorf("next hop of %d bytes, %d are left", n, len(b))
		}
		w := way{ifindex: h.uint32(4)}
		err := table{
			unix.RTA_ENCAP_TYPE: w.encap.kind(),
			unix.RTA_ENCAP:      w.encap.content(),
		}.read(b[unix.SizeofRtNexthop:n])
		if err != nil {
			return nil, err
		}
		list = append(list, w)
		b = b[min((n+3)&^3, len(b)):]
	}
	return list, nil
}

// An encap is what is done to packets of a route. The type may follow the content.
type encap struct {
	typ  uint16 // LWTUNNEL_ENCAP_*
	body []byte
}

func (e *encap) kind() reader {
	return func(d *netlink.AttributeDecoder) { e.typ = d.Uint16() }
}

func (e *encap) content() reader {
	return func(d *netlink.AttributeDecoder) { e.body = d.Bytes() }
}

// routes returns a copy of r for each program. A content that cannot be read has none:
// it is for the kernel to make sense of.
func (e *encap) routes(r Route) []Route {
	var list []Route
	program := func(hook string) reader {
		return func(d *netlink.AttributeDecoder) {
			found := r
			found.Hook = hook
			attributes := table{lwtProgName: text(&found.Name)}
			if hook == "lwt_seg6local" {
				attributes[seg6BPFProg] = number(&found.ProgID)
			}
			d.Nested(attributes.decode)
			list = append(list, found)
		}
	}
	switch e.typ {
	case unix.LWTUNNEL_ENCAP_BPF:
		_ = table{lwtIn: program("lwt_in"), lwtOut: program("lwt_out"), lwtXmit: program("lwt_xmit")}.read(e.body)
	case unix.LWTUNNEL_ENCAP_SEG6_LOCAL:
		_ = table{seg6BPF: program("lwt_seg6local")}.read(e.body)
	}
	return list
}
