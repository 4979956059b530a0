package attach

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestReference lets the reference load objects with "autoattach", and compares what it then tells about its links
// with what it tells about those of this package. Those to user-space tracepoints it cannot pin: it takes no object with
// them.
func TestReference(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation, fixture.ReferenceTool)
	for _, dir := range []string{"", "pie"} {
		findTarget(t, dir)
		if dir != "" && os.Getenv(guestVar) != "" {
			continue // it takes a while there
		}
		for _, object := range []string{"user", "multi", "kernel", "functions", "tracing", "library"} {
			t.Run(filepath.Join(dir, object), func(t *testing.T) { compare(t, object) })
		}
	}
}

func compare(t *testing.T, object string) {
	theirs, own := pinDir(t), pinDir(t)
	if out, err := reference("prog", "loadall", filepath.Join("testdata", object+".bpf.o"), theirs, "autoattach"); err != nil {
		t.Skipf("the reference loads it not: %v\n%s", err, out)
	}
	l := load(t, object)
	for name := range l.Programs {
		t.Run(name, func(t *testing.T) {
			want := describePinned(t, filepath.Join(theirs, name))
			link, err := l.attach(name)
			if (err == nil) != (want != nil) {
				t.Fatalf("error: %v; the reference has %v", err, want)
			}
			if err != nil {
				return
			}
			t.Cleanup(link.Close)
			fd, _ := link.FD()
			if err := bpf.Pin(fd, filepath.Join(own, name)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, describePinned(t, filepath.Join(own, name))); diff != "" {
				t.Errorf("link (-reference +own):\n%s", diff)
			}
		})
	}
}

// pinDir makes a folder for pins, until the test is over.
func pinDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp(fixture.BPFFS(), "attach_test_")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// describePinned returns what the reference tells about a link, without what is its own, or nil if no link is pinned
// there.
func describePinned(t *testing.T, path string) (facts map[string]any) {
	t.Helper()
	out, _ := reference("-j", "link", "show", "pinned", path) // which fails whether it answers or not
	if err := json.Unmarshal(out, &facts); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if facts["type"] == nil {
		return nil
	}
	for _, key := range []string{"id", "prog_id", "pids", "pinned"} {
		delete(facts, key)
	}
	return facts
}

func reference(args ...string) ([]byte, error) {
	path, _ := fixture.Reference()
	c := exec.Command(path, args...)
	var words bytes.Buffer
	c.Stderr = &words
	out, err := c.Output()
	return append(out, words.Bytes()...), err
}
