package cmd_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// awaitSlot waits until somebody reads a slot of the array of a stream.
func awaitSlot(t *testing.T, s *fixture.Stream, slot uint32) {
	t.Helper()
	for range 1000 {
		taken, err := bpf.TakenSlots(bpf.FD(s.Map.FD()), []uint32{slot})
		if err != nil {
			t.Fatal(err)
		}
		if len(taken) > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("nobody reads")
}

// TestEventPipeSignals sends each of the signals that end it: what it printed is
// complete, and there as soon as it was sent.
func TestEventPipeSignals(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	for _, s := range []*fixture.Stream{fixture.NewStream(t, ebpf.PerfEventArray, 1, 0), fixture.NewStream(t, ebpf.RingBuf, 4096, 0)} {
		for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGHUP, syscall.SIGTERM} {
			for _, option := range []string{"-j", "-p", "-d"} {
				testSignal(t, s, signal, option)
			}
		}
	}
}

// started starts a command that ends before the test, and returns what it prints.
func started(t *testing.T, c *exec.Cmd) *bufio.Reader {
	t.Helper()
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(10*time.Second, func() { c.Process.Kill() })
	t.Cleanup(func() { c.Process.Kill() })
	return bufio.NewReader(stdout)
}

func testSignal(t *testing.T, s *fixture.Stream, signal syscall.Signal, option string) {
	var errs bytes.Buffer
	c := tool(option, "map", "event_pipe", "id", fmt.Sprint(s.Map.ID), "steal") // the test holds it, too
	c.Stderr = &errs
	out := started(t, c)
	go func() { // until it reads
		for range 500 {
			if err := s.Send(fixture.Shot{Number: 7, Size: 8}); err == nil {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	if _, err := out.Peek(20); err != nil { // before it ends
		t.Errorf("%v: %v\n%s", c.Args, err, errs.String())
	}
	c.Process.Signal(signal)
	text, _ := io.ReadAll(out)
	if err := c.Wait(); err != nil {
		t.Errorf("%v, %v: %v\n%s", signal, c.Args, err, errs.String())
	}
	var list []any
	switch err := json.Unmarshal(text, &list); {
	case option == "-d":
		if !strings.HasPrefix(string(text), "== ") || !strings.HasSuffix(errs.String(), "Stopping...\n") {
			t.Errorf("%v, %v: %s\n%s", signal, c.Args, text, errs.String())
		}
	case err != nil || len(list) != 1 || errs.Len() > 0:
		t.Errorf("%v, %v: %v\n%s\n%s", signal, c.Args, err, text, errs.String())
	}
}

// TestEventPipeRivals shows that a ring buffer which another process holds is left
// alone, but not one that is just pinned.
func TestEventPipeRivals(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	s := fixture.NewStream(t, ebpf.RingBuf, 4096, 0)
	if err := s.Send(fixture.Shot{Number: 7, Size: 8}); err != nil {
		t.Fatal(err)
	}
	out, err := tool("map", "event_pipe", "id", fmt.Sprint(s.Map.ID)).CombinedOutput()
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("%v, want exit status 1", err)
	}
	if want := fmt.Sprintf("(%d), and what is read here would be missing there\nhint: ", os.Getpid()); !strings.Contains(string(out), want) {
		t.Errorf("it said %s, want %s", out, want)
	}
	ring, err := bpf.ReadRing(bpf.FD(s.Map.FD()))
	if err != nil || ring.Consumer != 0 {
		t.Errorf("%+v, %v: it took the record out", ring, err)
	}

	pin := filepath.Join(fixture.BPFFS(), "ring")
	if out, err := tool("map", "create", pin, "type", "ringbuf", "key", "0", "value", "0", "entries", "4096", "name", "ring").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	defer os.Remove(pin)
	c := tool("-j", "map", "event_pipe", "pinned", pin)
	stdout := started(t, c)
	if _, err := stdout.Peek(1); err != nil { // as soon as it reads
		t.Error(err)
	}
	c.Process.Signal(syscall.SIGTERM)
	text, _ := io.ReadAll(stdout)
	if err := c.Wait(); err != nil || string(text) != "[]\n" {
		t.Errorf("%v: %s", err, text)
	}
}

// varying is what differs from run to run.
var varying = regexp.MustCompile(`@[0-9]+\.[0-9]{9}|"timestamp": ?[0-9]+|"id": ?[0-9]+|"count": ?[0-9]+|lost [0-9]+`)

// TestEventPipeAsReference shows the same events with both tools.
func TestEventPipeAsReference(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation, fixture.ReferenceTool)
	theirs, _ := fixture.Reference()
	for _, words := range []string{"", "cpu 0 index 0"} {
		for _, option := range []string{"-d", "-j", "-p"} {
			args := append([]string{"map", "event_pipe", "id", "", option}, strings.Fields(words)...)
			ours := runPipe(t, func(args []string) *exec.Cmd { return tool(args...) }, args)
			want := runPipe(t, func(args []string) *exec.Cmd { return exec.Command(theirs, args...) }, args)
			if ours != want {
				t.Errorf("%v: %s", args, firstDifference(ours, want))
			}
			if !strings.Contains(ours, "lost") {
				t.Errorf("%v: nothing was lost in %d bytes", args, len(ours))
			}
		}
	}
}

// runPipe runs a tool on events of all sizes, then on more than it can read, and
// returns what it printed.
func runPipe(t *testing.T, command func([]string) *exec.Cmd, args []string) string {
	t.Helper()
	s := fixture.NewStream(t, ebpf.PerfEventArray, 1, 0)
	args = append([]string(nil), args...)
	args[3] = fmt.Sprint(s.Map.ID)
	if args[4] == "-d" {
		args = append(args[:4:4], args[5:]...)
	}
	var out, errs bytes.Buffer
	c := command(args)
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer c.Process.Kill()
	awaitSlot(t, s, 0)
	send := func(n, size uint64) error { return s.Send(fixture.Shot{Number: n, Size: size}) }
	// What the kernel fills records of other sizes up with is left over from others.
	for size := uint64(4); size <= fixture.MaxRecord; size += 8 {
		if err := send(size, size); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(100 * time.Millisecond) // they are read
	c.Process.Signal(syscall.SIGSTOP)
	time.Sleep(50 * time.Millisecond)
	for n := range uint64(3000) {
		if err := send(n, 12); err != nil && !errors.Is(err, unix.ENOSPC) {
			t.Fatal(err)
		}
	}
	c.Process.Signal(syscall.SIGCONT)
	for range 100 { // until it has made room: before this event, what was lost is noted
		time.Sleep(100 * time.Millisecond)
		if err := send(1<<40, 12); err == nil || !errors.Is(err, unix.ENOSPC) {
			break
		}
	}
	time.Sleep(300 * time.Millisecond)
	c.Process.Signal(syscall.SIGINT)
	if err := c.Wait(); err != nil {
		t.Errorf("%v: %v\n%s", c.Args, err, errs.String())
	}
	return varying.ReplaceAllStringFunc(out.String(), func(s string) string {
		return strings.TrimRight(s, ".0123456789")
	})
}

func firstDifference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(0, i-80)
	return fmt.Sprintf("at %d: %q, want %q", i, a[from:min(len(a), i+80)], b[from:min(len(b), i+80)])
}
