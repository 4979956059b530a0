package kallsyms

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

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
			got, err := lookup(strings.NewReader(tt.table), nil, addrs)
			if err != nil {
				t.Fatal(err)
			}
			if slow, err := lookup(iotest.OneByteReader(strings.NewReader(tt.table)), nil, addrs); err != nil || !cmp.Equal(got, slow) {
				t.Errorf("lookup() = %v, and byte by byte %v, %v", got, slow, err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("lookup() mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLookupFrom(t *testing.T) {
	tests := []struct {
		name string
		want uint64
	}{
		{"vfs_read", 0xffffffff81234560},
		{"xfs_file_read", 0xffffffffc0123450},
		{"fixed_percpu_data", 0},
		{"vfs", 0}, // only whole names count
		{"a", 0},
		{"missing", 0},
	}
	for _, tt := range tests {
		asked := false
		addrs := func(base uint64) map[uint64]bool {
			asked = true
			return map[uint64]bool{base: true, 0xffffffff81234560: true}
		}
		for _, r := range []io.Reader{strings.NewReader(table), iotest.OneByteReader(strings.NewReader(table))} {
			got, found, err := lookupFrom(r, tt.name, addrs)
			if got != tt.want || err != nil {
				t.Errorf("lookupFrom(%q) = %#x, %v; want %#x", tt.name, got, err, tt.want)
			}
			// What stands before it is found as well.
			if asked && found[0xffffffff81234560].Name != "vfs_read" {
				t.Errorf("lookupFrom(%q) found %v", tt.name, found)
			}
		}
	}
}

// FuzzTable makes sure that what the table has is found in it.
func FuzzTable(f *testing.F) {
	f.Add([]byte(table))
	f.Add([]byte("ffffffff81234560 T vfs_read\t"))
	f.Fuzz(func(t *testing.T, text []byte) {
		addrs := make(map[uint64]bool)
		for l := range lines(text) {
			addrs[l.addr] = l.addr != 0
		}
		found, err := lookup(bytes.NewReader(text), nil, addrs)
		if err != nil {
			t.Fatal(err)
		}
		for addr, want := range addrs {
			if got, ok := found[addr]; ok != want || want && got.Name == "" {
				t.Errorf("%#x: %+v", addr, got)
			}
		}
		lookupFrom(bytes.NewReader(text), "vfs_read", func(uint64) map[uint64]bool { return addrs })
	})
}

// TestLookupStops reads no further than to the last symbol that is looked for.
func TestLookupStops(t *testing.T) {
	r := io.MultiReader(strings.NewReader(table), iotest.ErrReader(errors.New("read on")))
	got, err := lookup(r, nil, map[uint64]bool{0xffffffff81234560: true})
	if err != nil || got[0xffffffff81234560].Name != "vfs_read" {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := lookup(r, nil, map[uint64]bool{1: true}); err == nil {
		t.Error("the end of the table was not looked for")
	}
}
