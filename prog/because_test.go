package prog

import (
	"slices"
	"testing"

	"github.com/gobpftool/gobpftool/internal/attachments"
	"github.com/gobpftool/gobpftool/internal/holders"
	"github.com/gobpftool/gobpftool/internal/rtnl"
)

// TestBecause says for each way in which a program is kept why it is.
func TestBecause(t *testing.T) {
	holder := Holder{Process: holders.Process{PID: 7, Comm: "agent"}, Unit: "agent.service"}
	lo := attachments.Device{Name: "lo", Ifindex: 1}
	table := attachments.Map{ID: 5}
	at := func(kind attachments.Kind, place attachments.Place, link uint32, k *Kept) *Used {
		return &Used{Program: &Program{}, Attachments: []Attached{{attachments.Attachment{Kind: kind, Place: place, LinkID: link}, 0, k}}}
	}
	tests := []struct {
		name string
		used *Used
		want []string
	}{
		{"nothing", &Used{Program: &Program{}}, []string{
			"nothing was found: the kernel does not tell about programs of sockets, nor those of other network namespaces without links"}},
		{"a holder and two pins", &Used{Program: &Program{Pinned: []string{"/sys/fs/bpf/a", "/sys/fs/bpf/b"}}, Holders: []Holder{holder}},
			[]string{"agent(7) of agent.service holds a descriptor of it", "it is pinned at /sys/fs/bpf/a", "it is pinned at /sys/fs/bpf/b"}},
		{"a device", at(attachments.XDPKind, &attachments.XDP{Device: lo, Mode: rtnl.Generic}, 0, nil),
			[]string{"it is attached to xdp dev lo(1) mode generic, until it is detached"}},
		{"a link to a device", at(attachments.XDPKind, &attachments.XDP{Device: lo}, 9, &Kept{Pinned: []string{"/sys/fs/bpf/l"}, Holders: []Holder{holder}}),
			[]string{"link 9 attaches it, pinned at /sys/fs/bpf/l, held by agent(7) of agent.service"}},
		{"a link that nobody holds", at(attachments.LinkKind, &attachments.Link{}, 9, &Kept{}),
			[]string{"link 9 attaches it, held by nothing that was found"}},
		{"an event", at(attachments.EventKind, &attachments.Event{Event: "kprobe", Name: "f", Processes: holders.List{holder.Process}}, 0, nil),
			[]string{"it is attached to perf_event kprobe f of agent(7)"}},
		{"a slot of a map", at(attachments.SlotKind, &attachments.Slot{Map: table, Key: 3}, 0, &Kept{Programs: []uint32{11}}),
			[]string{"map 5 has it under key 3, and is used by program 11"}},
		{"a map of sockets", at(attachments.SockmapKind, &attachments.Sockets{Map: table}, 0, &Kept{Holders: []Holder{holder}}),
			[]string{"map 5 has it, and is held by agent(7) of agent.service"}},
		{"a link to a map of sockets", at(attachments.SockmapKind, &attachments.Sockets{Map: table}, 9, &Kept{}),
			[]string{"link 9 attaches it, held by nothing that was found"}},
		{"a set of operations", at(attachments.StructOpsKind, &attachments.Operation{Map: table, State: "registered"}, 0, &Kept{}),
			[]string{"map 5 has it, and is registered, held by nothing that was found"}},
		{"a program that replaces a function of it",
			&Used{Program: &Program{}, Onto: []Attached{{attachments.Attachment{Kind: attachments.LinkKind, LinkID: 9}, 12, &Kept{Pinned: []string{"/p"}}}}},
			[]string{"program 12 is attached to it by link 9, pinned at /p"}},
		{"a program that is about to", &Used{Program: &Program{BTFID: 4}, Waiting: []uint32{12}},
			[]string{"program 12 was loaded for a function of it, or of another program with BTF object 4"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := because(tt.used); !slices.Equal(got, tt.want) {
				t.Errorf("because() = %q, want %q", got, tt.want)
			}
		})
	}
}
