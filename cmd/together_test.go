package cmd_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// shareMaps mounts a BPF file system where maps are pinned by their names, in the namespace of
// the tests.
func shareMaps(t *testing.T) {
	t.Helper()
	if err := unix.Mount("bpf", sharedDir, "bpf", 0, ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Unmount(sharedDir, 0) })
}

// TestLoadTogether lets several load an object into one directory: one of them does, completely,
// and the others leave that alone. Into different directories they all do, and share the map.
func TestLoadTogether(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	shareMaps(t)
	for round := range 5 {
		dir := filepath.Join(fixture.BPFFS(), "together")
		same := []string{filepath.Join(dir, "x"), filepath.Join(dir, "x"), filepath.Join(dir, "x")}
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if n := loadTogether(t, same); n != 1 {
			t.Errorf("round %d: %d loads into one directory have succeeded, want 1", round, n)
		}
		complete(t, same[0])
		os.Remove(filepath.Join(sharedDir, "shared_of_whole"))
		other := []string{filepath.Join(dir, "a"), filepath.Join(dir, "b"), filepath.Join(dir, "c")}
		if n := loadTogether(t, other); n != len(other) {
			t.Errorf("round %d: %d loads into directories of their own have succeeded, want %d", round, n, len(other))
		}
		for _, d := range other {
			complete(t, d)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		os.Remove(filepath.Join(sharedDir, "shared_of_whole"))
	}
}

// complete fails unless a directory, and where maps are shared, has what a load makes.
func complete(t *testing.T, dir string) {
	t.Helper()
	for _, path := range []string{filepath.Join(dir, "first"), filepath.Join(dir, "last"), filepath.Join(dir, "traced"), filepath.Join(sharedDir, "shared_of_whole")} {
		if _, err := os.Lstat(path); err != nil {
			t.Error(err)
		}
	}
}

// loadTogether loads an object into directories at the same time, and tells how many succeeded.
func loadTogether(t *testing.T, dirs []string) (n int) {
	t.Helper()
	var list []*exec.Cmd
	for _, dir := range dirs {
		c := tool("prog", "loadall", "../internal/load/testdata/whole.bpf.o", dir)
		c.Stderr = new(bytes.Buffer)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		list = append(list, c)
	}
	for _, c := range list {
		if err := c.Wait(); err == nil {
			n++
		} else {
			t.Logf("%s", c.Stderr)
		}
	}
	return n
}

// TestLoadInterrupted ends loads with a signal after some time: all is there, or nothing.
func TestLoadInterrupted(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	shareMaps(t)
	interrupted := 0
	for i := range 30 {
		dir := t.TempDir()
		before := surroundings(t, dir)
		c := tool("prog", "loadall", "../internal/load/testdata/whole.bpf.o", filepath.Join(dir, "progs"), "pinmaps", filepath.Join(dir, "maps"))
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(i) * 8 * time.Millisecond)
		c.Process.Signal([]os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}[i%3])
		if err := c.Wait(); err == nil {
			undoLoad(t, dir)
		} else {
			interrupted++
		}
		if after := surroundings(t, dir); after != before {
			t.Errorf("after %d ms: before:\n%s\nafter:\n%s", 8*i, before, after)
		}
	}
	t.Logf("%d of 30 were interrupted", interrupted)
	if interrupted == 0 {
		t.Error("all were too fast")
	}
}

// TestLoadGarbage loads what is no object: it takes next to no time, and says so.
func TestLoadGarbage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "garbage")
	if err := os.WriteFile(path, bytes.Repeat([]byte("garbage."), 100<<20/8), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := tool("prog", "load", path, filepath.Join(t.TempDir(), "x")).CombinedOutput()
	if err == nil || !bytes.HasPrefix(out, []byte("Error: failed to open object file: "+path+": ")) {
		t.Errorf("%v: %s", err, out)
	}
}
