package cmd_test

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestProbeInterrupted ends probes with a signal after some time: nothing stays, not even for a while.
func TestProbeInterrupted(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	shareMaps(t)
	dir := t.TempDir()
	before, ids := surroundings(t, dir), loadedIDs(t)
	interrupted := 0
	for i := range 12 {
		c := tool("feature", "probe", []string{"kernel", "unprivileged", "full"}[i%3])
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(i) * 10 * time.Millisecond)
		c.Process.Signal([]os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL}[i/3%3])
		if c.Wait() != nil {
			interrupted++
		}
	}
	if interrupted == 0 {
		t.Error("all were too fast")
	}
	if after := surroundings(t, dir); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
	checkGone(t, ids)
}

// TestProbeLeavesNothing probes to the end.
func TestProbeLeavesNothing(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	shareMaps(t)
	dir := t.TempDir()
	before, ids, said := surroundings(t, dir), loadedIDs(t), kernelLog(t)
	if out, err := tool("feature", "probe").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if after := surroundings(t, dir); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
	checkGone(t, ids)
	for _, line := range said() {
		if strings.Contains(line, "bpf") || strings.Contains(line, "BPF") {
			t.Errorf("the kernel logs %q", line)
		}
	}
}

// loadedIDs returns the objects that are there.
func loadedIDs(t *testing.T) map[bpf.Kind]map[uint32]bool {
	t.Helper()
	all := make(map[bpf.Kind]map[uint32]bool)
	for _, kind := range []bpf.Kind{bpf.Prog, bpf.Map, bpf.Link, bpf.BTF} {
		all[kind] = make(map[uint32]bool)
		for id, err := range bpf.IDs(kind) {
			check(t, err)
			all[kind][id] = true
		}
	}
	return all
}

// checkGone checks that nothing is there that was not there before. The kernel takes its time to
// take programs and maps away, and others may make some for a moment.
func checkGone(t *testing.T, before map[bpf.Kind]map[uint32]bool) {
	t.Helper()
	var more []string
	for range 100 {
		more = nil
		for kind, ids := range loadedIDs(t) {
			for id := range ids {
				if !before[kind][id] {
					more = append(more, string(kind))
				}
			}
		}
		if len(more) == 0 {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Errorf("%d objects stay: %.200q", len(more), more)
}

// kernelLog returns a function that returns what the kernel has logged since.
func kernelLog(t *testing.T) func() []string {
	t.Helper()
	f, err := os.OpenFile("/dev/kmsg", os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Logf("the kernel's log is not looked at: %v", err)
		return func() []string { return nil }
	}
	t.Cleanup(func() { f.Close() })
	_, err = f.Seek(0, 2)
	check(t, err)
	return func() (lines []string) {
		raw, err := f.SyscallConn()
		check(t, err)
		raw.Control(func(fd uintptr) { // one line at a time; EAGAIN after the last
			b := make([]byte, 8192)
			for {
				n, err := syscall.Read(int(fd), b)
				if err != nil {
					return
				}
				lines = append(lines, string(b[:n]))
			}
		})
		return lines
	}
}
