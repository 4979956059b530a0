package attachments

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/holders"
	"github.com/gobpftool/gobpftool/internal/names"
)

func TestMain(m *testing.M) { fixture.Main(m) }

func plain(a Attachment) string {
	var b strings.Builder
	w := bufio.NewWriter(&b)
	a.Plain(w)
	w.Flush()
	return b.String()
}

// TestFaces prints places that tests of the tool do not make, or not completely.
func TestFaces(t *testing.T) {
	structOps, _ := names.ParseMapType("struct_ops")
	tests := []struct {
		name        string
		a           Attachment
		plain, json string
	}{
		{
			"offloaded", Attachment{XDPKind, 7, &XDP{Device{"eth0", 2}, "offload"}, 9},
			"xdp  dev eth0(2)  mode offload  link 9",
			`{"kind":"xdp","devname":"eth0","ifindex":2,"mode":"offload","link_id":9}`,
		},
		{
			"infrared", Attachment{InfraredKind, 7, &Receiver{"/dev/lirc0"}, 0},
			"lirc_mode2  /dev/lirc0",
			`{"kind":"lirc_mode2","path":"/dev/lirc0"}`,
		},
		{
			"next hop", Attachment{RouteKind, 7, &Route{NextHop: 3, Ifindex: 2, Hook: "lwt_seg6local", Name: "p"}, 0},
			"route  nexthop 3  lwt_seg6local  name p",
			`{"kind":"route","nexthop_id":3,"ifindex":2,"hook":"lwt_seg6local","prog_name":"p"}`,
		},
		{
			"classic filter of the root", Attachment{FilterKind, 7, &Filter{Device: Device{"eth0", 2}, Filter: "bpf", Handle: 1}, 0},
			"tc  dev eth0(2)  parent root  chain 0  prio 0  protocol 0x0000  bpf  handle 0x1  name ",
			`{"kind":"tc","devname":"eth0","ifindex":2,"parent":"root","chain":0,"prio":0,"protocol":0,"filter":"bpf","handle":1,"direct_action":false,"prog_name":"","tag":"0000000000000000"}`,
		},
		{
			"cgroup with more flags", Attachment{CgroupKind, 7, &Cgroup{"/sys/fs/cgroup", 1, 1, 2 | 64 | 1<<20, 0}, 0},
			"cgroup  /sys/fs/cgroup  attach_type cgroup_inet_egress  attach_flags multi,preorder,0x100000",
			`{"kind":"cgroup","cgroup":"/sys/fs/cgroup","cgroup_id":1,"attach_type":"cgroup_inet_egress","attach_flags":"multi,preorder,0x100000","position":0}`,
		},
		{
			"probe without a name", Attachment{EventKind, 7, &Event{Event: "kprobe", Addr: 0xff, Processes: holders.List{{PID: 1, Comm: "a"}, {PID: 2, Comm: "b"}}}, 0},
			"perf_event  kprobe 0xff  of a(1), b(2)",
			`{"kind":"perf_event","event":"kprobe","target":"","offset":0,"addr":255,"pids":[{"pid":1,"comm":"a"},{"pid":2,"comm":"b"}]}`,
		},
		{
			"operation", Attachment{StructOpsKind, 7, &Operation{Map{3, structOps, "m"}, "ops", "init", "ready"}, 5},
			"struct_ops  struct_ops 3  name m  ops.init  ready  link 5",
			`{"kind":"struct_ops","map_id":3,"map_type":"struct_ops","map_name":"m","struct":"ops","member":"init","state":"ready","link_id":5}`,
		},
	}
	for _, tt := range tests {
		if got := plain(tt.a); got != tt.plain {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.plain)
		}
		if got, err := json.Marshal(tt.a); string(got) != tt.json || err != nil {
			t.Errorf("%s: %s, %v\nwant %s", tt.name, got, err, tt.json)
		}
	}
}

// TestDescribe describes links whose places are not in reach, or gone.
func TestDescribe(t *testing.T) {
	tests := []struct {
		info bpf.LinkInfo
		want string
	}{
		{bpf.LinkInfo{Type: 6, XDP: &bpf.XDPLink{Ifindex: 4}}, "link  xdp  ifindex 4"},
		{bpf.LinkInfo{Type: 6, XDP: &bpf.XDPLink{}}, "link  xdp"},
		{bpf.LinkInfo{Type: 3, Cgroup: &bpf.CgroupLink{CgroupID: 9, AttachType: 1}}, "link  cgroup  attach_type cgroup_inet_egress  cgroup_id 9"},
		{bpf.LinkInfo{Type: 5, Netns: &bpf.NetnsLink{Ino: 8, AttachType: 17}}, "link  netns  attach_type flow_dissector  netns_ino 8"},
		{bpf.LinkInfo{Type: 11, Device: &bpf.DeviceLink{Ifindex: 4, AttachType: 46}}, "link  tcx  attach_type tcx_ingress  ifindex 4"},
		{bpf.LinkInfo{Type: 14, Sockmap: &bpf.SockmapLink{MapID: 4, AttachType: 7}}, "link  sockmap  attach_type sk_msg_verdict  map_id 4"},
		{bpf.LinkInfo{Type: 4, Iter: &bpf.IterLink{Target: "cgroup", CgroupID: 5}}, "link  iter  target cgroup  cgroup_id 5"},
		{bpf.LinkInfo{Type: 4, Iter: &bpf.IterLink{Target: "task", CgroupID: 5, MapID: 6}}, "link  iter  target task"},
		{bpf.LinkInfo{Type: 7, PerfEvent: &bpf.PerfEventLink{Type: bpf.PerfEvent, Event: 1, Config: 10}}, "link  perf_event  event  target software:bpf-output"},
		{bpf.LinkInfo{Type: 7, PerfEvent: &bpf.PerfEventLink{Type: bpf.PerfUretprobe, Name: "/bin/sh", Offset: 16}}, "link  perf_event  uretprobe  target /bin/sh+0x10"},
		{bpf.LinkInfo{Type: 99}, "link  type 99"},
	}
	for _, tt := range tests {
		if got := plain(Attachment{Kind: LinkKind, Place: describe(&tt.info)}); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// TestUnseen notes what cannot be seen once, and whom it concerns.
func TestUnseen(t *testing.T) {
	f := new(finder)
	f.missed("maps", unix.EPERM)
	f.missed("maps", unix.EPERM)
	f.missed("maps", fmt.Errorf("asking: %w", unix.EACCES), "xdp")
	f.missed("events", explained("they are silent"), "kprobe")
	want := []Unseen{{"maps", "Operation not permitted", nil}, {"maps", "Permission denied", []string{"xdp"}}, {"events", "they are silent", []string{"kprobe"}}}
	if fmt.Sprint(f.Unseen) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", f.Unseen, want)
	}
	xdp := names.ProgType(6)
	for i, concerned := range []bool{true, true, false} {
		if got := want[i].Concerns(xdp); got != concerned {
			t.Errorf("%v concerns xdp: %t", want[i], got)
		}
	}
}

// TestFor looks only where programs of a type can be.
func TestFor(t *testing.T) {
	tests := []struct {
		types []names.ProgType
		want  string
	}{
		{[]names.ProgType{6}, "[links programs network devices maps]"},
		{[]names.ProgType{8, 4}, "[links programs traffic control cgroups maps]"},
		{[]names.ProgType{19}, "[links programs routes maps]"},
		{[]names.ProgType{26}, "[links programs maps]"},
		{[]names.ProgType{999}, fmt.Sprint(everything())},
		{nil, "[]"},
	}
	for _, tt := range tests {
		if got := fmt.Sprint(For(tt.types...)); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.types, got, tt.want)
		}
	}
	for _, s := range sources {
		for _, typ := range s.takes {
			if !slices.ContainsFunc(fixture.Progs, func(r fixture.Row) bool { return r.Type == typ }) {
				t.Errorf("%s takes %s, which is no type", s.source, typ)
			}
		}
	}
}

// everything is all sources.
func everything() []Source {
	var list []Source
	for _, s := range sources {
		list = append(list, s.source)
	}
	return list
}

// TestVanishing looks while objects and cgroups come and go.
func TestVanishing(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	done := make(chan struct{})
	var comers sync.WaitGroup
	comers.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-done:
				return
			default:
				comeAndGo(t, i)
			}
		}
	})
	for range 40 {
		for _, u := range Find(everything()...).Unseen {
			if strings.Contains(u.Why, "No such") || strings.Contains(u.Why, "not exist") {
				t.Errorf("%s: %s", u.Where, u.Why)
			}
		}
	}
	close(done)
	comers.Wait()
}

// comeAndGo makes one thing and removes it.
func comeAndGo(t *testing.T, i int) {
	below := filepath.Join(fixture.Cgroup(), fmt.Sprint("below", i))
	if err := errors.Join(os.Mkdir(below, 0o755), os.Remove(below)); err != nil {
		t.Error(err)
	}
	rows := []string{"cgroup.multi", "xdp.generic", "slot.devmap_hash", "slot.prog_array", "tc.ingress", "event.tracepoint", "netns.attached"}
	row, _ := fixture.Find(fixture.Attached, rows[i%len(rows)])
	o, err := row.Make()
	if err != nil {
		return // this kernel has none
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
}
