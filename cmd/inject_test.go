package cmd_test

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestLoadFails lets each system call of a load fail that makes something or asks the kernel for
// something: either the load does without, or all is as it was before.
func TestLoadFails(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation, fixture.Strace)
	shareMaps(t)
	for _, call := range []string{"bpf", "mkdirat", "mount"} {
		t.Run(call, func(t *testing.T) {
			for n := 1; ; n++ {
				if n > 200 {
					t.Fatal("there is no end")
				}
				if failed := loadFailing(t, call, n); !failed {
					t.Logf("%d calls", n-1)
					if n == 1 && call != "mount" {
						t.Error("none was made to fail")
					}
					return
				}
			}
		})
	}
}

const sharedDir = "/sys/fs/bpf"

// loadFailing loads an object while the system call number n of a kind fails. It reports whether
// there was one.
func loadFailing(t *testing.T, call string, n int) bool {
	t.Helper()
	dir := t.TempDir()
	trace := filepath.Join(t.TempDir(), "trace")
	before := surroundings(t, dir)
	c := tool("prog", "loadall", "../internal/load/testdata/whole.bpf.o", filepath.Join(dir, "progs"), "pinmaps", filepath.Join(dir, "maps"), "autoattach")
	args := []string{"-f", "-qq", "-o", trace, "-e", "trace=" + call, "-e", fmt.Sprintf("inject=%s:error=EPERM:when=%d", call, n), "--"}
	self, err := os.Executable() // not what /proc/self/exe is for strace
	if err != nil {
		t.Fatal(err)
	}
	s := exec.Command("strace", append(append(args, self), c.Args[1:]...)...)
	s.Env = c.Env
	out, err := s.CombinedOutput()
	log, readErr := os.ReadFile(trace)
	if readErr != nil {
		t.Fatal(readErr)
	}
	if err == nil {
		undoLoad(t, dir)
	}
	if after := surroundings(t, dir); after != before {
		t.Errorf("%s number %d failed: %v: %s\nbefore:\n%s\nafter:\n%s", call, n, err, out, before, after)
	}
	return strings.Contains(string(log), "(INJECTED)")
}

// undoLoad takes away what a complete load has made, of which nothing may be missing.
func undoLoad(t *testing.T, dir string) {
	t.Helper()
	for _, path := range []string{"progs/first", "progs/last", "progs/traced", "maps/outer", "maps/jumps", "maps/whole_bss"} {
		if err := os.Remove(filepath.Join(dir, path)); err != nil {
			t.Errorf("a load that has succeeded: %v", err)
		}
	}
	if err := os.Remove(filepath.Join(sharedDir, "shared_of_whole")); err != nil {
		t.Errorf("a load that has succeeded: %v", err)
	}
	for _, name := range []string{"progs", "maps"} {
		for bpffs.Holds(filepath.Join(dir, name)) || isMount(filepath.Join(dir, name)) {
			if err := exec.Command("umount", filepath.Join(dir, name)).Run(); err != nil {
				t.Fatal(err)
			}
		}
		os.Remove(filepath.Join(dir, name))
	}
}

// isMount reports whether something is mounted on a directory.
func isMount(dir string) bool {
	mounts, _ := os.ReadFile("/proc/self/mountinfo")
	return strings.Contains(string(mounts), " "+dir+" ")
}

// surroundings tells what there is in a directory, what is pinned where maps are sharedDir, and what
// is mounted.
func surroundings(t *testing.T, dir string) string {
	t.Helper()
	b := new(strings.Builder)
	for _, top := range []string{dir, sharedDir} {
		err := filepath.WalkDir(top, func(path string, _ fs.DirEntry, err error) error {
			fmt.Fprintln(b, path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		t.Fatal(err)
	}
	return b.String() + string(mounts)
}
