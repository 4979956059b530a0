package cmd_test

import (
	"bytes"
	"encoding/json"
	"fmt"
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

// tool returns a command that runs the tool in a process of its own.
func tool(args ...string) *exec.Cmd {
	c := exec.Command("/proc/self/exe", args...)
	c.Env = append(os.Environ(), asToolVar+"=1")
	return c
}

// TestFullDevice writes where there is no room.
func TestFullDevice(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	for _, args := range [][]string{{"version"}, {"-j", "version"}, {"-p", "prog", "help"}, {"btf", "diff", "../testdata/script/diff_btf/old.btf", "../testdata/script/diff_btf/new.btf"}} {
		var errs bytes.Buffer
		c := tool(args...)
		c.Stdout, c.Stderr = full, &errs
		c.Run()
		if c.ProcessState.ExitCode() != 1 {
			t.Errorf("%v: %v, want exit status 1", args, c.ProcessState)
		}
		if want := "Error: writing the answer: No space left on device\n"; errs.String() != want {
			t.Errorf("%v: said %q, want %q", args, errs.String(), want)
		}
	}
}

// TestBrokenPipe stops reading before the answer is complete.
func TestBrokenPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	var errs bytes.Buffer
	c := tool("version")
	c.Stdout, c.Stderr = w, &errs
	c.Run()
	w.Close()
	status := c.ProcessState.Sys().(syscall.WaitStatus)
	if !status.Signaled() || status.Signal() != syscall.SIGPIPE || errs.Len() > 0 {
		t.Errorf("%v, said %q; want a quiet SIGPIPE", c.ProcessState, errs.String())
	}
}

// TestName shows that the tool goes by the name that it was started under.
func TestName(t *testing.T) {
	for name, want := range map[string]string{"/sbin/bpftool": "Usage: bpftool ", "gobpftool": "Usage: gobpftool ", "other": "Usage: gobpftool "} {
		var errs bytes.Buffer
		c := tool("help")
		c.Args[0], c.Stderr = name, &errs
		if err := c.Run(); err != nil {
			t.Error(err)
		}
		if !strings.HasPrefix(errs.String(), want) {
			t.Errorf("started as %s it says %.40q", name, errs.String())
		}
	}
}

// TestNoHolder shows that the tool does not list itself among the holders of
// what it opens to describe it.
func TestNoHolder(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	prog, table := fixture.Prog(t, "xdp.funcs"), fixture.Map(t, "hash.btf")
	link := fixture.Link(t, "xdp")
	const vmlinux = 1
	for kind, id := range map[string]uint32{"prog": prog.ID, "map": table.ID, "link": link.ID, "btf": vmlinux} {
		var out bytes.Buffer
		c := tool("-j", kind, "show", "id", fmt.Sprint(id))
		c.Stdout = &out
		if err := c.Run(); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		var answer struct{ Pids []struct{ PID int } }
		if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		for _, p := range answer.Pids {
			if p.PID == c.Process.Pid {
				t.Errorf("%s: the tool holds it: %s", kind, out.String())
			}
		}
	}
}

// TestReadOnlyBPFFS shows what is pinned where nothing may be written.
func TestReadOnlyBPFFS(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	dir := t.TempDir()
	if err := unix.Mount("bpf", dir, "bpf", 0, ""); err != nil {
		t.Fatal(err)
	}
	defer unix.Unmount(dir, unix.MNT_DETACH)
	for _, o := range []*fixture.Object{fixture.Prog(t, "xdp"), fixture.Map(t, "hash")} {
		if err := o.Pin(filepath.Join(dir, o.Kind)); err != nil {
			t.Fatal(err)
		}
	}
	if err := unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"prog", "map"} {
		path := filepath.Join(dir, kind)
		out, err := tool("-jf", kind, "show", "pinned", path).CombinedOutput()
		if err != nil || !bytes.Contains(out, []byte(`"pinned":["`+path+`"]`)) {
			t.Errorf("%s: %v\n%s", kind, err, out)
		}
	}
}

// TestUnderStress lists many objects while others come and go.
func TestUnderStress(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	const progs, maps = 500, 2000
	raiseFileLimit(t, progs+maps+200)
	ids := map[string]map[uint32]bool{"prog": {}, "map": {}}
	for range progs {
		ids["prog"][fixture.Prog(t, "socket_filter").ID] = true
	}
	for range maps {
		ids["map"][fixture.Map(t, "hash.empty").ID] = true
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		churn(stop)
	}()
	defer func() { close(stop); <-stopped }()

	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); {
		for kind, want := range ids {
			out, err := tool("-j", kind, "show").Output()
			if err != nil {
				t.Fatalf("%s show: %v\n%.300s", kind, err, out)
			}
			var list []struct{ ID uint32 }
			if err := json.Unmarshal(out, &list); err != nil {
				t.Fatalf("%s show: %v", kind, err)
			}
			found := 0
			for _, o := range list {
				if want[o.ID] {
					found++
				}
			}
			if found != len(want) {
				t.Fatalf("%s show: %d of %d objects", kind, found, len(want))
			}
		}
		for _, object := range []string{"btf", "link"} {
			if out, err := tool("-j", object, "show").Output(); err != nil || !json.Valid(out) {
				t.Fatalf("%s show: %v\n%.300s", object, err, out)
			}
		}
	}
}

// churn makes objects and closes them, until it is told to stop.
func churn(stop chan struct{}) {
	for {
		for _, row := range []struct {
			rows []fixture.Row
			typ  string
		}{{fixture.Progs, "xdp.maps"}, {fixture.Maps, "hash.btf"}, {fixture.Progs, "xdp.metadata"}, {fixture.Links, "cgroup"}} {
			select {
			case <-stop:
				return
			default:
			}
			r, _ := fixture.Find(row.rows, row.typ)
			if o, err := r.Make(); err == nil {
				o.Close()
			}
		}
	}
}

// raiseFileLimit allows as many descriptors for the time of a test.
func raiseFileLimit(t *testing.T, n uint64) {
	t.Helper()
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &old); err != nil {
		t.Fatal(err)
	}
	if old.Cur >= n {
		return
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: n, Max: max(old.Max, n)}); err != nil {
		t.Skipf("%d descriptors may not be open: %v", n, err)
	}
	t.Cleanup(func() { syscall.Setrlimit(syscall.RLIMIT_NOFILE, &old) })
}

// TestReadsOnly shows that listing makes nothing in the kernel, not even for a
// moment: IDs are given out one after the other. And that it mounts nothing.
func TestReadsOnly(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	// The real one: libraries of the tests make objects when they start.
	binary := filepath.Join(t.TempDir(), "gobpftool")
	if out, err := exec.Command("go", "build", "-o", binary, "./gobpftool").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	kinds := map[string]struct {
		rows []fixture.Row
		typ  string
	}{
		"prog": {fixture.Progs, "socket_filter"},
		"map":  {fixture.Maps, "hash.empty"},
		"link": {fixture.Links, "cgroup"},
	}
	mounts := func() string {
		text, err := os.ReadFile("/proc/self/mounts")
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for kind, k := range kinds {
		row, _ := fixture.Find(k.rows, k.typ)
		makeID(t, row) // the library that makes objects tries out the kernel first
		before, mounted := makeID(t, row), mounts()
		for _, object := range []string{"prog", "map", "link", "btf"} {
			if out, err := exec.Command(binary, "-f", object, "show").CombinedOutput(); err != nil {
				t.Fatalf("%s show: %v\n%s", object, err, out)
			}
		}
		if after := makeID(t, row); after != before+1 {
			t.Errorf("%d objects of kind %s were made meanwhile", after-before-1, kind)
		}
		if mounts() != mounted {
			t.Errorf("mounts before:\n%sand after:\n%s", mounted, mounts())
		}
	}
}

// makeID makes an object and returns its ID.
func makeID(t *testing.T, row fixture.Row) uint32 {
	t.Helper()
	o, err := row.Make()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.Close() })
	return o.ID
}
