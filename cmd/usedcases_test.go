package cmd_test

import (
	"fmt"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

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
