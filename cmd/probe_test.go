package cmd_test

import (
	"io"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestProbeLeavesNothing probes to the end.
func TestProbeLeavesNothing(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	gone := leftovers(t)
	for _, words := range [][]string{{"kernel"}, {"unprivileged"}, {"dev", "lo"}, {"why"}} {
		probeWhole(t, words...)
	}
	gone(false)
	probeWhole(t, "full")
	gone(true)
}

// TestProbeInterrupted ends probes with a signal after some time: nothing stays, not even for a while.
func TestProbeInterrupted(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	gone := leftovers(t)
	quarters := []time.Duration{1, 2, 3} // of the time that it would take
	if inGuest() {
		quarters = quarters[1:2] // the emulated processor is slow
	}
	for _, word := range []string{"kernel", "unprivileged", "why", "full"} {
		whole := probeWhole(t, word)
		interrupted := 0
		for _, sig := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL} {
			for _, quarter := range quarters {
				c := tool("feature", "probe", word)
				check(t, c.Start())
				time.Sleep(whole * quarter / 4)
				c.Process.Signal(sig)
				if c.Wait() != nil {
					interrupted++
				} else {
					whole /= 2 // the first time was slower than this machine is
				}
			}
		}
		if interrupted == 0 {
			t.Errorf("%s: all were too fast", word)
		}
		gone(word == "full")
	}
}

// probeWhole probes to the end, and returns how long that took.
func probeWhole(t *testing.T, words ...string) time.Duration {
	t.Helper()
	start := time.Now()
	if out, err := tool(append([]string{"feature", "probe"}, words...)...).CombinedOutput(); err != nil {
		t.Fatalf("%q: %v\n%s", words, err, out)
	}
	return time.Since(start)
}

// leftovers looks at what there is, and returns a function that fails the test for what has come since: files,
// mounts, objects and, unless loud says that these are expected, lines of the kernel's log.
func leftovers(t *testing.T) (gone func(loud bool)) {
	t.Helper()
	shareMaps(t)
	dir := t.TempDir()
	before, ids, said := surroundings(t, dir), loadedIDs(t), kernelLog(t)
	return func(loud bool) {
		t.Helper()
		if after := surroundings(t, dir); after != before {
			t.Errorf("before:\n%s\nafter:\n%s", before, after)
		}
		checkGone(t, ids)
		if lines := said(); !loud && len(lines) > 0 {
			t.Errorf("the kernel logs %q", lines)
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

// kernelLog returns a function that returns the lines that the kernel has logged since it, or this one, was called:
// those about BPF, as others may be about anything. In guests nothing else happens, and these are all; there it
// also sees to it that lines come.
func kernelLog(t *testing.T) func() []string {
	t.Helper()
	flags := os.O_RDONLY
	if inGuest() {
		flags = os.O_RDWR
	}
	f, err := os.OpenFile("/dev/kmsg", flags|syscall.O_NONBLOCK, 0)
	if err != nil {
		if inGuest() {
			t.Fatal(err)
		}
		t.Logf("the kernel's log is not looked at: %v", err)
		return func() []string { return nil }
	}
	t.Cleanup(func() { f.Close() })
	_, err = f.Seek(0, io.SeekEnd)
	check(t, err)
	if !inGuest() {
		return func() []string {
			return slices.DeleteFunc(logged(t, f), func(line string) bool {
				return !strings.Contains(line, "bpf") && !strings.Contains(line, "BPF") && !strings.Contains(line, "trace_printk")
			})
		}
	}
	return func() []string {
		const mark = "the test was here"
		_, err := f.WriteString(mark + "\n") // or it is not readable before the next line
		check(t, err)
		lines := logged(t, f)
		rest := slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return strings.Contains(line, mark) })
		if len(rest) != len(lines)-1 {
			t.Errorf("of the kernel's log only this can be read: %q", lines)
		}
		return rest
	}
}

// logged reads the kernel's log on to its end.
func logged(t *testing.T, f *os.File) (lines []string) {
	t.Helper()
	raw, err := f.SyscallConn()
	check(t, err)
	raw.Control(func(fd uintptr) { // one line at a time
		b := make([]byte, 8192)
		for {
			switch n, err := syscall.Read(int(fd), b); err {
			case nil:
				lines = append(lines, string(b[:n]))
			case syscall.EAGAIN:
				return
			default:
				t.Error("the kernel's log:", err)
				return
			}
		}
	})
	return lines
}
