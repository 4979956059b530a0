package prog

import (
	"bufio"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/btfval"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/holders"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
)

func TestMain(m *testing.M) {
	time.Local = time.UTC
	fixture.Main(m)
}

func TestDescribe(t *testing.T) {
	around := &surroundings{
		Surroundings: pick.Surroundings{
			Pinned:  bpffs.Table{8: {"/sys/fs/bpf/p"}},
			Holders: holders.Table{8: {{PID: 23, Comm: "early"}}},
		},
		boot: time.Unix(1_700_000_000, 600e6),
	}
	mem := uint64(4096)
	tests := []struct {
		name string
		info bpf.ProgInfo
		fd   bpf.FDInfo
		want Program
	}{
		{
			name: "interpreted, before 4.15",
			info: bpf.ProgInfo{ID: 4, Type: 6, XlatedLen: 16},
			want: Program{Heading: Heading{ID: 4, Type: names.ProgType(6)}, Xlated: 16, Pinned: bpffs.Paths{}},
		},
		{
			name: "root is a user too",
			info: bpf.ProgInfo{ID: 5, LoadTime: 1},
			want: Program{Heading: Heading{ID: 5}, Load: &Load{At: clock{time.Unix(1_700_000_000, 0)}}, Pinned: bpffs.Paths{}},
		},
		{
			name: "jited and accounted",
			info: bpf.ProgInfo{ID: 6, JitedLen: 23},
			fd:   "memlock:\t4096\n",
			want: Program{Heading: Heading{ID: 6}, JIT: true, Jited: 23, Memlock: &mem, Pinned: bpffs.Paths{}},
		},
		{
			name: "statistics enabled",
			info: bpf.ProgInfo{ID: 7, RunTime: 1500, RunCount: 3, RecursionMisses: 2},
			want: Program{Heading: Heading{ID: 7, RunStats: &RunStats{RunTime: 1500, Runs: 3}, Recursion: 2}, Pinned: bpffs.Paths{}},
		},
		{
			name: "pinned and held",
			info: bpf.ProgInfo{ID: 8, MapIDs: []uint32{3, 1}, BTFID: 9},
			want: Program{Heading: Heading{ID: 8}, MapIDs: []uint32{3, 1}, BTFID: 9, Pinned: bpffs.Paths{"/sys/fs/bpf/p"}, Pids: holders.List{{PID: 23, Comm: "early"}}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(&tt.want, describe(answers{info: tt.info, fd: tt.fd}, around)); diff != "" {
				t.Errorf("describe() mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOffloaded describes what only cards that run programs make.
func TestOffloaded(t *testing.T) {
	dev := &pick.Device{Ifindex: 3, Name: "nsim0"}
	p := describe(answers{dev: dev, orphaned: true, name: "x", metadata: btfval.Object{}}, &surroundings{})
	if p.Dev != dev || !p.Orphaned || p.Name != "x" || p.Metadata == nil {
		t.Errorf("describe() = %+v", p)
	}
}

func TestIsReadOnlyData(t *testing.T) {
	rodata := bpf.MapInfo{Type: 2, KeySize: 4, MaxEntries: 1, BTFID: 7, ValueType: 3}
	tests := []struct {
		name string
		edit func(*bpf.MapInfo)
		want bool
	}{
		{"read-only data", func(*bpf.MapInfo) {}, true},
		{"another type", func(m *bpf.MapInfo) { m.Type = 1 }, false},
		{"another key", func(m *bpf.MapInfo) { m.KeySize = 8 }, false},
		{"more entries", func(m *bpf.MapInfo) { m.MaxEntries = 2 }, false},
		{"no BTF", func(m *bpf.MapInfo) { m.BTFID = 0 }, false},
		{"value without a type", func(m *bpf.MapInfo) { m.ValueType = 0 }, false},
	}
	for _, tt := range tests {
		m := rodata
		tt.edit(&m)
		if got := isReadOnlyData(&m, "obj.rodata"); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
		if isReadOnlyData(&m, "obj.data") {
			t.Errorf("%s: a map of writable data is taken for read-only data", tt.name)
		}
	}
}

// TestPlain shows what cannot be made at will.
func TestPlain(t *testing.T) {
	tests := []struct {
		name string
		prog Program
		want string
	}{
		{
			name: "type to come, orphaned",
			prog: Program{Heading: Heading{ID: 1, Type: 99}, Orphaned: true},
			want: "1: type 99  tag 0000000000000000\n\txlated 0B  not jited  orphaned\n",
		},
		{
			name: "offloaded here and elsewhere",
			prog: Program{Heading: Heading{ID: 1, Type: 6, GPL: true, Recursion: 4}, Dev: &pick.Device{Ifindex: 3, Name: "nsim0"}},
			want: "1: xdp  tag 0000000000000000  offloaded_to nsim0  gpl recursion_misses 4\n\txlated 0B  not jited\n",
		},
		{
			name: "offloaded in another network namespace",
			prog: Program{Heading: Heading{ID: 1, Type: 6}, Dev: &pick.Device{Ifindex: 3, NetnsDev: 4, NetnsIno: 4026531840}},
			want: "1: xdp  tag 0000000000000000  offloaded_to ifindex 3 ns_dev 4 ns_ino 4026531840\n\txlated 0B  not jited\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			w := bufio.NewWriter(&b)
			tt.prog.Plain(w)
			w.Flush()
			if diff := cmp.Diff(tt.want, b.String()); diff != "" {
				t.Errorf("Plain() mismatch (-want +got):\n%s", diff)
			}
		})
	}
}
