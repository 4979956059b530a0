package kallsyms

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const table = `0000000000000000 A fixed_percpu_data
ffffffff81234560 T vfs_read
ffffffff81234560 t __alias_of_vfs_read
not a symbol
ffffffffc0123450 t xfs_file_read	[xfs]
`

func TestLookup(t *testing.T) {
	tests := []struct {
		name  string
		table string
		addrs []uint64
		want  map[uint64]Symbol
	}{
		{
			name:  "kernel, first of two names",
			table: table,
			addrs: []uint64{0xffffffff81234560},
			want:  map[uint64]Symbol{0xffffffff81234560: {0xffffffff81234560, "vfs_read", ""}},
		},
		{
			name:  "module",
			table: table,
			addrs: []uint64{0xffffffffc0123450, 1},
			want:  map[uint64]Symbol{0xffffffffc0123450: {0xffffffffc0123450, "xfs_file_read", "xfs"}},
		},
		{
			name:  "addresses hidden",
			table: "0000000000000000 T vfs_read\n",
			addrs: []uint64{0},
			want:  map[uint64]Symbol{},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			addrs := make(map[uint64]bool)
			for _, a := range tt.addrs {
				addrs[a] = true
			}
			got, err := lookup(strings.NewReader(tt.table), addrs)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("lookup() mismatch (-want +got):\n%s", diff)
			}
		})
	}
}
