package holders

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/bpf"
)

// process makes a directory as /proc has it. fds are what the descriptors lead
// to and what their fdinfo says.
func process(t *testing.T, proc, pid, comm string, fds map[string][2]string) {
	t.Helper()
	dir := filepath.Join(proc, pid)
	for _, d := range []string{"fd", "fdinfo"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "comm"), []byte(comm+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for fd, f := range fds {
		if err := os.Symlink(f[0], filepath.Join(dir, "fd", fd)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "fdinfo", fd), []byte(f[1]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFind(t *testing.T) {
	proc := t.TempDir()
	process(t, proc, "105", "holdfd", map[string][2]string{
		"0": {"/dev/null", "pos:\t0\n"},
		"3": {"anon_inode:bpf-prog", "pos:\t0\nflags:\t02000002\nprog_type:\t3\nprog_id:\t6\nrun_cnt:\t0\n"},
		"4": {"anon_inode:bpf-prog", "prog_id:\t6\n"}, // the same once more
		"5": {"anon_inode:bpf_link", "link_type:\txdp\nlink_id:\t9\nprog_id:\t6\n"},
		"6": {"anon_inode:bpf-map", "map_type:\t1\nmap_id:\t7\n"},
	})
	process(t, proc, "23", "early", map[string][2]string{
		"11": {"anon_inode:bpf-prog", "prog_id:\t6\n"},
		"12": {"anon_inode:btf", "btf_id:\t17\n"},
		"13": {"anon_inode:bpf-link", "link_id:\t10\n"},
		"14": {"anon_inode:bpf-prog", "an account without an ID\n"},
	})
	process(t, proc, "self", "not a process", map[string][2]string{
		"3": {"anon_inode:bpf-prog", "prog_id:\t6\n"},
	})

	// The first thread has ended, the others go on.
	process(t, proc, "300", "headless", nil)
	process(t, filepath.Join(proc, "300", "task"), "300", "headless", nil)
	process(t, filepath.Join(proc, "300", "task"), "301", "other", map[string][2]string{
		"3": {"anon_inode:bpf-map", "map_id:\t8\n"},
		"4": {"anon_inode:bpf-prog", "prog_id:\t6\n"},
	})

	early, holdfd, headless := Process{23, "early"}, Process{105, "holdfd"}, Process{300, "headless"}
	tests := map[bpf.Kind]Table{
		bpf.Prog: {6: {early, holdfd, headless}},
		bpf.Map:  {7: {holdfd}, 8: {headless}},
		bpf.Link: {9: {holdfd}, 10: {early}},
		bpf.BTF:  {17: {early}},
	}
	for kind, want := range tests {
		if diff := cmp.Diff(want, find(proc, kind)); diff != "" {
			t.Errorf("holders of a %s (-want +got):\n%s", kind, diff)
		}
	}
	if got := find(filepath.Join(proc, "missing"), bpf.Prog); len(got) != 0 {
		t.Errorf("without procfs: %v", got)
	}
}

// TestManyDescriptors reads those of one process on several processors.
func TestManyDescriptors(t *testing.T) {
	proc := t.TempDir()
	fds := make(map[string][2]string)
	for i := range 3*share + 1 {
		fds[strconv.Itoa(i)] = [2]string{"anon_inode:bpf-map", fmt.Sprintf("map_id:\t%d\n", i)}
	}
	process(t, proc, "7", "many", fds)
	found := find(proc, bpf.Map)
	for i := range fds {
		id, _ := strconv.Atoi(i)
		if diff := cmp.Diff(List{{7, "many"}}, found[uint32(id)]); diff != "" {
			t.Fatalf("holders of map %d (-want +got):\n%s", id, diff)
		}
	}
}
