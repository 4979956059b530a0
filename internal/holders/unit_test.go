package holders

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCgroup(t *testing.T) {
	tests := []struct{ name, list, want string }{
		{"v2 alone", "0::/system.slice/cron.service\n", "/system.slice/cron.service"},
		{"beside v1", "5:pids:/a\n1:name=systemd:/system.slice/b.service\n0::/system.slice/c.service\n", "/system.slice/c.service"},
		{"v1 with an empty v2", "1:name=systemd:/system.slice/b.service\n0::/\n", "/system.slice/b.service"},
		{"v1 alone", "1:name=systemd:/b.scope\n", "/b.scope"},
		{"a colon", "0::/a:b\n", "/a:b"},
		{"the root", "0::/\n", "/"},
		{"nothing", "", ""},
		{"no list", "x\n1:2\n", ""},
	}
	for _, tt := range tests {
		if got := cgroup(tt.list); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := Cgroup(os.Getpid()); got == "" || got[0] != '/' {
		t.Errorf("own cgroup %q", got)
	}
	if got := Cgroup(1 << 30); got != "" {
		t.Errorf("cgroup of no process: %q", got)
	}
}

func TestUnit(t *testing.T) {
	tests := map[string]string{
		"/system.slice/cron.service":                                    "cron.service",
		"/system.slice/docker.service/init":                             "docker.service",
		"/user.slice/user-1000.slice/session-3.scope":                   "session-3.scope",
		"/user.slice/user-0.slice/user@0.service/app.slice/app-x.scope": "app-x.scope",
		"/system.slice":    "system.slice",
		"/kubepods/pod1/c": "",
		"/.service":        "",
		"/":                "",
		"":                 "",
	}
	for path, want := range tests {
		if got := Unit(path); got != want {
			t.Errorf("Unit(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestFindEvents(t *testing.T) {
	proc := t.TempDir()
	process(t, proc, "7", "perf", map[string][2]string{
		"3":  {"anon_inode:[perf_event]", "pos:\t0\n"},
		"11": {"anon_inode:[perf_event]", "pos:\t0\n"},
		"4":  {"anon_inode:[eventfd]", "pos:\t0\n"},
	})
	process(t, proc, "8", "none", map[string][2]string{"3": {"/dev/null", ""}})
	want := []Events{{Process{7, "perf"}, []int{3, 11}}}
	if diff := cmp.Diff(want, findEvents(proc)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if got := findEvents(filepath.Join(proc, "missing")); got != nil {
		t.Errorf("without procfs: %v", got)
	}
}
