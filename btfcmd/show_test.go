package btfcmd

import (
	"bufio"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/holders"
)

func TestObject(t *testing.T) {
	around := &surroundings{
		progs:   map[uint32][]uint32{17: {4, 9}},
		maps:    map[uint32][]uint32{17: {2}},
		holders: holders.Table{17: {{PID: 212, Comm: "loader"}}},
	}
	tests := []struct {
		name          string
		info          bpf.BTFInfo
		plain, inJSON string
	}{
		{
			name:   "kernel",
			info:   bpf.BTFInfo{ID: 1, Size: 4119994, Name: "vmlinux", Kernel: true},
			plain:  "1: name [vmlinux]  size 4119994B\n",
			inJSON: `{"id":1,"size":4119994,"prog_ids":[],"map_ids":[],"kernel":true,"name":"vmlinux"}`,
		},
		{
			name:   "of a program",
			info:   bpf.BTFInfo{ID: 17, Size: 3820},
			plain:  "17: name <anon>  size 3820B  prog_ids 4,9  map_ids 2\n\tpids loader(212)\n",
			inJSON: `{"id":17,"size":3820,"prog_ids":[4,9],"map_ids":[2],"pids":[{"pid":212,"comm":"loader"}],"kernel":false}`,
		},
		{
			name:   "with a name",
			info:   bpf.BTFInfo{ID: 18, Size: 1, Name: "mine"},
			plain:  "18: name mine  size 1B\n",
			inJSON: `{"id":18,"size":1,"prog_ids":[],"map_ids":[],"kernel":false,"name":"mine"}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := describe(tt.info, around)
			var b strings.Builder
			w := bufio.NewWriter(&b)
			o.Plain(w)
			w.Flush()
			if diff := cmp.Diff(tt.plain, b.String()); diff != "" {
				t.Errorf("plain (-want +got):\n%s", diff)
			}
			text, err := json.Marshal(o)
			if diff := cmp.Diff(tt.inJSON, string(text)); diff != "" || err != nil {
				t.Errorf("JSON (-want +got):\n%s%v", diff, err)
			}
		})
	}
}
