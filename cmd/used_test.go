package cmd_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// A usedFact is the part of an answer to "prog show PROG used" that tests look at.
type usedFact struct {
	ID          uint32           `json:"id"`
	Maps        []map[string]any `json:"maps"`
	Attachments []place          `json:"attachments"`
	Onto        []place          `json:"attached_programs"`
	Waiting     []uint32         `json:"waiting_programs"`
	Pinned      []string         `json:"pinned"`
	Holders     []holder         `json:"holders"`
	Because     []string         `json:"loaded_because"`
	Unseen      []struct{ Where, Why string }
}

// A place is an attachment, by the keys of its JSON.
type place map[string]any

type holder struct {
	PID          int
	Comm         string
	Cgroup, Unit string
}

// has reports whether a place has the keys and values of another: numbers as they are
// spelt.
func (p place) has(want map[string]string) bool {
	for key, value := range want {
		if got, ok := p[key]; !ok || fmt.Sprint(got) != value {
			return false
		}
	}
	return true
}

// used asks about a program, in JSON and in plain text.
func (s *script) used(id uint32) (fact usedFact, plain string) {
	s.t.Helper()
	check(s.t, s.run([]string{"gobpftool", "prog", "show", "id", fmt.Sprint(id), "used"}))
	plain = s.stdout
	check(s.t, s.run([]string{"gobpftool", "-j", "prog", "show", "id", fmt.Sprint(id), "us"}))
	d := json.NewDecoder(strings.NewReader(s.stdout))
	d.UseNumber()
	if err := d.Decode(&fact); err != nil || fact.ID != id {
		s.t.Fatalf("%v in %s", err, s.stdout)
	}
	return fact, plain
}

// A usedCase is an attachment that is made, found, removed and no more found.
type usedCase struct {
	row   string
	want  map[string]string // keys of the attachment
	plain string            // regular expression for its line
	since string            // the kernel that tells
}

// attachedCases are rows of [fixture.Attached].
var attachedCases = []usedCase{
	{"xdp.generic", map[string]string{"kind": "xdp", "devname": "lo", "ifindex": "1", "mode": "generic"}, `xdp  dev lo\(1\)  mode generic$`, ""},
	{"xdp.driver", map[string]string{"kind": "xdp", "mode": "native"}, `xdp  dev veth\d+\(\d+\)  mode native$`, ""},
	{"tc.ingress", tcCase("tc", "ingress", "ffff:fff2"), `tc  dev veth\d+\(\d+\)  ingress  parent ffff:fff2  chain 0  prio 11  protocol 0x0003  bpf  handle 0x5  direct_action  name fixture.o:\[tc\]$`, ""},
	{"tc.egress", tcCase("tc", "egress", "ffff:fff3"), `tc  dev veth\d+\(\d+\)  egress `, ""},
	{"tc.ingress_qdisc", tcCase("tc", "ingress", "ffff:fff2"), `tc  dev veth\d+\(\d+\)  ingress `, ""},
	{"tc.block", tcCase("tc", "ingress", "ffff:fff2"), `tc  dev veth\d+\(\d+\)  ingress  parent ffff:fff2  block 4711  chain 0 `, ""},
	{"tc.root", tcCase("tc", "", "1:0"), `tc  dev veth\d+\(\d+\)  parent 1:0 `, ""},
	{"tc.class", tcCase("tc", "", "1:1"), `tc  dev veth\d+\(\d+\)  parent 1:1 `, ""},
	{"tc.action", map[string]string{"kind": "tc_action", "prog_name": fixture.TcName}, `tc_action  index \d+  name fixture.o:\[tc\]  order 1  of filter  dev veth\d+\(\d+\)  ingress `, ""},
	{"tc.unused_action", map[string]string{"kind": "tc_action", "index": fmt.Sprint(fixture.ActionIndex)}, `tc_action  index 4712  name fixture.o:\[tc\]  used by no filter$`, ""},
	{"tcx.attached", map[string]string{"kind": "tcx", "devname": "lo", "attach_type": "tcx_ingress", "position": "0"}, `tcx  dev lo\(1\)  attach_type tcx_ingress  position 0$`, ""},
	{"netkit.attached", map[string]string{"kind": "netkit", "attach_type": "netkit_peer"}, `netkit  dev netkit\d+\(\d+\)  attach_type netkit_peer  position 0$`, ""},
	{"cgroup.multi", map[string]string{"kind": "cgroup", "cgroup": "$CGROUP", "attach_type": "cgroup_inet_egress", "attach_flags": "multi"}, `cgroup  /.*  attach_type cgroup_inet_egress  attach_flags multi$`, ""},
	{"cgroup.override", map[string]string{"kind": "cgroup", "cgroup": "$CGROUP", "attach_type": "cgroup_device", "attach_flags": "override"}, `cgroup  /.*  attach_type cgroup_device  attach_flags override$`, ""},
	{"netns.attached", map[string]string{"kind": "netns", "attach_type": "flow_dissector"}, `netns  netns_ino \d+ \(this one\)  attach_type flow_dissector$`, ""},
	{"sockmap.msg", map[string]string{"kind": "sockmap", "map_type": "sockmap", "map_name": "sockets", "attach_type": "sk_msg_verdict"}, `sockmap  sockmap \d+  name sockets  attach_type sk_msg_verdict$`, "5.19"},
	{"sockmap.parser", map[string]string{"kind": "sockmap", "attach_type": "sk_skb_stream_parser"}, `sockmap  .* sk_skb_stream_parser$`, "5.19"},
	{"sockmap.stream_verdict", map[string]string{"kind": "sockmap", "attach_type": "sk_skb_stream_verdict"}, `sockmap  .* sk_skb_stream_verdict$`, "5.19"},
	{"sockmap.skb_verdict", map[string]string{"kind": "sockmap", "attach_type": "sk_skb_verdict"}, `sockmap  .* sk_skb_verdict$`, "5.19"},
	{"event.tracepoint", map[string]string{"kind": "perf_event", "event": "tracepoint", "target": "task_rename"}, `perf_event  tracepoint task_rename  of cmd.test\(\d+\)$`, ""},
	{"event.kprobe", map[string]string{"kind": "perf_event", "event": "kprobe", "target": "bpf_fentry_test1"}, `perf_event  kprobe bpf_fentry_test1  of cmd.test`, ""},
	{"event.kretprobe", map[string]string{"kind": "perf_event", "event": "kretprobe", "target": "bpf_fentry_test1"}, `perf_event  kretprobe bpf_fentry_test1  of cmd.test`, ""},
	{"event.uprobe", map[string]string{"kind": "perf_event", "event": "uprobe"}, `perf_event  uprobe /.*cmd.test\+0x[0-9a-f]+  of cmd.test`, ""},
	{"event.uretprobe", map[string]string{"kind": "perf_event", "event": "uretprobe"}, `perf_event  uretprobe /.*cmd.test\+0x`, ""},
	{"route.seg6local", map[string]string{"kind": "route", "to": fixture.Seg6Route, "table": "254", "hook": "lwt_seg6local", "prog_name": fixture.TcName}, `route  to fd00::4711/128  table 254  lwt_seg6local  name fixture.o:\[tc\]$`, ""},
	{"slot.prog_array", map[string]string{"kind": "map", "map_type": "prog_array", "map_name": "slots", "key": "1"}, `map  prog_array \d+  name slots  key 1$`, ""},
	{"slot.devmap", map[string]string{"kind": "map", "map_type": "devmap", "key": "1"}, `map  devmap \d+  name slots  key 1$`, ""},
	{"slot.devmap_hash", map[string]string{"kind": "map", "map_type": "devmap_hash", "key": "1"}, `map  devmap_hash \d+  name slots  key 1$`, ""},
	{"slot.cpumap", map[string]string{"kind": "map", "map_type": "cpumap", "key": "1"}, `map  cpumap \d+  name slots  key 1$`, ""},
	{"slot.struct_ops", map[string]string{"kind": "struct_ops", "struct": "tcp_congestion_ops", "member": fixture.Operation, "state": "registered"}, `struct_ops  struct_ops \d+  name .*  tcp_congestion_ops.ssthresh  registered$`, ""},
}

func tcCase(kind, direction, parent string) map[string]string {
	m := map[string]string{
		"kind": kind, "parent": parent, "chain": "0", "prio": "11", "protocol": "3",
		"filter": "bpf", "handle": "5", "direct_action": "true", "prog_name": fixture.TcName,
	}
	if direction != "" {
		m["direction"] = direction
	}
	return m
}

// linkCases are rows of [fixture.Links].
var linkCases = []usedCase{
	{"raw_tracepoint", map[string]string{"kind": "link", "type": "raw_tracepoint", "target": "task_newtask"}, `link  raw_tracepoint  target task_newtask`, ""},
	{"raw_tracepoint.tp_btf", map[string]string{"kind": "link", "type": "raw_tracepoint", "target": "task_newtask"}, `link  raw_tracepoint  target task_newtask`, ""},
	{"tracing", map[string]string{"kind": "link", "type": "tracing", "attach_type": "trace_fentry", "target": "bpf_fentry_test1"}, `link  tracing  attach_type trace_fentry  target bpf_fentry_test1`, "5.13"},
	{"tracing.lsm", map[string]string{"kind": "link", "type": "tracing", "attach_type": "lsm_mac", "target": "bpf_lsm_settime"}, `link  tracing  attach_type lsm_mac  target bpf_lsm_settime`, "5.13"},
	{"cgroup", map[string]string{"kind": "cgroup", "cgroup": "$CGROUP", "attach_type": "cgroup_inet_ingress", "attach_flags": "multi"}, `cgroup  /.*  attach_type cgroup_inet_ingress  attach_flags multi  link \d+$`, ""},
	{"cgroup.lsm", map[string]string{"kind": "cgroup", "attach_type": "lsm_cgroup"}, `cgroup  /.*  attach_type lsm_cgroup`, ""},
	{"iter", map[string]string{"kind": "link", "type": "iter", "target": "task"}, `link  iter  target task  link`, ""},
	{"iter.bpf_map_elem", map[string]string{"kind": "link", "type": "iter", "target": "bpf_map_elem"}, `link  iter  target bpf_map_elem  map_id \d+`, ""},
	{"netns", map[string]string{"kind": "netns", "attach_type": "flow_dissector"}, `netns  .*flow_dissector  link \d+$`, ""},
	{"netns.sk_lookup", map[string]string{"kind": "netns", "attach_type": "sk_lookup"}, `netns  .*sk_lookup  link \d+$`, ""},
	{"xdp", map[string]string{"kind": "xdp", "devname": "lo", "mode": "generic"}, `xdp  dev lo\(1\)  mode generic  link \d+$`, ""},
	{"xdp.native", map[string]string{"kind": "xdp", "mode": "native"}, `xdp  dev veth\d+\(\d+\)  mode native  link \d+$`, ""},
	{"perf_event", map[string]string{"kind": "link", "type": "perf_event", "event": "event"}, `link  perf_event  event  target \w+:\S+`, "6.6"},
	{"perf_event.tracepoint", map[string]string{"kind": "link", "event": "tracepoint", "target": "task_rename"}, `link  perf_event  tracepoint  target task_rename`, "6.6"},
	{"perf_event.kprobe", map[string]string{"kind": "link", "event": "kprobe", "target": "bpf_fentry_test1"}, `link  perf_event  kprobe  target bpf_fentry_test1`, "6.6"},
	{"perf_event.uprobe", map[string]string{"kind": "link", "event": "uprobe"}, `link  perf_event  uprobe  target /.*cmd.test\+0x`, "6.6"},
	{"kprobe_multi", map[string]string{"kind": "link", "type": "kprobe_multi", "func_cnt": "2"}, `link  kprobe_multi  func_cnt 2`, ""},
	{"netfilter", map[string]string{"kind": "link", "type": "netfilter", "netfilter": "map[hook:1 pf:2 prio:-128]"}, `link  netfilter  pf 2 hook 1 prio -128`, ""},
	{"tcx", map[string]string{"kind": "tcx", "devname": "lo", "attach_type": "tcx_ingress"}, `tcx  dev lo\(1\)  attach_type tcx_ingress  position 0  link \d+$`, ""},
	{"tcx.egress", map[string]string{"kind": "tcx", "devname": "lo", "attach_type": "tcx_egress"}, `tcx  dev lo\(1\)  attach_type tcx_egress  position 0  link \d+$`, ""},
	{"uprobe_multi", map[string]string{"kind": "link", "type": "uprobe_multi", "func_cnt": "1"}, `link  uprobe_multi  target /.*cmd.test  func_cnt 1`, ""},
	{"netkit", map[string]string{"kind": "netkit", "attach_type": "netkit_primary"}, `netkit  dev netkit\d+\(\d+\)  attach_type netkit_primary  position 0  link \d+$`, ""},
	{"netkit.peer", map[string]string{"kind": "netkit", "attach_type": "netkit_peer"}, `netkit  dev netkit\d+\(\d+\)  attach_type netkit_peer  position 0  link \d+$`, ""},
	{"sockmap", map[string]string{"kind": "sockmap", "attach_type": "sk_msg_verdict"}, `sockmap  sockmap \d+  .*sk_msg_verdict  link \d+$`, ""},
	{"tracing_multi", map[string]string{"kind": "link", "type": "tracing_multi", "func_cnt": "2"}, `link  tracing_multi  attach_type trace_fentry_multi  func_cnt 2`, ""},
}

// TestUsed makes attachments without links, sees them named, removes them and sees them
// gone.
func TestUsed(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	for _, tt := range attachedCases {
		t.Run(tt.row, func(t *testing.T) {
			if !kernelHas(t, tt.since) {
				t.Skipf("the kernel does not tell before Linux %s", tt.since)
			}
			s := newScript(t)
			o := makeRow(t, fixture.Attached, tt.row)
			tt.test(s, o, o.ID)
		})
	}
	for _, row := range fixture.Attached {
		named := func(c usedCase) bool { return c.row == row.Type }
		if !slices.ContainsFunc(attachedCases, named) && !strings.Contains("event.clock route.lwt_out", row.Type) {
			t.Errorf("%s: no case", row.Type)
		}
	}
}

// TestUsedLinks does the same with links.
func TestUsedLinks(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	for _, tt := range linkCases {
		t.Run(tt.row, func(t *testing.T) {
			if !kernelHas(t, tt.since) {
				t.Skipf("the kernel does not tell before Linux %s", tt.since)
			}
			s := newScript(t)
			o := makeRow(t, fixture.Links, tt.row)
			info, err := bpf.ReadLinkInfo(bpf.FD(o.FD()))
			check(t, err)
			pin := filepath.Join(fixture.BPFFS(), "used_link")
			check(t, o.Pin(pin))
			s.cleanup(pin)
			fact, _ := s.used(info.ProgID)
			for _, a := range fact.Attachments {
				if fmt.Sprint(a["link_id"]) != fmt.Sprint(o.ID) {
					t.Errorf("attached by link %v, want %d", a["link_id"], o.ID)
				}
				kept := fmt.Sprint(a["kept_by"])
				if want := fmt.Sprintf("pid:%d", os.Getpid()); !strings.Contains(kept, pin) || !strings.Contains(kept, want) {
					t.Errorf("link kept by %s, want %s and %s", kept, pin, want)
				}
			}
			if !mentions(fact.Because, fmt.Sprintf("link %d attaches it, pinned at %s, held by cmd.test(%d)", o.ID, pin, os.Getpid())) {
				t.Errorf("loaded because %q", fact.Because)
			}
			check(t, os.Remove(pin))
			tt.test(s, o, info.ProgID)
		})
	}
}

// kernelHas reports whether the kernel is of a version or later.
func kernelHas(t *testing.T, since string) bool {
	t.Helper()
	var uts unix.Utsname
	check(t, unix.Uname(&uts))
	var a, b, c, d int
	fmt.Sscanf(unix.ByteSliceToString(uts.Release[:]), "%d.%d", &a, &b)
	fmt.Sscanf(since, "%d.%d", &c, &d)
	return a > c || a == c && b >= d
}

// makeRow makes an object, which the test closes.
func makeRow(t *testing.T, rows []fixture.Row, typ string) *fixture.Object {
	t.Helper()
	o, err := mustFind(t, rows, typ).Make()
	if errors.Is(err, ebpf.ErrNotSupported) {
		t.Skip(err)
	}
	check(t, err)
	return o
}

// test looks for the attachment of a program, and for it to be gone when the object is
// closed.
func (c usedCase) test(s *script, o *fixture.Object, progID uint32) {
	t := s.t
	t.Helper()
	want := make(map[string]string)
	for k, v := range c.want {
		want[k] = strings.ReplaceAll(v, "$CGROUP", fixture.Cgroup())
	}
	fact, plain := s.used(progID)
	n := 0
	for _, a := range fact.Attachments {
		if a.has(want) {
			n++
		}
	}
	if n != 1 || len(fact.Attachments) != 1 {
		t.Errorf("%d attachments, %d as wanted: %v\nin %v", len(fact.Attachments), n, want, fact.Attachments)
	}
	if !regexp.MustCompile(`(?m)^\t\t` + c.plain).MatchString(plain) {
		t.Errorf("no %s in\n%s", c.plain, plain)
	}
	if len(fact.Because) == 0 {
		t.Error("no reason why it is loaded")
	}
	fd, err := bpf.Open(bpf.Prog, progID)
	check(t, err)
	defer fd.Close()
	check(t, o.Close())
	for range 100 { // some things go when the kernel comes to it
		if fact, _ = s.used(progID); len(fact.Attachments) == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if len(fact.Attachments) > 0 {
		t.Errorf("still attached: %v", fact.Attachments)
	}
}

func mentions(list []string, text string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.Contains(s, text) })
}

// TestUsedOnto shows programs that replace a function of another, or trace it, from both
// sides.
func TestUsedOnto(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	if !kernelHas(t, "5.13") {
		t.Skip("the kernel does not tell before Linux 5.13")
	}
	for _, row := range []string{"tracing.ext", "tracing.fentry_prog"} {
		t.Run(row, func(t *testing.T) {
			s := newScript(t)
			o := makeRow(t, fixture.Links, row)
			info, err := bpf.ReadLinkInfo(bpf.FD(o.FD()))
			check(t, err)
			target := info.Tracing.TargetObjID
			fact, plain := s.used(info.ProgID)
			want := map[string]string{"kind": "link", "target": "twofold", "target_prog_id": fmt.Sprint(target)}
			if len(fact.Attachments) != 1 || !fact.Attachments[0].has(want) {
				t.Errorf("attachments %v, want %v", fact.Attachments, want)
			}
			if !strings.Contains(plain, fmt.Sprintf("target twofold  target_prog_id %d  link %d\n", target, o.ID)) {
				t.Error(plain)
			}
			fact, plain = s.used(target)
			want = map[string]string{"kind": "link", "target": "twofold", "prog_id": fmt.Sprint(info.ProgID), "link_id": fmt.Sprint(o.ID)}
			if len(fact.Onto) != 1 || !fact.Onto[0].has(want) || len(fact.Attachments) != 0 {
				t.Errorf("attached programs %v, want %v", fact.Onto, want)
			}
			if !strings.Contains(plain, fmt.Sprintf("\tprograms attached to it:\n\t\tprog %d  link  tracing  ", info.ProgID)) {
				t.Error(plain)
			}
			if !mentions(fact.Because, fmt.Sprintf("program %d is attached to it by link %d, held by cmd.test", info.ProgID, o.ID)) {
				t.Errorf("loaded because %q", fact.Because)
			}
			fd, err := bpf.Open(bpf.Prog, target)
			check(t, err)
			defer fd.Close()
			check(t, o.Close())
			for range 100 {
				if fact, _ = s.used(target); len(fact.Onto) == 0 {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
			t.Errorf("still attached: %v", fact.Onto)
		})
	}
}

// TestUsedWaiting shows a program that is loaded to replace a function of another, and
// not attached.
func TestUsedWaiting(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	if !kernelHas(t, "6.0") {
		t.Skip("the kernel does not tell before Linux 5.18")
	}
	s := newScript(t)
	o := makeRow(t, fixture.Progs, "ext")
	check(t, s.run([]string{"gobpftool", "-j", "prog", "show", "name", "extended"}))
	var target struct{ ID uint32 }
	check(t, json.Unmarshal([]byte(s.stdout), &target))
	fact, plain := s.used(target.ID)
	if !slices.Equal(fact.Waiting, []uint32{o.ID}) || !mentions(fact.Because, fmt.Sprintf("program %d was loaded for a function of it", o.ID)) {
		t.Errorf("waiting programs %v, want %d; loaded because %q", fact.Waiting, o.ID, fact.Because)
	}
	if !strings.Contains(plain, fmt.Sprintf("\tprograms loaded for its object:\n\t\tprog %d\n", o.ID)) {
		t.Error(plain)
	}
	fd, err := bpf.Open(bpf.Prog, target.ID)
	check(t, err)
	defer fd.Close()
	check(t, o.Close())
	for range 100 {
		if fact, _ = s.used(target.ID); len(fact.Waiting) == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("still waiting: %v", fact.Waiting)
}

// TestUsedByItself shows a program in an array that it uses itself.
func TestUsedByItself(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	s := newScript(t)
	o := makeRow(t, fixture.Maps, "prog_array.owned")
	value := make([]byte, 4)
	check(t, bpf.Lookup(bpf.FD(o.FD()), words32(1), value))
	id := binary.NativeEndian.Uint32(value)
	want := fmt.Sprintf("map %d has it under key 1, and is held by cmd.test(%d), used by program %d", o.ID, os.Getpid(), id)
	fact, plain := s.used(id)
	if !mentions(fact.Because, want) || len(fact.Maps) != 1 || !strings.Contains(plain, fmt.Sprintf("\t\t\tused by prog %d\n", id)) {
		t.Errorf("loaded because %q, want %q; maps %v\n%s", fact.Because, want, fact.Maps, plain)
	}
	fd, err := bpf.Open(bpf.Prog, id)
	check(t, err)
	defer fd.Close()
	check(t, o.Close())
	for range 100 {
		if fact, _ = s.used(id); len(fact.Attachments) == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("still in the array: %v", fact.Attachments)
}

// TestUsedOrphan asks about a program of which the kernel has forgotten the ID.
func TestUsedOrphan(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	s := newScript(t)
	o := makeRow(t, fixture.Progs, "xdp.orphaned")
	defer o.Close()
	pin := filepath.Join(fixture.BPFFS(), "orphan")
	check(t, o.Pin(pin))
	s.cleanup(pin)
	link := fixture.Link(t, "raw_tracepoint")
	check(t, s.run([]string{"gobpftool", "prog", "show", "pinned", pin, "used"}))
	if strings.Contains(s.stdout, "attached") || !strings.Contains(s.stdout, "orphaned") {
		t.Errorf("beside link %d:\n%s", link.ID, s.stdout)
	}
}

// TestUsedHeld shows who holds a program, and where it is pinned.
func TestUsedHeld(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	s := newScript(t)
	o := fixture.Prog(t, "xdp.maps")
	below := filepath.Join(fixture.Cgroup(), "held.service")
	check(t, os.Mkdir(below, 0o755))
	defer os.Remove(below)
	pin := filepath.Join(fixture.BPFFS(), "used_prog")
	check(t, o.Pin(pin))
	s.cleanup(pin)

	holding := exec.Command("sleep", "1000")
	holding.ExtraFiles = []*os.File{os.NewFile(uintptr(dup(t, o.FD())), "program")}
	check(t, holding.Start())
	defer func() { _ = holding.Process.Kill(); _ = holding.Wait() }()
	holding.ExtraFiles[0].Close()
	check(t, os.WriteFile(filepath.Join(below, "cgroup.procs"), []byte(fmt.Sprint(holding.Process.Pid)), 0o644))

	fact, plain := s.used(o.ID)
	if len(fact.Maps) != fixture.ManyMaps || fmt.Sprintf("%s %s", fact.Maps[0]["type"], fact.Maps[0]["name"]) != "array xdp_maps" {
		t.Errorf("%d maps %v", len(fact.Maps), fact.Maps)
	}
	if !slices.Contains(fact.Pinned, pin) || !mentions(fact.Because, "it is pinned at "+pin) {
		t.Errorf("pinned %q, loaded because %q", fact.Pinned, fact.Because)
	}
	want := func(h holder) bool {
		return h.PID == holding.Process.Pid && h.Comm == "sleep" && h.Unit == "held.service" && strings.HasSuffix(h.Cgroup, "/held.service")
	}
	if !slices.ContainsFunc(fact.Holders, want) || len(fact.Holders) != 2 {
		t.Errorf("holders %v, want sleep(%d) in %s beside this", fact.Holders, holding.Process.Pid, below)
	}
	line := fmt.Sprintf("sleep(%d) of held.service holds a descriptor of it\n", holding.Process.Pid)
	if !strings.Contains(plain, "\t\t"+line) {
		t.Errorf("no %q in\n%s", line, plain)
	}
	check(t, holding.Process.Kill())
	_ = holding.Wait()
	check(t, os.Remove(pin))
	if fact, _ = s.used(o.ID); len(fact.Holders) != 1 || len(fact.Pinned) != 0 || len(fact.Because) != 1 {
		t.Errorf("holders %v, pinned %q, loaded because %q; want this process only", fact.Holders, fact.Pinned, fact.Because)
	}
}

func dup(t *testing.T, fd int) int {
	t.Helper()
	n, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	check(t, err)
	return n
}

// TestUsedUnseen shows what cannot be seen: for programs that it concerns, only.
func TestUsedUnseen(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	tests := []struct {
		row, until string // the kernel that tells, if one does
		where, why string
	}{
		{"event.clock", "", fmt.Sprintf("perf events of cmd.test\\(%d\\)", os.Getpid()), "the kernel does not tell which program is attached, but that one is"},
		{"route.lwt_out", "", "route to " + fixture.LWTRoute, `has a program "fixture.o:\[tc\]", of which the kernel does not tell the ID`},
		{"sockmap.msg", "5.19", `map \d+ \(sockmap\)`, "the kernel does not tell which programs are attached, before Linux 5.19"},
	}
	for _, tt := range tests {
		t.Run(tt.row, func(t *testing.T) {
			if tt.until != "" && kernelHas(t, tt.until) {
				t.Skip("the kernel tells")
			}
			s := newScript(t)
			o := makeRow(t, fixture.Attached, tt.row)
			defer o.Close()
			_, plain := s.used(o.ID)
			if want := "\tnot looked at:\n\t\t" + tt.where + ": " + tt.why + "\n$"; !regexp.MustCompile(want).MatchString(plain) {
				t.Errorf("no %q in\n%s", want, plain)
			}
			other := fixture.Prog(t, "xdp")
			if _, plain = s.used(other.ID); strings.Contains(plain, "not looked at") {
				t.Errorf("for another type of program:\n%s", plain)
			}
		})
	}
}

// TestUsedUntold shows that a kernel does not tell what links of type tracing attach to.
func TestUsedUntold(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	if kernelHas(t, "5.13") {
		t.Skip("the kernel tells")
	}
	s := newScript(t)
	o := makeRow(t, fixture.Links, "tracing.ext")
	defer o.Close()
	other := fixture.Prog(t, "xdp")
	if _, plain := s.used(other.ID); !strings.Contains(plain, "\t\tlinks of type tracing: the kernel does not tell ") {
		t.Error(plain)
	}
}

// TestUsedWords reads command lines: the word may be shortened, and several programs
// are an array.
func TestUsedWords(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	s := newScript(t)
	row := mustFind(t, fixture.Progs, "xdp").Named("used_twice")
	row.For(t)
	row.For(t)
	check(t, s.run([]string{"gobpftool", "-j", "prog", "list", "name", "used_twice", "u"}))
	var list []usedFact
	if err := json.Unmarshal([]byte(s.stdout), &list); err != nil || len(list) != 2 {
		t.Errorf("%v: %s", err, s.stdout)
	}
	tests := []struct {
		args, out string
		status    int
	}{
		{"-j prog show name nosuch used", `{"error":"no program with name 'nosuch'"}` + "\n", 1},
		{"-j prog show id 4294967295 used", `{"error":"get by id (4294967295): No such file or directory"}` + "\n", 1},
		{"-j prog show id 1 uses", `{"error":"what is 'id'?"}` + "\n", 2},
		{"-j prog show used", `{"error":"what is 'used'?"}` + "\n", 2},
		{"-j prog show id 1 used x", `{"error":"what is 'id'?"}` + "\n", 2},
	}
	for _, tt := range tests {
		if s.gobpftool(strings.Fields(tt.args)); s.status != tt.status || s.stdout != tt.out {
			t.Errorf("%s: status %d, %q; want %d, %q", tt.args, s.status, s.stdout, tt.status, tt.out)
		}
	}
}
