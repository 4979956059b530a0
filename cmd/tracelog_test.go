package cmd_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// needTracefs skips a test without tracefs, or where another process reads the trace.
func needTracefs(t *testing.T) {
	t.Helper()
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	for range 50 {
		f, err := os.Open("/sys/kernel/tracing/trace_pipe")
		if err == nil {
			f.Close()
			return
		}
		if !errors.Is(err, unix.EBUSY) {
			t.Skip(err)
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Skip("another process reads the trace all the time")
}

// TestTracelog shows lines as they come, alone and in JSON, until a signal ends it.
func TestTracelog(t *testing.T) {
	needTracefs(t)
	speaker := fixture.NewTracer(t)
	n := uint64(time.Now().UnixNano()) % 1e8 * 10 // no other test has this number
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGHUP, syscall.SIGTERM} {
		for _, option := range []string{"-d", "-j", "-p"} {
			n++
			testTracelog(t, speaker, tool(option, "prog", "tracelog"), option, signal, n)
		}
	}
	theirs, ok := fixture.Reference()
	for _, option := range []string{"-d", "-j", "-p"} {
		if !ok || option == "-p" { // whose array of strings is that of -j
			break
		}
		n++
		args := []string{option, "prog", "tracelog"}
		testTracelog(t, speaker, exec.Command(theirs, args...), option, syscall.SIGINT, n)
	}
}

// testTracelog has a line printed twice, and waits for it before each next step.
func testTracelog(t *testing.T, speaker *fixture.Speaker, c *exec.Cmd, option string, signal syscall.Signal, n uint64) {
	t.Helper()
	var errs bytes.Buffer
	c.Stderr = &errs
	out := started(t, c)
	want := fmt.Sprintf("bpf_trace_printk: said %d", int32(n))
	var text strings.Builder
	awaitReader(t, c.Process.Pid)
	for times := 1; times <= 2; times++ {
		if err := speaker.Say(n); err != nil {
			t.Fatal(err)
		}
		if _, theirs := fixture.Reference(); theirs && c.Path != "/proc/self/exe" {
			time.Sleep(time.Second) // it keeps lines back
			continue
		}
		readUntil(t, &text, out, want, times)
	}
	c.Process.Signal(signal)
	start := time.Now()
	rest, _ := io.ReadAll(out)
	text.Write(rest)
	if err := c.Wait(); err != nil || errs.Len() > 0 {
		t.Errorf("%v, %v: %v\n%s", signal, c.Args, err, errs.String())
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("%v, %v: it took %v to end", signal, c.Args, took)
	}
	checkTrace(t, c.Args, option != "-d", text.String(), want)
}

// readUntil reads until a text was there some times.
func readUntil(t *testing.T, text *strings.Builder, r io.Reader, want string, times int) {
	t.Helper()
	b := make([]byte, 4096)
	for strings.Count(text.String(), want) < times {
		n, err := r.Read(b)
		text.Write(b[:n])
		if err != nil {
			t.Fatalf("%v after %q", err, text)
		}
	}
}

// checkTrace looks for two lines that end in want.
func checkTrace(t *testing.T, args []string, inJSON bool, text, want string) {
	t.Helper()
	lines := strings.SplitAfter(text, "\n")
	if inJSON {
		if err := json.Unmarshal([]byte(text), &lines); err != nil {
			t.Errorf("%v: %v: %s", args, err, text)
		}
	}
	found := 0
	for _, l := range lines {
		if strings.HasSuffix(l, want+"\n") {
			found++
		}
	}
	if found != 2 {
		t.Errorf("%v: %d lines end in %q: %q", args, found, want, text)
	}
}

// TestTracelogSilence ends it when nothing has come.
func TestTracelogSilence(t *testing.T) {
	needTracefs(t)
	for _, option := range []string{"-j", "-p", "-d"} {
		c := tool(option, "prog", "tracelog")
		out := started(t, c)
		awaitReader(t, c.Process.Pid)
		start := time.Now()
		c.Process.Signal(syscall.SIGINT)
		io.Copy(io.Discard, out)
		if err := c.Wait(); err != nil || time.Since(start) > time.Second {
			t.Errorf("%s: %v after %v", option, err, time.Since(start))
		}
	}
}

// awaitReader waits until a process reads the trace.
func awaitReader(t *testing.T, pid int) {
	t.Helper()
	for range 500 {
		fds, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
		for _, fd := range fds {
			if to, _ := os.Readlink(fd); strings.HasSuffix(to, "/trace_pipe") {
				return
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("nobody reads")
}

// noTracefs are shell commands that take tracefs away from the processes of one mount namespace.
const noTracefs = "while umount -l /sys/kernel/tracing 2>/dev/null; do :; done; while umount -l /sys/kernel/debug 2>/dev/null; do :; done; "

// TestTracelogMounts mounts tracefs where it is missing: for good if something comes of it, and not
// if it must not.
func TestTracelogMounts(t *testing.T) {
	needTracefs(t)
	const stop = `p=$!; n=200; until ls -l /proc/$p/fd | grep -q /trace_pipe || [ $((n-=1)) = 0 ]; do sleep 0.1; done; kill -TERM $p; wait $p`
	const mounted = `; echo "status $?"; grep -c ' /sys/kernel/tracing ' /proc/mounts`
	tests := []struct{ name, command, out, errs string }{
		{"mounted", `"$0" prog tracelog & ` + stop, "status 0\n2\n", "could not find tracefs, attempting to mount it now\n"},
		{"mounted in JSON", `"$0" -j prog tracelog & ` + stop, "[]\nstatus 0\n2\n", ""},
		{"forbidden", `"$0" -n prog tracelog`, "status 1\n0\n", "Error: no tracefs found, not mounting it due to --nomount option\n"},
		{"forbidden in JSON", `"$0" -jn prog tracelog`,
			"[{\"error\":\"no tracefs found, not mounting it due to --nomount option\"}]\nstatus 1\n0\n", ""},
		{"forbidden but elsewhere", `mkdir /tmp/t.$$; mount -t tracefs t /tmp/t.$$; "$0" -n prog tracelog & ` + stop + `; s=$?; umount -l /tmp/t.$$; rmdir /tmp/t.$$; (exit $s)`, "status 0\n0\n", ""},
		{"busy", `mkdir /tmp/t.$$; mount -t tracefs t /tmp/t.$$; exec 3</tmp/t.$$/trace_pipe; umount -l /tmp/t.$$; rmdir /tmp/t.$$; "$0" prog tracelog`,
			"status 1\n0\n", "could not find tracefs, attempting to mount it now\nError: could not open trace pipe: Device or resource busy\n"},
		{"nowhere", `mount -t tmpfs t /sys/kernel; "$0" prog tracelog`, "status 1\n0\n",
			"could not find tracefs, attempting to mount it now\nError: can't mount tracefs: mount --make-private /sys/kernel/tracing failed: No such file or directory\n"},
	}
	self, err := os.Executable()
	check(t, err)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			c := exec.Command("unshare", "-m", "sh", "-c", noTracefs+tt.command+mounted, self)
			c.Env = append(os.Environ(), asToolVar+"=1")
			c.Stdout, c.Stderr = &out, &errs
			c.Run()
			if out.String() != tt.out || errs.String() != tt.errs {
				t.Errorf("%s%s, want %s%s", &out, &errs, tt.out, tt.errs)
			}
		})
	}
}

// TestTracelogStreams reads what a program wrote to its own streams, once.
func TestTracelogStreams(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	s := newScript(t)
	speaker := fixture.NewStreamer(t)
	theirs, _ := fixture.Reference()
	for _, tt := range []struct {
		words          string
		stdout, stderr string
		reference      bool // prints the same
	}{
		{"prog tracelog stdout", "said 7\nsaid 8\n", "", true},
		{"prog t std", "said 7\nsaid 8\n", "", true},
		{"prog tracelog stderr", "", "cried 7cried 8", true},
		{"-j prog tracelog stdout", `["said 7\n","said 8\n"]` + "\n", "", false},
		{"-j prog tracelog stde", `["cried 7cried 8"]` + "\n", "", false},
		{"-p prog tracelog stdout", `["said 7\n","said 8\n"` + "\n]\n", "", false},
	} {
		words := append(strings.Fields(tt.words), "id", fmt.Sprint(speaker.Prog.ID))
		runs := []func() error{func() error { return s.run(append([]string{"gobpftool"}, words...)) }}
		if tt.reference && theirs != "" {
			runs = append(runs, func() error { return s.exec(exec.Command(theirs, words...)) })
		}
		for i, run := range runs {
			drain(t, s, speaker.Prog.ID)
			for n := range uint64(2) {
				check(t, speaker.Say(7+n))
			}
			check(t, run())
			if s.stdout != tt.stdout || s.stderr != tt.stderr || s.status != 0 {
				t.Errorf("%v, run %d: %q and %q, status %d", words, i, s.stdout, s.stderr, s.status)
			}
		}
	}
}

// drain empties both streams of a program.
func drain(t *testing.T, s *script, id uint32) {
	t.Helper()
	for _, stream := range []string{"stdout", "stderr"} {
		words := []string{"gobpftool", "prog", "tracelog", stream, "id", fmt.Sprint(id)}
		check(t, s.run(words))
		if check(t, s.run(words)); s.stdout+s.stderr != "" {
			t.Errorf("read twice: %s%s", s.stdout, s.stderr)
		}
	}
}
