package cmd_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// A workCase is an object of testdata/programs, and what its program "work" does.
type workCase struct {
	object string
	load   demand
	never  string // why no tool can load it
	equal  demand // what the reference needs to find out the same of the kernel

	guest   bool   // it is seen to work in guests, and else outside of them
	works   demand // what attaching it takes, beside what loading does
	auto    bool   // its section says what it attaches to: "autoattach" does so
	attach  attachment
	do      func(w *worker) string // makes it work, and says what came of it
	without string                 // what comes of it without the program
	with    string                 // and with it
}

// A demand is what a kernel must be, or have.
type demand struct {
	since  string              // the version that brought it; "" for all
	config fixture.Requirement // what it must have been built with
	types  string              // a struct that it must have
	module bool                // "bpf" must be one of its security modules

	unchecked string // old versions that take it all the same, as they do not look
}

// unmet tells why a kernel does not meet a demand, or returns "".
func (d demand) unmet(t *testing.T) string {
	switch {
	case !kernelHas(t, d.since):
		return "the kernel can do so since Linux " + d.since
	case d.module && !strings.Contains(securityModules(), "bpf"):
		return "bpf is none of its security modules"
	case d.config != "" && !fixture.Has(t, d.config):
		return "it needs " + string(d.config)
	case d.types != "" && !kernelHasStruct(t, d.types):
		return "it needs a kernel with struct " + d.types
	}
	return ""
}

// isUnchecked reports whether the kernel does not look.
func (d demand) isUnchecked() bool {
	release, err := os.ReadFile("/proc/sys/kernel/osrelease")
	takes := func(version string) bool { return strings.HasPrefix(string(release), version+".") }
	return err == nil && slices.ContainsFunc(strings.Fields(d.unchecked), takes)
}

func securityModules() string {
	list, err := os.ReadFile("/sys/kernel/security/lsm")
	if err != nil {
		return "bpf" // nobody knows
	}
	return string(list)
}

func kernelHasStruct(t *testing.T, name string) bool {
	spec, err := btf.LoadKernelSpec()
	check(t, err)
	var s *btf.Struct
	return spec.TypeByName(name, &s) == nil
}

// An attachment attaches a program in the kernel, until it is closed.
type attachment func(w *worker) (io.Closer, error)

// A worker is an object that the tool has loaded.
type worker struct {
	*script
	pins, maps string // where it has pinned programs and maps
	on         bool   // the program is attached

	one, other *net.Interface // devices that are joined, if they are asked for
}

// TestWork loads every object of testdata/programs by the tool and by the reference, compares what
// both made of it, by what both list, attaches what the tool has loaded, and sees it work.
func TestWork(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.ReferenceTool, fixture.Isolation)
	dir := workDir(t)
	for _, c := range workCases {
		t.Run(c.object, func(t *testing.T) {
			s := newScript(t)
			w := &worker{script: s, pins: filepath.Join(fixture.BPFFS(), "ours"), maps: filepath.Join(fixture.BPFFS(), "ours_maps")}
			object := filepath.Join(dir, c.object+".o")
			if c.loads(w, object) {
				c.work(w)
				c.attachItself(w, object)
			}
		})
	}
	for _, path := range objectsIn(t, dir) {
		named := func(c workCase) bool { return c.object+".o" == filepath.Base(path) }
		if !slices.ContainsFunc(workCases, named) {
			t.Errorf("%s: no case", path)
		}
	}
}

// TestLoadNoProgram loads an object that has a variable only: what does not ask for a program may do so.
func TestLoadNoProgram(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.ReferenceTool, fixture.Isolation)
	tool, _ := fixture.Reference()
	for _, verb := range []string{"load", "loadall"} {
		s := newScript(t)
		args := []string{"prog", verb, "../internal/elfobj/testdata/library.bpfel.o", fixture.BPFFS() + "/none", "pinmaps", fixture.BPFFS() + "/none_maps"}
		look := func() string {
			made, err := filepath.Glob(fixture.BPFFS() + "/none*/*")
			check(t, err)
			_, err = os.Stat(fixture.BPFFS() + "/none")
			os.RemoveAll(fixture.BPFFS() + "/none_maps")
			os.RemoveAll(fixture.BPFFS() + "/none")
			return fmt.Sprintf("failed %v, made %q, directory %v", s.status != 0, made, err == nil)
		}
		check(t, s.exec(exec.Command(tool, args...)))
		theirs := look()
		s.gobpftool(args)
		if ours := look(); ours != theirs {
			t.Errorf("%s: %s; the reference: %s", verb, ours, theirs)
		}
	}
}

// workVar tells guests where the objects are.
const workVar = "GOBPFTOOL_WORK"

func workDir(t *testing.T) string {
	dir := os.Getenv(workVar)
	if dir == "" {
		dir = "../testdata/programs"
	}
	dir, err := filepath.Abs(dir)
	check(t, err)
	t.Setenv("PATH", dir+":"+os.Getenv("PATH")) // for gobpftool-target
	return dir
}

func objectsIn(t *testing.T, dir string) []string {
	list, err := filepath.Glob(filepath.Join(dir, "*.o"))
	check(t, err)
	if len(list) == 0 {
		t.Fatalf("no objects in %s", dir)
	}
	return list
}

// loads loads an object with both tools, and compares. It reports whether it is loaded.
func (c *workCase) loads(w *worker, object string) bool {
	t := w.t
	theirs, theirMaps := filepath.Join(fixture.BPFFS(), "theirs"), filepath.Join(fixture.BPFFS(), "theirs_maps")
	t.Cleanup(func() {
		for _, dir := range []string{w.pins, w.maps, theirs, theirMaps} {
			os.RemoveAll(dir)
		}
	})
	tool, _ := fixture.Reference()
	check(t, w.exec(exec.Command(tool, "prog", "loadall", object, theirs, "pinmaps", theirMaps)))
	reference, said := w.status, w.stderr
	w.gobpftool([]string{"prog", "loadall", object, w.pins, "pinmaps", w.maps})
	if (reference == 0) != (w.status == 0) {
		t.Fatalf("exit status %d, the reference's %d\n%s\nthe reference: %s", w.status, reference, w.stderr, said)
	}
	reason := c.never
	if reason == "" {
		reason = c.load.unmet(t)
	}
	if reason != "" {
		if w.status == 0 && !c.load.isUnchecked() {
			t.Fatalf("it is loaded, but %s", reason)
		}
		t.Skipf("exit status %d, and the reference agrees: %s", w.status, reason)
	}
	if w.status != 0 {
		t.Fatalf("both refuse it: %s", w.stderr)
	}
	if reason := c.equal.unmet(t); reason != "" {
		t.Logf("not compared: %s", reason)
		return true
	}
	compareLoads(w, loaded{theirs, theirMaps}, loaded{w.pins, w.maps})
	return true
}

// work attaches the program, and sees it work. What comes of it is something else before and after.
func (c *workCase) work(w *worker) {
	t := w.t
	switch {
	case c.guest != inGuest():
		return // there it is seen
	case c.do == nil:
		t.Fatal("nothing makes it work")
	}
	if reason := c.works.unmet(t); reason != "" {
		t.Skipf("both load it, but to attach it: %s", reason)
	}
	w.expect(c, false)
	if n := w.hits(); n != 0 {
		t.Fatalf("it has run %d times, but is not attached", n)
	}
	var attached io.Closer = io.NopCloser(nil)
	if c.attach != nil {
		var err error
		attached, err = c.attach(w)
		check(t, err)
	}
	w.on = true
	w.expect(c, true)
	if w.hits() == 0 {
		t.Error("it has not run")
	}
	check(t, attached.Close())
	w.on = false
	n := w.hits()
	w.expect(c, false)
	if w.hits() != n {
		t.Errorf("it still runs: %d times, %d before", w.hits(), n)
	}
}

// attachItself loads the object once more, with "autoattach": the link is pinned, and the program works
// until it is gone.
func (c *workCase) attachItself(w *worker, object string) {
	if !c.auto || c.attach == nil || c.guest != inGuest() || c.works.unmet(w.t) != "" {
		return
	}
	t := w.t
	check(t, errors.Join(os.RemoveAll(w.pins), os.RemoveAll(w.maps)))
	w.gobpftool([]string{"prog", "loadall", object, w.pins, "pinmaps", w.maps, "autoattach"})
	if w.status != 0 && !kernelHas(t, "5.15") && strings.Contains(w.stderr, "no link that could be pinned") {
		return // and the reference cannot pin its link to an event either
	}
	if w.status != 0 || w.stderr != "" {
		t.Fatalf("autoattach: exit status %d\n%s", w.status, w.stderr)
	}
	w.on = true
	w.expect(c, true)
	if w.hits() == 0 {
		t.Error("autoattach: it has not run")
	}
	check(t, os.RemoveAll(w.pins))
	w.on = false
	for i := 0; c.do(w) != c.without && i < 100; i++ { // the kernel lets go of links a little later
		time.Sleep(20 * time.Millisecond)
	}
	w.expect(c, false)
}

// expect makes the program work, or what it should not disturb.
func (w *worker) expect(c *workCase, on bool) {
	w.t.Helper()
	want := c.without
	if on {
		want = c.with
	}
	if got := c.do(w); got != want {
		w.t.Errorf("attached %v: %q, want %q", on, got, want)
	}
}

// program returns a pinned program.
func (w *worker) program(name string) *ebpf.Program {
	w.t.Helper()
	p, err := ebpf.LoadPinnedProgram(filepath.Join(w.pins, name), nil)
	check(w.t, err)
	w.t.Cleanup(func() { p.Close() })
	return p
}

// work is the program that works.
func (w *worker) work() *ebpf.Program { w.t.Helper(); return w.program("work") }

// table returns a pinned map.
func (w *worker) table(name string) *ebpf.Map {
	w.t.Helper()
	m, err := ebpf.LoadPinnedMap(filepath.Join(w.maps, name), nil)
	check(w.t, err)
	w.t.Cleanup(func() { m.Close() })
	return m
}

// hits returns how often the program has worked.
func (w *worker) hits() (n uint64) {
	w.t.Helper()
	list, err := filepath.Glob(filepath.Join(w.maps, "*_bss"))
	if err != nil || len(list) != 1 {
		w.t.Fatalf("%v: %d maps", err, len(list))
	}
	check(w.t, w.table(filepath.Base(list[0])).Lookup(uint32(0), &n))
	return n
}
