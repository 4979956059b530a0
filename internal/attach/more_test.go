package attach

import (
	"archive/zip"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cilium/ebpf"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestIterator reads what an iterator has, which makes it run.
func TestIterator(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	l := load(t, "user", "tasks")
	at, err := l.attach("tasks")
	if err != nil {
		t.Fatal(err)
	}
	defer at.Close()
	fd, _ := at.FD()
	path := filepath.Join(pinDir(t), "tasks")
	if err := bpf.Pin(fd, path); err != nil {
		t.Fatal(err)
	}
	if _, err := os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	if l.hits(t, "tasks") == 0 {
		t.Error("did not run")
	}
}

// TestClose lets go of links, of which one is pinned.
func TestClose(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	l := load(t, "user", "tp", "raw_tp")
	pinned, err := l.attach("raw_tp")
	if err != nil {
		t.Fatal(err)
	}
	fd, _ := pinned.FD()
	if err := bpf.Pin(fd, filepath.Join(pinDir(t), "raw_tp")); err != nil {
		t.Fatal(err)
	}
	pinned.Close()
	loose, err := l.attach("tp")
	if err != nil {
		t.Fatal(err)
	}
	getParent(t)
	loose.Close()
	for name, runs := range map[string]bool{"tp": false, "raw_tp": true} {
		before := l.hits(t, name)
		getParent(t)
		if more := l.hits(t, name) > before; before == 0 || more != runs {
			t.Errorf("%s: ran %d times, then again: %v", name, before, more)
		}
	}
}

// TestTraced makes probes as kernels before Linux 4.17 need it, and looks whether they are taken away.
func TestTraced(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	dir, err := bpffs.Tracing()
	if err != nil {
		t.Fatal(err)
	}
	m, err := openImage(findTarget(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer m.close()
	offset, err := m.offset("lab_one")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		m       maker
		p       bpf.Probe
		provoke func(*testing.T)
	}{
		{"one", uprobes, bpf.Probe{Name: m.path, Offset: offset}, func(t *testing.T) { run(t, m.path) }},
		{"kprobe", kprobes, bpf.Probe{Name: "do_nanosleep"}, sleep},
	}
	for _, tt := range tests {
		for _, onReturn := range []bool{false, true} {
			t.Run(string(tt.m)+map[bool]string{true: " return"}[onReturn], func(t *testing.T) {
				if _, err := os.Stat(filepath.Join(dir, string(tt.m)+"_events")); err != nil {
					t.Skip(err)
				}
				l := load(t, map[maker]string{uprobes: "user", kprobes: "kernel"}[tt.m], tt.name)
				event, undo, err := tt.m.openTraced(tt.p, onReturn)
				if err != nil {
					t.Fatal(err)
				}
				at, err := attachEvent(bpf.FD(l.Programs[tt.name].FD()), event, 0, undo)
				if err != nil {
					t.Fatal(err)
				}
				tt.provoke(t)
				at.Close()
				if l.hits(t, tt.name) == 0 {
					t.Error("did not run")
				}
				text, err := os.ReadFile(filepath.Join(dir, string(tt.m)+"_events"))
				if err != nil || strings.Contains(string(text), tracedGroup+"/") {
					t.Errorf("left behind: %v\n%s", err, text)
				}
			})
		}
	}
}

// TestReplace attaches a program in place of a function of another.
func TestReplace(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation, fixture.Trampoline)
	both := loadSpec(t, "replace", func(c *ebpf.CollectionSpec) { delete(c.Programs, "instead") })
	target := both.Programs["target"]
	l := loadSpec(t, "replace", func(c *ebpf.CollectionSpec) {
		delete(c.Programs, "target")
		c.Programs["instead"].AttachTarget, c.Programs["instead"].AttachTo = target, "answer"
	})
	l.mustAttach(t, "instead")
	if got, err := target.Run(&ebpf.RunOptions{Data: make([]byte, 64)}); err != nil || got != 42 {
		t.Errorf("returned %d, %v; want 42", got, err)
	}
}

// TestArchive finds functions of a library in an archive, where it is not compressed.
func TestArchive(t *testing.T) {
	target, err := os.ReadFile("testdata/pie/target")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.apk")
	write := func() error {
		f, err := os.Create(path)
		if err != nil {
			return err
		}
		defer f.Close()
		z := zip.NewWriter(f)
		for name, method := range map[string]uint16{"lib/stored.so": zip.Store, "lib/packed.so": zip.Deflate} {
			w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
			if err != nil {
				return err
			}
			if _, err := w.Write(target); err != nil {
				return err
			}
		}
		return z.Close()
	}
	if err := write(); err != nil {
		t.Fatal(err)
	}
	plain, err := openImage("testdata/pie/target")
	if err != nil {
		t.Fatal(err)
	}
	defer plain.close()
	stored, err := openImage(path + "!/lib/stored.so")
	if err != nil {
		t.Fatal(err)
	}
	defer stored.close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	alone, err := plain.offset("lab_one")
	if err != nil {
		t.Fatal(err)
	}
	inside, err := stored.offset("lab_one")
	if err != nil || stored.path != path || inside == alone || string(whole[inside:][:64]) != string(target[alone:][:64]) {
		t.Errorf("lab_one is at %#x of %s, %v", inside, stored.path, err)
	}
	spots, err := stored.spots("lab", "args")
	if err != nil || len(spots) != 1 || whole[spots[0].Offset] != 0x90 {
		t.Errorf("spots %+v, %v", spots, err)
	}
	if _, err := openImage(path + "!/lib/packed.so"); err == nil || !strings.Contains(err.Error(), "it is compressed in the archive") {
		t.Errorf("compressed: %v", err)
	}
	if _, err := openImage(path + "!/lib/none.so"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
}
