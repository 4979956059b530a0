package mapcmd

import (
	"bufio"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
)

func TestDescribe(t *testing.T) {
	mem, xdp, yes, no := uint64(328), names.ProgType(6), true, false
	tests := []struct {
		name string
		info bpf.MapInfo
		fd   bpf.FDInfo
		dev  *pick.Device
		want Map
	}{
		{
			name: "without procfs",
			info: bpf.MapInfo{ID: 1, Type: 1, KeySize: 4, ValueSize: 8, MaxEntries: 3, Flags: 1},
			want: Map{ID: 1, Type: 1, KeySize: 4, ValueSize: 8, MaxEntries: 3, Flags: 1},
		},
		{
			name: "frozen",
			info: bpf.MapInfo{ID: 2, Type: 2, BTFID: 7},
			fd:   "memlock:\t328\nfrozen:\t1\n",
			want: Map{ID: 2, Type: 2, BTFID: 7, Memlock: &mem, Frozen: true},
		},
		{
			name: "owned by jited programs",
			info: bpf.MapInfo{ID: 3, Type: 3},
			fd:   "owner_prog_type:\t6\nowner_jited:\t1\n",
			want: Map{ID: 3, Type: 3, Owner: &Owner{ProgType: &xdp, Jited: &yes}},
		},
		{
			name: "owner of interpreted programs only",
			info: bpf.MapInfo{ID: 3, Type: 3},
			fd:   "owner_jited:\t0\n",
			want: Map{ID: 3, Type: 3, Owner: &Owner{Jited: &no}},
		},
		{
			name: "offloaded",
			info: bpf.MapInfo{ID: 4, Type: 1, Ifindex: 3},
			dev:  &pick.Device{Ifindex: 3, Name: "nsim0"},
			want: Map{ID: 4, Type: 1, Dev: &pick.Device{Ifindex: 3, Name: "nsim0"}},
		},
		{
			name: "only a prog_array has owners",
			info: bpf.MapInfo{ID: 4, Type: 16},
			fd:   "owner_prog_type:\t6\nowner_jited:\t1\n",
			want: Map{ID: 4, Type: 16},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(&tt.want, describe(tt.info, tt.fd, tt.dev, pick.Surroundings{})); diff != "" {
				t.Errorf("describe() mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPlain shows what cannot be made at will.
func TestPlain(t *testing.T) {
	xdp, unknown, no := names.ProgType(6), names.ProgType(99), false
	tests := []struct {
		name string
		m    Map
		want string
	}{
		{
			name: "type to come",
			m:    Map{ID: 1, Type: 99, Flags: 0x1400},
			want: "1: type 99  flags 0x1400\n\tkey 0B  value 0B  max_entries 0\n",
		},
		{
			name: "offloaded",
			m:    Map{ID: 1, Type: 1, Name: "m", Dev: &pick.Device{Ifindex: 3, Name: "nsim0"}},
			want: "1: hash  name m  flags 0x0  offloaded_to nsim0\n\tkey 0B  value 0B  max_entries 0\n",
		},
		{
			name: "owner is not jited",
			m:    Map{ID: 1, Type: 3, Owner: &Owner{ProgType: &xdp, Jited: &no}, Frozen: true, BTFID: 5},
			want: "1: prog_array  flags 0x0\n\tkey 0B  value 0B  max_entries 0\n\towner_prog_type xdp  owner not jited\n\tbtf_id 5  frozen\n",
		},
		{
			name: "owner of a type to come",
			m:    Map{ID: 1, Type: 3, Owner: &Owner{ProgType: &unknown}, Frozen: true},
			want: "1: prog_array  flags 0x0\n\tkey 0B  value 0B  max_entries 0\n\towner_prog_type 99  \n\tfrozen\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			w := bufio.NewWriter(&b)
			tt.m.Plain(w)
			w.Flush()
			if diff := cmp.Diff(tt.want, b.String()); diff != "" {
				t.Errorf("Plain() mismatch (-want +got):\n%s", diff)
			}
		})
	}
}
