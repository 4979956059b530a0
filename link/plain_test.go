package link

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/holders"
	"github.com/gobpftool/gobpftool/internal/kallsyms"
	"github.com/gobpftool/gobpftool/internal/pick"
)

func plain(l *Link) string {
	var b strings.Builder
	w := bufio.NewWriter(&b)
	l.Plain(w)
	w.Flush()
	return b.String()
}

// TestTargets shows what no kernel at hand can make, or not at will.
func TestTargets(t *testing.T) {
	head := func(typ uint32) bpf.LinkInfo { return bpf.LinkInfo{Type: typ, ID: 12, ProgID: 26} }
	tests := []struct {
		name   string
		info   func(*bpf.LinkInfo)
		typ    uint32
		plain  string
		inJSON string
	}{
		{
			name: "type to come", typ: 99,
			plain:  "12: type 99  prog 26  \n",
			inJSON: `{"id":12,"type":99,"prog_id":26}`,
		},
		{
			name: "perf event before 6.6", typ: 7,
			info:   func(i *bpf.LinkInfo) { i.PerfEvent = &bpf.PerfEventLink{} },
			plain:  "12: perf_event  prog 26  \n",
			inJSON: `{"id":12,"type":"perf_event","prog_id":26}`,
		},
		{
			name: "kretprobe with everything", typ: 7,
			info: func(i *bpf.LinkInfo) {
				i.PerfEvent = &bpf.PerfEventLink{Type: bpf.PerfKretprobe, Name: "vfs_read", Addr: 0xffffffff81234560, Offset: 16, Missed: 2, Cookie: 3}
			},
			plain:  "12: perf_event  prog 26  \n\tkretprobe ffffffff81234560 vfs_read+0x10  missed 2  cookie 3  \n",
			inJSON: `{"id":12,"type":"perf_event","prog_id":26,"retprobe":true,"addr":18446744071581156704,"func":"vfs_read","offset":16,"missed":2,"cookie":3}`,
		},
		{
			name: "kprobe that may not be seen", typ: 7,
			info:   func(i *bpf.LinkInfo) { i.PerfEvent = &bpf.PerfEventLink{Type: bpf.PerfKprobe} },
			plain:  "12: perf_event  prog 26  \n",
			inJSON: `{"id":12,"type":"perf_event","prog_id":26,"retprobe":false,"addr":0,"func":"","offset":0,"missed":0,"cookie":0}`,
		},
		{
			name: "uprobe at the start with a semaphore", typ: 7,
			info: func(i *bpf.LinkInfo) {
				i.PerfEvent = &bpf.PerfEventLink{Type: bpf.PerfUprobe, Name: "/bin/true", RefCtr: 0x40}
			},
			plain:  "12: perf_event  prog 26  \n\tuprobe /bin/true+0  ref_ctr_offset 0x40  \n",
			inJSON: `{"id":12,"type":"perf_event","prog_id":26,"retprobe":false,"file":"/bin/true","offset":0,"cookie":0,"ref_ctr_offset":64}`,
		},
		{
			name: "hardware event", typ: 7,
			info: func(i *bpf.LinkInfo) {
				i.PerfEvent = &bpf.PerfEventLink{Type: bpf.PerfEvent, Event: 0, Config: 3, Cookie: 9}
			},
			plain:  "12: perf_event  prog 26  \n\tevent hardware:cache-misses  cookie 9  \n",
			inJSON: `{"id":12,"type":"perf_event","prog_id":26,"event_type":"hardware","event_config":"cache-misses","cookie":9}`,
		},
		{
			name: "netfilter of an unknown family", typ: 10,
			info: func(i *bpf.LinkInfo) {
				i.Netfilter = &bpf.NetfilterLink{PF: 77, Hook: 9, Priority: -5, Flags: 1}
			},
			plain:  "12: netfilter  prog 26  \n\tpf: 77, hook 9, prio -5 flags 0x1\n",
			inJSON: `{"id":12,"type":"netfilter","prog_id":26,"pf":77,"hook":9,"prio":-5,"flags":1}`,
		},
		{
			name: "arp", typ: 10,
			info:   func(i *bpf.LinkInfo) { i.Netfilter = &bpf.NetfilterLink{PF: 3, Hook: 1, Priority: 7} },
			plain:  "12: netfilter  prog 26  \n\tarp output prio 7\n",
			inJSON: `{"id":12,"type":"netfilter","prog_id":26,"pf":3,"hook":1,"prio":7,"flags":0}`,
		},
		{
			name: "device gone", typ: 11,
			info:   func(i *bpf.LinkInfo) { i.Device = &bpf.DeviceLink{AttachType: 46} },
			plain:  "12: tcx  prog 26  \n\tifindex (detached)  attach_type tcx_ingress  \n",
			inJSON: `{"id":12,"type":"tcx","prog_id":26,"devname":"(detached)","ifindex":0,"attach_type":"tcx_ingress"}`,
		},
		{
			name: "device elsewhere", typ: 6,
			info:   func(i *bpf.LinkInfo) { i.XDP = &bpf.XDPLink{Ifindex: 1 << 30} },
			plain:  "12: xdp  prog 26  \n\tifindex (unknown)  \n",
			inJSON: `{"id":12,"type":"xdp","prog_id":26,"devname":"(unknown)","ifindex":1073741824}`,
		},
		{
			name: "iterator in an unknown order", typ: 4,
			info:   func(i *bpf.LinkInfo) { i.Iter = &bpf.IterLink{Target: "cgroup", CgroupID: 63, Order: 9} },
			plain:  "12: iter  prog 26  target_name cgroup  cgroup_id 63  order unknown  \n",
			inJSON: `{"id":12,"type":"iter","prog_id":26,"target_name":"cgroup","cgroup_id":63,"order":"unknown"}`,
		},
		{
			name: "iterator in the last known order", typ: 4,
			info:   func(i *bpf.LinkInfo) { i.Iter = &bpf.IterLink{Target: "cgroup", CgroupID: 63, Order: 4} },
			plain:  "12: iter  prog 26  target_name cgroup  cgroup_id 63  order ancestors_up  \n",
			inJSON: `{"id":12,"type":"iter","prog_id":26,"target_name":"cgroup","cgroup_id":63,"order":"ancestors_up"}`,
		},
		{
			name: "uprobes in no place", typ: 12,
			info:   func(i *bpf.LinkInfo) { i.UprobeMulti = &bpf.UprobeMultiLink{Path: "/bin/true", Return: true} },
			plain:  "12: uprobe_multi  prog 26  \n",
			inJSON: `{"id":12,"type":"uprobe_multi","prog_id":26,"retprobe":true,"path":"/bin/true","func_cnt":0,"pid":0,"funcs":[]}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			info := head(tt.typ)
			if tt.info != nil {
				tt.info(&info)
			}
			l := describe(&answers{info: &info}, nil, pick.Surroundings{})
			if diff := cmp.Diff(tt.plain, plain(l)); diff != "" {
				t.Errorf("plain (-want +got):\n%s", diff)
			}
			b, err := json.Marshal(l)
			if diff := cmp.Diff(tt.inJSON, string(b)); diff != "" || err != nil {
				t.Errorf("JSON (-want +got):\n%s%v", diff, err)
			}
		})
	}
}

// TestTracing shows when the target of a tracing link has a line.
func TestTracing(t *testing.T) {
	const line = "\n\ttarget_obj_id %d  target_btf_id %d  "
	for _, target := range [][2]uint32{{0, 0}, {1, 0}, {0, 2}, {1, 2}} {
		want := "12: tracing  prog 26  \n\tprog_type tracing  attach_type trace_fentry  "
		if target != [2]uint32{} {
			want += fmt.Sprintf(line, target[0], target[1])
		}
		info := &bpf.LinkInfo{Type: 2, ID: 12, ProgID: 26}
		info.Tracing = &bpf.TracingLink{AttachType: 24, TargetObjID: target[0], TargetBTFID: target[1]}
		l := describe(&answers{info: info, progType: 26}, nil, pick.Surroundings{})
		if diff := cmp.Diff(want+"\n", plain(l)); diff != "" {
			t.Errorf("plain (-want +got):\n%s", diff)
		}
	}
}

func TestKprobes(t *testing.T) {
	symbols := map[uint64]kallsyms.Symbol{
		0xffffffff81234560: {Addr: 0xffffffff81234560, Name: "vfs_read"},
		0xffffffffc0123450: {Addr: 0xffffffffc0123450, Name: "xfs_file_read", Module: "xfs"},
	}
	tests := []struct {
		name    string
		link    bpf.KprobeMultiLink
		symbols map[uint64]kallsyms.Symbol
		plain   string
		inJSON  string
	}{
		{
			name:    "kernel and module, sorted",
			link:    bpf.KprobeMultiLink{Addrs: []uint64{0xffffffffc0123450, 0xffffffff81234560}, Cookies: []uint64{0, 0x1f}},
			symbols: symbols,
			plain: "12: kprobe_multi  prog 26  \n\tkprobe.multi  func_cnt 2  " +
				"\n\taddr             cookie           func [module]" +
				"\n\tffffffff81234560 1f               vfs_read  " +
				"\n\tffffffffc0123450 0                xfs_file_read [xfs]  \n",
			inJSON: `{"id":12,"type":"kprobe_multi","prog_id":26,"retprobe":false,"func_cnt":2,"missed":0,"funcs":[` +
				`{"addr":18446744071581156704,"func":"vfs_read","module":null,"cookie":31},` +
				`{"addr":18446744072637002832,"func":"xfs_file_read","module":"xfs","cookie":0}]}`,
		},
		{
			name:    "behind the first instruction of kernels with IBT",
			link:    bpf.KprobeMultiLink{Return: true, Missed: 5, Addrs: []uint64{0xffffffff81234564}, Cookies: []uint64{0}},
			symbols: symbols,
			plain: "12: kprobe_multi  prog 26  \n\tkretprobe.multi  func_cnt 1  missed 5  " +
				"\n\taddr             cookie           func [module]" +
				"\n\tffffffff81234564 0                vfs_read  \n",
			inJSON: `{"id":12,"type":"kprobe_multi","prog_id":26,"retprobe":true,"func_cnt":1,"missed":5,"funcs":[` +
				`{"addr":18446744071581156708,"func":"vfs_read","module":null,"cookie":0}]}`,
		},
		{
			// The reference leaves the array open here.
			name:   "symbols that may not be seen",
			link:   bpf.KprobeMultiLink{Addrs: []uint64{0, 0}, Cookies: []uint64{1, 2}},
			plain:  "12: kprobe_multi  prog 26  \n\tkprobe.multi  func_cnt 2  \n",
			inJSON: `{"id":12,"type":"kprobe_multi","prog_id":26,"retprobe":false,"func_cnt":2,"missed":0,"funcs":[]}`,
		},
		{
			name:   "kernel that does not tell",
			plain:  "12: kprobe_multi  prog 26  \n",
			inJSON: `{"id":12,"type":"kprobe_multi","prog_id":26,"retprobe":false,"func_cnt":0,"missed":0,"funcs":[]}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			info := &bpf.LinkInfo{Type: 8, ID: 12, ProgID: 26, KprobeMulti: &tt.link}
			l := describe(&answers{info: info}, tt.symbols, pick.Surroundings{})
			if diff := cmp.Diff(tt.plain, plain(l)); diff != "" {
				t.Errorf("plain (-want +got):\n%s", diff)
			}
			b, err := json.Marshal(l)
			if diff := cmp.Diff(tt.inJSON, string(b)); diff != "" || err != nil {
				t.Errorf("JSON (-want +got):\n%s%v", diff, err)
			}
		})
	}
}

func TestTracingMulti(t *testing.T) {
	symbols := map[uint64]kallsyms.Symbol{
		0xffffffff81234560: {Addr: 0xffffffff81234560, Name: "vfs_read"},
		0xffffffffc0123450: {Addr: 0xffffffffc0123450, Name: "xfs_file_read", Module: "xfs"},
	}
	tests := []struct {
		name   string
		link   bpf.TracingMultiLink
		plain  string
		inJSON string
	}{
		{
			name: "kernel, module, and without a symbol",
			link: bpf.TracingMultiLink{
				AttachType: 59, BTFObjID: 1, IDs: []uint32{7, 100000, 100001},
				Addrs:   []uint64{0xffffffff81234564, 0xffffffffc0123450, 0},
				Cookies: []uint64{0, 31, 1<<64 - 1},
			},
			plain: "12: tracing_multi  prog 26  \n\tattach_type trace_fentry_multi  btf_obj_id 1  count 3  " +
				"\n\tbtf_id           addr             cookie           func [module]" +
				"\n\t7                ffffffff81234564 0                vfs_read" +
				"\n\t100000           ffffffffc0123450 31               xfs_file_read [xfs]" +
				"\n\t100001           0000000000000000 18446744073709551615\n",
			inJSON: `{"id":12,"type":"tracing_multi","prog_id":26,"attach_type":"trace_fentry_multi","func_cnt":3,"btf_obj_id":1,"funcs":[` +
				`{"id":7,"addr":18446744071581156708,"func":"vfs_read","module":null,"cookie":0},` +
				`{"id":100000,"addr":18446744072637002832,"func":"xfs_file_read","module":"xfs","cookie":31},` +
				`{"id":100001,"addr":0,"cookie":18446744073709551615}]}`,
		},
		{
			name:   "kernel that does not tell",
			link:   bpf.TracingMultiLink{AttachType: 59},
			plain:  "12: tracing_multi  prog 26  \n\tattach_type trace_fentry_multi  btf_obj_id 0  count 0  \n",
			inJSON: `{"id":12,"type":"tracing_multi","prog_id":26,"attach_type":"trace_fentry_multi","func_cnt":0,"btf_obj_id":0,"funcs":[]}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			info := &bpf.LinkInfo{Type: 15, ID: 12, ProgID: 26, TracingMulti: &tt.link}
			l := describe(&answers{info: info}, symbols, pick.Surroundings{})
			if diff := cmp.Diff(tt.plain, plain(l)); diff != "" {
				t.Errorf("plain (-want +got):\n%s", diff)
			}
			b, err := json.Marshal(l)
			if diff := cmp.Diff(tt.inJSON, string(b)); diff != "" || err != nil {
				t.Errorf("JSON (-want +got):\n%s%v", diff, err)
			}
		})
	}
}

func TestDescribe(t *testing.T) {
	around := pick.Surroundings{
		Pinned:  bpffs.Table{7: {"/sys/fs/bpf/l"}},
		Holders: holders.Table{7: {{PID: 106, Comm: "att2"}}},
	}
	perf := &bpf.PerfEventLink{Type: bpf.PerfTracepoint, Cookie: 11, HasCookie: true}
	tests := []struct {
		name string
		info bpf.LinkInfo
		want string
	}{
		{
			name: "held, pinned, with a cookie",
			info: bpf.LinkInfo{Type: 7, ID: 7, ProgID: 75, PerfEvent: perf},
			want: "7: perf_event  prog 75  \n\tpinned /sys/fs/bpf/l\n\tbpf_cookie 11\n\tpids att2(106)\n",
		},
		{
			name: "a cookie that is 0 is one",
			info: bpf.LinkInfo{Type: 7, ID: 7, ProgID: 75, PerfEvent: &bpf.PerfEventLink{Type: bpf.PerfTracepoint, HasCookie: true}},
			want: "7: perf_event  prog 75  \n\tpinned /sys/fs/bpf/l\n\tbpf_cookie 0\n\tpids att2(106)\n",
		},
		{
			name: "a kernel that does not tell the cookie",
			info: bpf.LinkInfo{Type: 7, ID: 7, ProgID: 75, PerfEvent: &bpf.PerfEventLink{Type: bpf.PerfTracepoint}},
			want: "7: perf_event  prog 75  \n\tpinned /sys/fs/bpf/l\n\tpids att2(106)\n",
		},
		{
			name: "held by nobody",
			info: bpf.LinkInfo{Type: 7, ID: 8, ProgID: 75, PerfEvent: perf},
			want: "8: perf_event  prog 75  \n",
		},
		{
			name: "of another type",
			info: bpf.LinkInfo{Type: 3, ID: 7, ProgID: 75},
			want: "7: cgroup  prog 75  \n\tpinned /sys/fs/bpf/l\n\tpids att2(106)\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, plain(describe(&answers{info: &tt.info}, nil, around))); diff != "" {
				t.Errorf("plain (-want +got):\n%s", diff)
			}
		})
	}
}
