package cmd_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestOwners reads and writes local storage, whose keys are what it belongs to.
func TestOwners(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	file := filepath.Join(t.TempDir(), "owner")
	check(t, os.WriteFile(file, nil, 0o600))
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	check(t, err)
	defer unix.Close(socket)
	pid := os.Getpid()
	tests := []struct{ typ, key, unknown, why string }{
		{"task_storage", fmt.Sprintf("pid %d", pid), "pid 4194305", "process 4194305: "},
		{"cgrp_storage", "cgroup " + fixture.Cgroup(), "cgroup /nonexistent", "cgroup '/nonexistent': No such file or directory"},
		{"inode_storage", "file " + file, "file /nonexistent", "file '/nonexistent': No such file or directory"},
		{"sk_storage", fmt.Sprintf("pid %d fd %d", pid, socket), fmt.Sprintf("pid %d fd 99999", pid), "descriptor 99999: Bad file descriptor"},
	}
	for _, tt := range tests {
		t.Run(tt.typ, func(t *testing.T) {
			s := newScript(t)
			s.have(mustFind(t, fixture.Maps, tt.typ))
			testOwner(s, tt.key)
			if s.element("lookup", "key "+tt.unknown); s.status != 1 || !strings.Contains(s.stderr, "Error: "+tt.why) {
				t.Errorf("lookup %s: status %d, %s; want %q", tt.unknown, s.status, s.stderr, tt.why)
			}
		})
	}
}

// element runs the tool on an element of the object made last.
func (s *script) element(verb, words string) {
	s.gobpftool(append([]string{"map", verb, "id", s.vars["ID"]}, strings.Fields(words)...))
}

// testOwner sets the value of an owner and removes it.
func testOwner(s *script, key string) {
	s.t.Helper()
	key = "key " + key
	steps := []struct {
		verb, words, want string
		status            int
	}{
		{"update", key + " value 1 2 3 4 5 6 7 8", "", 0},
		{"lookup", key, `"value": 578437695752307201`, 0},
		{"update", "value 0 0 0 0 0 0 0 9 " + key, "", 0},
		{"lookup", key, `"value": 648518346341351424`, 0},
		{"delete", key, "", 0},
		{"lookup", key, "Not found\n", 3},
		{"delete", key, "", 1},
	}
	for _, step := range steps {
		s.element(step.verb, step.words)
		if s.status != step.status || !strings.Contains(s.stdout, step.want) {
			s.t.Errorf("%s %s: status %d, %s%s; want %d, %q", step.verb, step.words, s.status, s.stdout, s.stderr, step.status, step.want)
		}
	}
}

// TestCgroupKeys finds what programs that are attached to a cgroup have stored, by its
// directory.
func TestCgroupKeys(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	tests := []struct {
		row, words string
		status     int
	}{
		{"cgroup_storage", "", 0},
		{"percpu_cgroup_storage", "", 0},
		{"cgroup_storage.attached", "attach cgroup_inet_ingress", 0},
		{"cgroup_storage.attached", "attach cgroup_inet_egress", 3},
		{"cgroup_storage.attached", "attach nothing", 2},
		{"cgroup_storage.attached", "", 2},
	}
	for _, tt := range tests {
		t.Run(tt.row+" "+tt.words, func(t *testing.T) {
			s := newScript(t)
			s.have(mustFind(t, fixture.Maps, tt.row))
			if s.element("lookup", "key cgroup "+fixture.Cgroup()+" "+tt.words); s.status != tt.status {
				t.Errorf("status %d, want %d\n%s%s", s.status, tt.status, s.stdout, s.stderr)
			}
		})
	}
}
