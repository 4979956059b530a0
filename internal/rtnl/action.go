package rtnl

import (
	"encoding/binary"
	"fmt"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// Attributes of actions.
//
// Source: TCA_ACT_* of include/uapi/linux/pkt_cls.h, TCA_ACT_BPF_* of
// include/uapi/linux/tc_act/tc_bpf.h.
const (
	actKind    = 1
	actOptions = 2

	actBPFParms = 2 // struct tc_act_bpf, which begins with the index
	actBPFName  = 6
	actBPFTag   = 8
	actBPFID    = 9
)

// sizeofTcamsg is the size of struct tcamsg of include/uapi/linux/rtnetlink.h.
const sizeofTcamsg = 4

// Actions returns the programs that are actions, whether filters use them or not.
func (c *Conn) Actions() ([]Action, error) {
	kind, err := netlink.MarshalAttributes([]netlink.Attribute{{Type: actKind, Data: []byte("bpf\x00")}})
	if err != nil {
		return nil, err
	}
	first, err := netlink.MarshalAttributes([]netlink.Attribute{{Type: 1, Data: kind}})
	if err != nil {
		return nil, err
	}
	all, err := netlink.MarshalAttributes([]netlink.Attribute{{Type: unix.TCA_ROOT_TAB, Data: first}})
	if err != nil {
		return nil, err
	}
	var list []Action
	// The answer is of the type of the question.
	err = c.dump("actions", unix.RTM_GETACTION, unix.RTM_GETACTION, append(make([]byte, sizeofTcamsg), all...), sizeofTcamsg, func(_ header, attributes []byte) error {
		return table{unix.TCA_ROOT_TAB: actions(&list)}.read(attributes)
	})
	for i := range list {
		list[i].Order = 0
	}
	return list, err
}

// actions reads a list of actions, and appends those that are programs to a list.
func actions(to *[]Action) reader {
	return func(d *netlink.AttributeDecoder) {
		d.Nested(func(d *netlink.AttributeDecoder) error {
			for d.Next() {
				a, err := action(d.Bytes())
				if err != nil {
					return fmt.Errorf("action %d: %w", d.Type(), err)
				}
				if a.Order = int(d.Type()); a.ID != 0 {
					*to = append(*to, a)
				}
			}
			return nil
		})
	}
}

// action reads one action. The ID is 0 if it is no program.
func action(attributes []byte) (a Action, err error) {
	var kind string
	options := a.table(actBPFID, actBPFName, actBPFTag)
	options[actBPFParms] = func(d *netlink.AttributeDecoder) {
		d.Do(func(b []byte) error {
			if len(b) < 4 {
				return fmt.Errorf("parameters of %d bytes, want 4 at least", len(b))
			}
			a.Index = binary.NativeEndian.Uint32(b)
			return nil
		})
	}
	err = table{
		actKind: text(&kind),
		actOptions: func(d *netlink.AttributeDecoder) {
			if kind == "bpf" { // which comes first
				nested(options)(d)
			}
		},
	}.read(attributes)
	return a, err
}
