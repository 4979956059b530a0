package rtnl

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mdlayher/netlink"
	"github.com/mdlayher/netlink/nltest"
	"golang.org/x/sys/unix"
)

// program is what package fixture attaches to traffic control: the tag is that of its
// two instructions.
func program(id uint32) Program {
	return Program{ID: id, Name: "fixture.o:[tc]", Tag: [8]byte{0x59, 0xf4, 0xa9, 0x31, 0x74, 0x4d, 0xcd, 0xc6}}
}

// TestDevices reads what was recorded with a program on lo, and on a device of type veth.
func TestDevices(t *testing.T) {
	tests := []struct {
		name   string
		device int // of those that there are
		want   Device
	}{
		{"xdp.generic", 0, Device{Index: 1, Name: "lo", XDP: []XDP{{Generic, 1}}}},
		{"xdp.driver", 0, Device{Index: 1, Name: "lo"}},
		{"xdp.driver", 2, Device{Index: 4, Name: "veth1", Kind: "veth", XDP: []XDP{{Native, 2}}}},
	}
	for _, tt := range tests {
		list, err := replay(recorded(t, tt.name)).Devices()
		if err != nil || len(list) <= tt.device {
			t.Errorf("%s: %v, %v", tt.name, list, err)
			continue
		}
		if diff := cmp.Diff(tt.want, list[tt.device]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestFilters(t *testing.T) {
	prog := func(id uint32) *Program { p := program(id); return &p }
	base := Filter{Handle: 5, Priority: 11, Protocol: unix.ETH_P_ALL, Kind: "bpf", Direct: true}
	with := func(change func(*Filter)) []Filter { f := base; change(&f); return []Filter{f} }
	tests := []struct {
		name            string
		ifindex, parent uint32
		want            []Filter
	}{
		{"tc.ingress", 7, Ingress, with(func(f *Filter) { f.Parent, f.Prog = Ingress, prog(3) })},
		{"tc.ingress", 7, Egress, nil},
		{"tc.block", 16, Ingress, with(func(f *Filter) { f.Parent, f.Block, f.Prog = Ingress, 4711, prog(6) })},
		{"tc.class", 22, 0x10001, with(func(f *Filter) { f.Parent, f.Prog = 0x10001, prog(8) })},
		{"tc.action", 25, Ingress, with(func(f *Filter) {
			f.Parent, f.Prog, f.Direct = Ingress, prog(10), false
			f.Actions = []Action{{program(9), 1, 1}}
		})},
	}
	for _, tt := range tests {
		got, err := replay(recorded(t, tt.name)).Filters(tt.ifindex, tt.parent)
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%s, %x: %v (-want +got):\n%s", tt.name, tt.parent, err, diff)
		}
	}
	if _, err := replay(recorded(t, "tc.ingress")).Filters(999, Ingress); !errors.Is(err, unix.ENODEV) {
		t.Errorf("filters of no device: %v", err)
	}
}

func TestNodes(t *testing.T) {
	lo := Node{1, "noqueue", 0, Root}
	tests := []struct {
		name string
		want []Node
	}{
		{"tc.ingress", []Node{lo, {7, "clsact", 0xffff0000, 0xfffffff1}}},
		{"tc.class", []Node{lo, {22, "htb", 0x10000, Root}}},
	}
	for _, tt := range tests {
		got, err := replay(recorded(t, tt.name)).Qdiscs()
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", tt.name, err, diff)
		}
	}
	got, err := replay(recorded(t, "tc.class")).Classes(22)
	if diff := cmp.Diff([]Node{{22, "htb", 0x10001, Root}}, got); diff != "" || err != nil {
		t.Errorf("classes: %v (-want +got):\n%s", err, diff)
	}
}

func TestActions(t *testing.T) {
	for name, want := range map[string][]Action{
		"tc.action":        {{program(9), 1, 0}},
		"tc.unused_action": {{program(11), 4712, 0}},
		"tc.ingress":       nil,
	} {
		got, err := replay(recorded(t, name)).Actions()
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestRoutes(t *testing.T) {
	route := func(to, hook string, id uint32) []Route {
		return []Route{{Table: unix.RT_TABLE_MAIN, To: netip.MustParsePrefix(to), Ifindex: 1, Hook: hook, Name: "fixture.o:[tc]", ProgID: id}}
	}
	for name, want := range map[string][]Route{
		"route.seg6local": route("fd00::4711/128", "lwt_seg6local", 12),
		"route.lwt_out":   route("192.0.2.0/24", "lwt_out", 0),
	} {
		got, err := replay(recorded(t, name)).Routes()
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

// attr is an attribute as the kernel has it.
func attr(typ uint16, value ...byte) []byte {
	b, err := netlink.MarshalAttributes([]netlink.Attribute{{Type: typ, Data: value}})
	if err != nil {
		panic(err) // those here are short
	}
	return b
}

func word(n uint32) []byte { return binary.NativeEndian.AppendUint32(nil, n) }

// TestXDP reads combinations of what is said of programs of one device.
func TestXDP(t *testing.T) {
	tests := []struct {
		name string
		in   xdp
		want []XDP
	}{
		{"none", xdp{}, nil},
		{"several at once", xdp{attached: 4, native: 3, generic: 4, offload: 5}, []XDP{{Native, 3}, {Generic, 4}, {Offload, 5}}},
		{"offload", xdp{attached: 3, any: 5, offload: 5}, []XDP{{Offload, 5}}},
		{"before 4.20", xdp{attached: 2, any: 6}, []XDP{{Generic, 6}}},
		{"a mode to come", xdp{attached: 9, any: 6}, nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, tt.in.programs()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestWays reads a route with two ways, one of which has a program.
func TestWays(t *testing.T) {
	prog := append(attr(seg6BPFProg, word(77)...), attr(lwtProgName, []byte("p\x00")...)...)
	encap := append(attr(unix.RTA_ENCAP_TYPE, 7, 0), attr(unix.RTA_ENCAP, attr(seg6BPF, prog...)...)...)
	hop := func(ifindex uint32, attributes []byte) []byte {
		b := binary.NativeEndian.AppendUint16(nil, uint16(unix.SizeofRtNexthop+len(attributes)))
		return append(append(append(b, 0, 0), word(ifindex)...), attributes...)
	}
	got, err := readRoute(0, 254, attr(unix.RTA_MULTIPATH, append(hop(2, nil), hop(3, encap)...)...))
	want := []Route{{Table: 254, Ifindex: 3, Hook: "lwt_seg6local", Name: "p", ProgID: 77}}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// TestHostile reads messages that are not what they should be.
func TestHostile(t *testing.T) {
	ifinfo := make([]byte, unix.SizeofIfInfomsg)
	tests := []struct {
		name string
		data []byte
	}{
		{"no header", ifinfo[:7]},
		{"half an attribute", append(ifinfo[:len(ifinfo):len(ifinfo)], 9, 0)},
		{"longer than the message", append(ifinfo[:len(ifinfo):len(ifinfo)], 200, 0, unix.IFLA_IFNAME, 0, 'x', 0, 0, 0)},
		{"shorter than itself", append(ifinfo[:len(ifinfo):len(ifinfo)], 2, 0, unix.IFLA_IFNAME, 0)},
		{"an ID of two bytes", append(ifinfo[:len(ifinfo):len(ifinfo)], attr(unix.IFLA_XDP, attr(unix.IFLA_XDP_PROG_ID, 1, 2)...)...)},
		{"within another", append(ifinfo[:len(ifinfo):len(ifinfo)], attr(unix.IFLA_XDP, 200, 0, 4, 0)...)},
	}
	for _, tt := range tests {
		c := New(nltest.Dial(func(req []netlink.Message) ([]netlink.Message, error) {
			return []netlink.Message{{Header: netlink.Header{Type: unix.RTM_NEWLINK, Sequence: req[0].Header.Sequence, PID: nltest.PID}, Data: tt.data}}, nil
		}))
		if list, err := c.Devices(); err == nil {
			t.Errorf("%s: %+v, want an error", tt.name, list)
		}
	}
	for _, ways := range [][]byte{{1, 0}, {0, 0, 0, 0, 0, 0, 0, 0}, {200, 0, 0, 0, 0, 0, 0, 0}} {
		if got, err := readWays(ways); err == nil {
			t.Errorf("ways %v: %v, want an error", ways, got)
		}
	}
}

// FuzzAttributes reads attributes of any length as those of each kind of message.
func FuzzAttributes(f *testing.F) {
	for _, name := range []string{"xdp.driver", "tc.action", "tc.unused_action", "route.seg6local", "route.lwt_out"} {
		for _, e := range recorded(f, name) {
			for _, a := range e.answers {
				for _, size := range []int{sizeofTcamsg, unix.SizeofRtMsg, unix.SizeofIfInfomsg, sizeofTcmsg} {
					if len(a.Data) > size {
						f.Add(a.Data[size:])
					}
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		_ = new(Device).read(b)
		_ = (&Filter{Kind: "bpf"}).read(b)
		_, _ = action(b)
		var list []Action
		_ = table{unix.TCA_ROOT_TAB: actions(&list)}.read(b)
		_, _ = readRoute(64, 254, b)
		_, _ = readWays(b)
	})
}
