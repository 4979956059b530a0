package bpf

import (
	"testing"
	"unsafe"
)

// TestLayout compares structs with those of include/uapi/linux/bpf.h: a field
// at the wrong place would silently read another.
func TestLayout(t *testing.T) {
	var p ProgInfo
	var m MapInfo
	var b btfInfo
	var n perfNamed
	var q queryAttr
	var d taskFDAttr
	tests := []struct {
		name      string
		got, want uintptr
	}{
		{"prog xlated_prog_insns", unsafe.Offsetof(p.xlatedInsns), 32},
		{"prog load_time", unsafe.Offsetof(p.LoadTime), 40},
		{"prog map_ids", unsafe.Offsetof(p.mapIDs), 56},
		{"prog ifindex", unsafe.Offsetof(p.Ifindex), 80},
		{"prog netns_dev", unsafe.Offsetof(p.NetnsDev), 88},
		{"prog btf_id", unsafe.Offsetof(p.BTFID), 128},
		{"prog func_info", unsafe.Offsetof(p.funcInfo), 136},
		{"prog nr_func_info", unsafe.Offsetof(p.FuncCount), 144},
		{"prog prog_tags", unsafe.Offsetof(p.tags), 184},
		{"prog run_time_ns", unsafe.Offsetof(p.RunTime), 192},
		{"prog recursion_misses", unsafe.Offsetof(p.RecursionMisses), 208},
		{"prog attach_btf_id", unsafe.Offsetof(p.AttachBTFID), 224},
		{"prog size", progInfoLen, 232},
		{"map ifindex", unsafe.Offsetof(m.Ifindex), 40},
		{"map netns_dev", unsafe.Offsetof(m.NetnsDev), 48},
		{"map btf_id", unsafe.Offsetof(m.BTFID), 64},
		{"map btf_value_type_id", unsafe.Offsetof(m.ValueType), 72},
		{"map map_extra", unsafe.Offsetof(m.Extra), 80},
		{"map size", unsafe.Sizeof(m), 104},
		{"btf name", unsafe.Offsetof(b.name), 16},
		{"btf size", unsafe.Sizeof(b), 32},
		{"link size", unsafe.Sizeof(anyLink{}), linkSize},
		{"link details", unsafe.Offsetof(anyLink{}.rest), 16},
		{"link perf_event name", unsafe.Offsetof(n.name), 24},
		{"link perf_event offset", unsafe.Offsetof(n.offset), 36},
		{"link perf_event size", unsafe.Sizeof(n), linkSize},
		{"query attach_flags", unsafe.Offsetof(q.flags), 12},
		{"query prog_cnt", unsafe.Offsetof(q.count), 24},
		{"query prog_attach_flags", unsafe.Offsetof(q.progFlags), 32},
		{"query link_ids", unsafe.Offsetof(q.links), 40},
		{"query size", unsafe.Sizeof(q), 64},
		{"task_fd_query buf", unsafe.Offsetof(d.name), 16},
		{"task_fd_query prog_id", unsafe.Offsetof(d.progID), 24},
		{"task_fd_query probe_addr", unsafe.Offsetof(d.addr), 40},
		{"task_fd_query size", unsafe.Sizeof(d), 48},
		{"link_create details", unsafe.Offsetof(linkTrialAttr{}.rest), 16},
		{"prog_load log_buf", unsafe.Offsetof(progLoadAttr{}.log), 32},
		{"prog_load prog_btf_fd", unsafe.Offsetof(progLoadAttr{}.btf), 72},
		{"prog_load line_info", unsafe.Offsetof(progLoadAttr{}.lines), 96},
		{"prog_load attach_btf_obj_fd", unsafe.Offsetof(progLoadAttr{}.attachObj), 112},
		{"prog_load fd_array", unsafe.Offsetof(progLoadAttr{}.fds), 120},
		{"prog_load log_true_size", unsafe.Offsetof(progLoadAttr{}.needed), 140},
		{"prog_load prog_token_fd", unsafe.Offsetof(progLoadAttr{}.token), 144},
		{"map_create btf_vmlinux_value_type_id", unsafe.Offsetof(mapCreateAttr{}.structType), 60},
		{"map_create map_extra", unsafe.Offsetof(mapCreateAttr{}.extra), 64},
		{"map_create map_token_fd", unsafe.Offsetof(mapCreateAttr{}.token), 76},
		{"link_create perf_event bpf_cookie", unsafe.Offsetof(linkEventAttr{}.cookie), 16},
		{"link_create kprobe_multi cnt", unsafe.Offsetof(linkKprobesAttr{}.count), 20},
		{"link_create kprobe_multi addrs", unsafe.Offsetof(linkKprobesAttr{}.addrs), 32},
		{"link_create uprobe_multi ref_ctr_offsets", unsafe.Offsetof(linkUprobesAttr{}.refCtrs), 32},
		{"link_create uprobe_multi pid", unsafe.Offsetof(linkUprobesAttr{}.pid), 56},
		{"link_create tracing_multi cnt", unsafe.Offsetof(linkFuncsAttr{}.count), 32},
		{"raw_tracepoint cookie", unsafe.Offsetof(rawTracepointAttr{}.cookie), 16},
		{"link tracing cookie", unsafe.Offsetof(TracingLink{}.Cookie), 16},
		{"link cgroup attach_type", unsafe.Offsetof(CgroupLink{}.AttachType), 8},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: at %d, want %d", tt.name, tt.got, tt.want)
		}
	}
}

func TestUint(t *testing.T) {
	const info = FDInfo("pos:\t0\nmap_type:\t1\nmemlock:\t328\nmap_id:\t7\nfrozen:\t0\nbig:\t99999999999999999999\nword:\tx\nlast:\t5")
	tests := []struct {
		key  string
		want uint64
		ok   bool
	}{
		{"memlock", 328, true},
		{"map_id", 7, true},
		{"frozen", 0, true},
		{"last", 5, true},
		{"map", 0, false}, // only whole keys count
		{"missing", 0, false},
		{"word", 0, false},
	}
	for _, tt := range tests {
		if got, ok := info.Uint(tt.key); got != tt.want || ok != tt.ok {
			t.Errorf("Uint(%q) = %d, %v; want %d, %v", tt.key, got, ok, tt.want, tt.ok)
		}
	}
}
