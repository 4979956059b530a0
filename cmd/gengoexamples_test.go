package cmd_test

import (
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobpftool/gobpftool/internal/differences"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// An example is a program that runs.
type example struct {
	*testing.T
	path string
	run  *exec.Cmd
	said string // the file to which it writes
}

// start starts it with arguments, and waits until it says that it is ready.
func (e *example) start(ready string, args ...string) {
	e.Helper()
	e.said = filepath.Join(e.TempDir(), "said")
	file, err := os.Create(e.said)
	check(e.T, err)
	defer file.Close()
	e.run = exec.Command(e.path, args...)
	e.run.Stdout, e.run.Stderr = file, file
	check(e.T, e.run.Start())
	e.Cleanup(func() { e.run.Process.Kill() })
	e.says(ready)
}

// says waits until it has said something that a regular expression matches.
func (e *example) says(pattern string) {
	e.Helper()
	expression := regexp.MustCompile(pattern)
	e.await(pattern, func() bool { return expression.MatchString(contents(e.said)) })
}

// await waits for something.
func (e *example) await(what string, has func() bool) {
	e.Helper()
	for end := time.Now().Add(time.Minute); !has(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			e.Fatalf("no %q; it said:\n%s", what, contents(e.said))
		}
	}
}

// How examples end.
const (
	finished = "exit status 0"
	killed   = "signal: interrupt" // by Ctrl-C, which they do not wait for
)

// interrupt does what Ctrl-C does, and waits until it has ended.
func (e *example) interrupt(how string) {
	e.Helper()
	check(e.T, e.run.Process.Signal(os.Interrupt))
	e.end(how)
}

// end waits until it has ended.
func (e *example) end(how string) {
	e.Helper()
	_ = e.run.Wait()
	if got := e.run.ProcessState.String(); got != how {
		e.Errorf("it ended with %s, want %s; it said:\n%s", got, how, contents(e.said))
	}
}

// devices makes two devices that are joined, of which the first is called eth0.
func (e *example) devices() *worker {
	e.Helper()
	w := &worker{script: &script{t: e.T}}
	check(e.T, os.WriteFile("/proc/sys/net/ipv6/conf/default/disable_ipv6", []byte("1"), 0)) // which sends packets of its own
	joined("veth")(w)
	for _, words := range []string{"down", "name eth0", "up"} {
		if out, err := exec.Command("ip", append([]string{"link", "set", w.one.Name}, strings.Fields(words)...)...).CombinedOutput(); err != nil {
			e.Fatalf("ip link set %s %s: %v: %s", w.one.Name, words, err, out)
		}
		if words == "name eth0" {
			w.one.Name = "eth0"
		}
	}
	return w
}

func contents(file string) string {
	b, _ := os.ReadFile(file)
	return string(b)
}

// execute executes a program n times, and returns the ID of the last process.
func execute(t *testing.T, n int) (pid int) {
	t.Helper()
	for range n {
		c := exec.Command("/bin/busybox", "true")
		check(t, c.Run())
		pid = c.Process.Pid
	}
	return pid
}

// sendDatagrams sends n of them to this machine.
func sendDatagrams(t *testing.T, n int) {
	t.Helper()
	to, err := net.ListenPacket("udp4", "127.0.0.1:0")
	check(t, err)
	defer to.Close()
	for range n {
		_, err := to.WriteTo([]byte("work"), to.LocalAddr())
		check(t, err)
	}
}

// connect connects to this machine by TCP, exchanges some bytes, and returns how the examples show addresses of the connection.
func connect(t *testing.T) (pattern string) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	check(t, err)
	defer l.Close()
	near, err := net.Dial("tcp4", l.Addr().String())
	check(t, err)
	defer near.Close()
	far, err := l.Accept()
	check(t, err)
	defer far.Close()
	for range 3 {
		for from, to := range map[net.Conn]net.Conn{near: far, far: near} {
			_, err := from.Write([]byte("work"))
			check(t, err)
			_, err = io.ReadFull(to, make([]byte, 4))
			check(t, err)
		}
	}
	port := func(a net.Addr) int { return a.(*net.TCPAddr).Port }
	return fmt.Sprintf(`127\.0\.0\.1 +%d +-> 127\.0\.0\.1 +%d`, port(near.LocalAddr()), port(near.RemoteAddr()))
}

// speakToBash has a shell read a line from a terminal.
func speakToBash(t *testing.T, line string) {
	t.Helper()
	person, programs := openTerminal(t)
	defer programs.Close()
	c := exec.Command("/bin/bash", "--norc", "-i")
	c.Stdin, c.Stdout, c.Stderr = programs, programs, programs
	check(t, c.Start())
	_, err := fmt.Fprintf(person, "%s\nexit\n", line)
	check(t, err)
	check(t, c.Wait())
}

// ciliumExamplesVar tells guests where the programs are: below it is a directory for each of the two that write code for them.
const ciliumExamplesVar = "GOBPFTOOL_CILIUM_EXAMPLES"

// TestBpf2goExamples runs the examples of cilium/ebpf in a guest, where they are alone: as they are published, and with "gen go"
// in the place of bpf2go, changed by that one word. Nothing differs in what they see, and how they end.
func TestBpf2goExamples(t *testing.T) {
	if dir := os.Getenv(ciliumExamplesVar); dir != "" {
		for _, by := range []string{"bpf2go", "gen_go"} {
			for _, name := range slices.Sorted(maps.Keys(ciliumExamples)) {
				t.Run(by+"/"+name, func(t *testing.T) { ciliumExamples[name](&example{T: t, path: filepath.Join(dir, by, name)}) })
			}
		}
		return
	}
	if testing.Short() || inGuest() {
		t.Skip("takes minutes")
	}
	fixture.Need(t, fixture.Root, fixture.Strip, fixture.Modules, fixture.VM, fixture.Bash)
	newest := kernels[len(kernels)-1]
	root, image := newest.Find(t)
	dir := t.TempDir()
	tests := fixture.StaticTests(t)
	m := newUsers(t).with("CGO_ENABLED=0")
	m.run("build", "-ldflags=-s -w", "-o", dir+"/bpf2go/")
	m.removeGenerated()
	m.changeWord()
	m.run("generate")
	m.run("build", "-ldflags=-s -w", "-o", dir+"/gen_go/")
	for _, path := range files(t, dir+"/gen_go") {
		if name := filepath.Base(path); ciliumExamples[name] == nil {
			t.Errorf("%s: nothing runs it", name)
		}
	}
	args := []string{"-k", image, "-t", "900", "-m", "2048", "-M", root + ":veth", "-f", tests, "-f", dir + "/bpf2go:/examples/bpf2go", "-f", dir + "/gen_go:/examples/gen_go", "-d", "bash",
		"-f", filepath.Join("..", differences.File) + ":/src/" + differences.File,
		"--", "env", guestVar + "=1", ciliumExamplesVar + "=/examples",
		"sh", "-c", "ln -s /usr/local/bin/bash /bin/bash; mkdir -p /src/cmd; cd /src/cmd && cmd.test -test.run '^TestBpf2goExamples$' -test.v"}
	out, err := newest.Boot(t, args...)
	t.Log(out)
	if passed := strings.Count(out, "--- PASS: TestBpf2goExamples/"); err != nil || passed != 2*len(ciliumExamples) {
		t.Errorf("%v; %d passed of %d", err, passed, 2*len(ciliumExamples))
	}
}
