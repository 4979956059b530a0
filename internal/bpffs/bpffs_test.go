package bpffs

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMounts(t *testing.T) {
	const table = `/dev/vda / ext4 rw,relatime 0 0
bpf /sys/fs/bpf bpf rw,nosuid,relatime,mode=700 0 0
bpffs /tmp/with\040space\134and\012more bpf rw 0 0
bpf /sys/fs/bpf bpf rw 0 0
bpf /tmp/other blanks  bpf rw 0 0
tmpfs /bpf tmpfs rw 0 0
`
	want := []string{"/sys/fs/bpf", "/tmp/with space\\and\nmore", "/tmp/other\u00a0blanks\u2003"}
	if diff := cmp.Diff(want, mounts(table, "bpf")); diff != "" {
		t.Errorf("mounts() mismatch (-want +got):\n%s", diff)
	}
}

func TestDir(t *testing.T) {
	for path, want := range map[string]string{
		"/a/b": "/a", "/a/b/": "/a", "a/../b": "a/..", "/a//b": "/a", "a": ".", "a/": ".", "/a": "/", "//a": "/", "/": "/", "//": "/", "": ".", "..": ".",
	} {
		if got := Dir(path); got != want {
			t.Errorf("Dir(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestOf(t *testing.T) {
	tests := []struct {
		name  string
		table Table
		want  Paths
	}{
		{"nothing is pinned", Table{}, nil},
		{"was not asked", nil, nil},
		{"another is pinned", Table{8: {"/b"}}, Paths{}},
		{"twice", Table{7: {"/a", "/b"}}, Paths{"/a", "/b"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.table.Of(7)); diff != "" {
				t.Errorf("Of(7) mismatch (-want +got):\n%s", diff)
			}
		})
	}
}
