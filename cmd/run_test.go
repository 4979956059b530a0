package cmd_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// contextOf returns size bytes with numbers at offsets.
func contextOf(size int, numbers map[int]uint32) string {
	b := make([]byte, size)
	for at, n := range numbers {
		binary.NativeEndian.PutUint32(b[at:], n)
	}
	return string(b)
}

// packet is a frame of Ethernet with the beginning of IPv4 and TCP, and some more.
var packet = strings.Repeat("\x02\x00\x00\x00\x00\x01", 2) + "\x08\x00" +
	"\x45\x00\x00\x64\x00\x00\x40\x00\x40\x06\x00\x00\x7f\x00\x00\x01\x7f\x00\x00\x02" +
	"\x12\x34\x00\x50" + strings.Repeat("\x00", 16) + "odd bytes at the end"

// TestRunTypes runs a program of every type that the kernel runs on request: the result is that of the
// reference, shown and in files.
func TestRunTypes(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation, fixture.ReferenceTool)
	skb := contextOf(192, map[int]uint32{8: 1, 32: 3}) // mark, priority
	tests := []struct {
		typ           string
		data, context string // nothing if empty
		retval        string // empty if it depends on the kernel
		out           string // the beginning of what comes out, in JSON
	}{
		{"xdp", packet, "", "2", `"data_out":[171,0,0,0,0,1,`},
		{"xdp", packet, contextOf(24, map[int]uint32{4: uint32(len(packet))}), "2", `"data_out":[171,0,0,0,0,1,`},
		{"sched_cls", packet, "", "3", `"data_out":[171,0,0,0,0,1,`},
		{"sched_cls", packet, skb, "3", `"ctx_out":[0,0,0,0,0,0,0,0,7,0,0,0,`},
		{"socket_filter", packet, "", fmt.Sprint(len(packet) - 14), `"data_out":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,69,`},
		{"socket_filter", packet, skb, fmt.Sprint(len(packet) - 14), `"ctx_out":[0,0,0,0,0,0,0,0,1,0,0,0,`},
		{"cgroup_skb", packet, skb, "1", `"ctx_out":[`},
		{"sk_lookup", "", contextOf(64, map[int]uint32{8: unix.AF_INET, 12: unix.IPPROTO_TCP}), "1", `"ctx_out":[`},
		{"flow_dissector", packet, "", "", `"data_out":[14,0,`},
	}
	for i, tt := range tests {
		t.Run(fmt.Sprint(tt.typ, i), func(t *testing.T) {
			s := newScript(t)
			row, _ := fixture.Find(fixture.Runnable, tt.typ)
			words := []string{"prog", "run", "id", fmt.Sprint(row.For(t).ID)}
			for name, bytes := range map[string]string{"data": tt.data, "ctx": tt.context} {
				if bytes != "" {
					path := filepath.Join(s.dir, name)
					check(t, os.WriteFile(path, []byte(bytes), 0o666))
					words = append(words, name+"_in", path)
				}
			}
			shown := append(words[:len(words):len(words)], "data_out", "-", "ctx_out", "-")
			for _, options := range [][]string{nil, {"-p"}, {"-j"}} {
				check(t, s.same(append(options, words...)))
				check(t, s.same(append(options, append(shown, "repeat", "3")...)))
				check(t, s.same(append(options, shown...)))
			}
			if s.status != 0 && inGuest() {
				t.Skip("this kernel does not run such programs")
			}
			if !strings.Contains(s.stdout, `"retval":`+tt.retval) || !strings.Contains(s.stdout, tt.out) {
				t.Errorf("it is %s", s.stdout)
			}
			sameFiles(s, words, tt.data != "", tt.context != "")
		})
	}
}

// sameFiles compares the files that the tool and the reference write. An old one is cut.
func sameFiles(s *script, words []string, data, context bool) {
	s.t.Helper()
	for _, run := range []func([]string) error{s.reference, func(w []string) error { return s.run(append([]string{"gobpftool"}, w...)) }} {
		for name, wanted := range map[string]bool{"data": data, "ctx": context} {
			if wanted {
				path := filepath.Join(s.dir, name+".out")
				os.Rename(path, path+".theirs")
				check(s.t, os.WriteFile(path, bytes.Repeat([]byte("old"), 500), 0o666))
				words = append(words, name+"_out", path)
			}
		}
		check(s.t, run(append([]string{"-j"}, words...)))
		if strings.Contains(s.stdout, "_out") {
			s.t.Errorf("it shows %s", s.stdout)
		}
	}
	for name, wanted := range map[string]bool{"data": data, "ctx": context} {
		if wanted {
			path := filepath.Join(s.dir, name+".out")
			check(s.t, s.run([]string{"equal", path, path + ".theirs"}))
		}
	}
}

// TestRunContext runs programs that the reference asks for more than they have, and is refused: those
// that get nothing but a context.
func TestRunContext(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	t.Run("raw_tracepoint", func(t *testing.T) {
		runsAs(t, "raw_tracepoint", contextOf(16, map[int]uint32{0: 0x12345678}), nil, `{"retval":305419896,"duration":0}`)
	})
	t.Run("syscall", func(t *testing.T) {
		runsAs(t, "syscall", contextOf(4, map[int]uint32{0: 0x01010101}), []string{"ctx_out", "-"}, `{"ctx_out":[2,1,1,1],"retval":16843010,"duration":0}`)
	})
}

func runsAs(t *testing.T, typ, context string, more []string, want string) {
	t.Helper()
	s := newScript(t)
	row, _ := fixture.Find(fixture.Runnable, typ)
	own := "own_" + typ[:3]
	s.have(row.Named(own))
	s.stdin = []byte(context)
	words := append([]string{"prog", "run", "name", own, "ctx_in", "-"}, more...)
	check(t, s.run(append([]string{"gobpftool", "-j"}, words...)))
	if s.stdout != want+"\n" {
		t.Errorf("it is %s, want %s", s.stdout, want)
	}
	if _, ok := fixture.Reference(); !ok {
		return
	}
	for _, option := range []string{"-d", "-j", "-p"} {
		check(t, s.same(append([]string{option}, words...)))
	}
}

// startLong starts a run that takes hours, and waits until it runs, whose outcome would go to a file.
func startLong(t *testing.T, stderr io.Writer) (c *exec.Cmd, out string) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	check(t, os.WriteFile(in, []byte(packet), 0o666))
	check(t, os.WriteFile(out, []byte("old"), 0o666))
	p := fixture.Prog(t, "xdp.stats") // which counts
	before := runCount(t, p.ID)
	c = tool("prog", "run", "id", fmt.Sprint(p.ID), "data_in", in, "data_out", out, "repeat", "4294967295")
	c.Stderr = stderr
	check(t, c.Start())
	t.Cleanup(func() { c.Process.Kill() })
	for range 1000 {
		if runCount(t, p.ID) > before {
			return c, out
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("it does not run")
	return nil, ""
}

// TestRunInterrupted ends a long run by each of the signals that do: at once, and the file is as it was.
func TestRunInterrupted(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGHUP, syscall.SIGTERM} {
		var errs bytes.Buffer
		c, out := startLong(t, &errs)
		start := time.Now()
		c.Process.Signal(signal)
		c.Wait()
		if c.ProcessState.ExitCode() != 1 || errs.String() != "Error: interrupted\n" {
			t.Errorf("%v: %v, said %q", signal, c.ProcessState, errs.String())
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%v: it took %v", signal, took)
		}
		if b, err := os.ReadFile(out); err != nil || string(b) != "old" {
			t.Errorf("%v: the file has %q, %v", signal, b, err)
		}
		if parts, _ := filepath.Glob(filepath.Join(filepath.Dir(out), "*")); len(parts) != 2 {
			t.Errorf("%v: there is %q", signal, parts)
		}
	}
}

// TestRunUndisturbed sends signals that mean nothing to every thread: the program runs as often as it was asked for,
// and not from the start again.
func TestRunUndisturbed(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	in := filepath.Join(t.TempDir(), "in")
	check(t, os.WriteFile(in, []byte(packet), 0o666))
	p := fixture.Prog(t, "xdp.stats") // which counts
	before := runCount(t, p.ID)
	const repeat = 3_000_000
	var out bytes.Buffer
	c := tool("-j", "prog", "run", "id", fmt.Sprint(p.ID), "data_in", in, "repeat", fmt.Sprint(repeat))
	c.Stdout, c.Stderr = &out, &out
	check(t, c.Start())
	defer c.Process.Kill()
	ended := make(chan error)
	go func() { ended <- c.Wait() }()
	for n := 0; ; n++ {
		select {
		case err := <-ended:
			if got := runCount(t, p.ID) - before; err != nil || got != repeat || n < 3 {
				t.Errorf("%d runs, %d signals, %v: %s", got, n, err, out.String())
			}
			return
		case <-time.After(5 * time.Millisecond):
			tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", c.Process.Pid))
			for _, task := range tasks {
				tid, _ := strconv.Atoi(filepath.Base(task))
				unix.Tgkill(c.Process.Pid, tid, unix.SIGWINCH)
			}
		}
	}
}

// runCount returns how often a program has run, by the tool.
func runCount(t *testing.T, id uint32) (n int) {
	t.Helper()
	s := newScript(t)
	check(t, s.run([]string{"gobpftool", "prog", "show", "id", fmt.Sprint(id)}))
	_, after, _ := strings.Cut(s.stdout, "run_cnt ")
	fmt.Sscan(after, &n)
	return n
}

// openTerminal returns the two ends of a terminal: that of a person, and that of programs.
func openTerminal(t *testing.T) (person, programs *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { person.Close() })
	check(t, unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	check(t, err)
	programs, err = os.OpenFile(fmt.Sprint("/dev/pts/", n), os.O_RDWR|unix.O_NOCTTY, 0)
	check(t, err)
	return person, programs
}

// TestRunProgress runs a program for long, before a terminal: it says so, in one line that goes again.
func TestRunProgress(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	terminal, line := openTerminal(t)
	c, _ := startLong(t, line)
	line.Close()
	time.Sleep(2500 * time.Millisecond)
	c.Process.Signal(syscall.SIGINT)
	c.Wait()
	b := make([]byte, 4096)
	n, _ := terminal.Read(b)
	if said := string(b[:n]); !strings.Contains(said, "running for 1 seconds\r\x1b[K") || !strings.HasSuffix(said, "\r\x1b[KError: interrupted\r\n") {
		t.Errorf("it said %q", said)
	}
}
