package attach

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cilium/ebpf"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
)

func TestMain(m *testing.M) { fixture.Main(m) }

// findTarget makes it so that sections that name the program target find that in a folder of testdata.
func findTarget(t *testing.T, dir string) (path string) {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("testdata", dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	return filepath.Join(dir, "target")
}

// A loaded object is one of testdata in the kernel.
type loaded struct {
	*ebpf.Collection
	spec     *ebpf.CollectionSpec
	attacher *Attacher
}

// load loads programs of an object, those with the given names or all.
func load(t *testing.T, object string, only ...string) *loaded {
	t.Helper()
	return loadSpec(t, object, func(c *ebpf.CollectionSpec) {
		for name := range c.Programs {
			if len(only) > 0 && !slices.Contains(only, name) {
				delete(c.Programs, name)
			}
		}
	})
}

// loadSpec loads an object that is changed before.
func loadSpec(t *testing.T, object string, change func(*ebpf.CollectionSpec)) *loaded {
	t.Helper()
	spec, err := ebpf.LoadCollectionSpec(filepath.Join("testdata", object+".bpf.o"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range spec.Programs {
		s, _ := names.ParseSection(p.SectionName)
		p.Type, p.AttachType = ebpf.ProgramType(s.Type), ebpf.AttachType(s.Attach)
	}
	change(spec)
	c, err := ebpf.NewCollection(spec)
	if err != nil {
		t.Fatalf("%+v", err)
	}
	t.Cleanup(c.Close)
	return &loaded{c, spec, New(func(name string) (bpf.FD, bool) {
		m, ok := c.Maps[name]
		if !ok {
			return 0, false
		}
		return bpf.FD(m.FD()), true
	})}
}

// attach attaches a program.
func (l *loaded) attach(name string) (*Link, error) {
	s := l.spec.Programs[name]
	return l.attacher.Attach(Program{
		FD: bpf.FD(l.Programs[name].FD()), Section: s.SectionName, Attach: names.AttachType(s.AttachType),
	})
}

// mustAttach attaches a program until the test is over, and returns what the kernel says of the link.
func (l *loaded) mustAttach(t *testing.T, name string) *bpf.LinkInfo {
	t.Helper()
	link, err := l.attach(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(link.Close)
	fd, ok := link.FD()
	if !ok {
		return nil
	}
	info, err := bpf.ReadLinkInfo(fd)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// hits tells how often a program ran.
func (l *loaded) hits(t *testing.T, name string) (n uint64) {
	t.Helper()
	key := make([]byte, 16)
	copy(key, name)
	err := l.Maps["hits"].Lookup(key, &n)
	if err != nil && !strings.Contains(err.Error(), "not exist") {
		t.Fatal(err)
	}
	return n
}

// run runs a program to its end.
func run(t *testing.T, path string) {
	t.Helper()
	var out bytes.Buffer
	c := exec.Command(path)
	c.Stdout, c.Stderr = &out, &out
	if err := c.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", path, err, out.String())
	}
}
