package adapt

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/load"
)

// committed are the objects of this repository that are for this machine's byte order.
func committed(t testing.TB) (list []string) {
	for _, pattern := range []string{
		"../../testdata/idioms/*.o", "../../testdata/programs/*.o", "../elfobj/testdata/*.bpfel.o", "../core/testdata/*.bpfel.o",
		"../load/testdata/*.o",
	} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no objects %s: %v", pattern, err)
		}
		list = append(list, files...)
	}
	return list
}

// TestLoad loads objects by internal/load, and as adapted by cilium/ebpf: where the first does and the
// second does not, it was said.
func TestLoad(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	for _, file := range committed(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".o"), func(t *testing.T) {
			data, o := readObject(t, file)
			a, err := Object(data, o)
			if err != nil {
				t.Fatal(err)
			}
			ours, err := loadOurs(t, o)
			if err != nil {
				t.Skipf("it cannot be loaded here: %v", err)
			}
			theirs, err := loadTheirs(t, a)
			switch {
			case err != nil && len(a.Cannot) == 0:
				t.Errorf("cilium/ebpf: %v\nchanges: %v", err, a.Changes)
			case err == nil && len(a.Cannot) > 0:
				t.Errorf("cilium/ebpf loads it, but %v", a.Cannot)
			case err == nil:
				compare(t, ours, theirs)
			}
		})
	}
}

func readObject(t testing.TB, file string) ([]byte, *elfobj.Object) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	o, err := elfobj.Read(data)
	if err != nil {
		t.Skip(err)
	}
	return data, o
}

// A made is what is in the kernel of an object.
type made struct {
	maps     map[string]string // by name
	programs map[string]string
}

func mountBPFFS(t testing.TB) (unmount func()) {
	t.Helper()
	const dir = "/sys/fs/bpf"
	if err := unix.Mount("bpf", dir, "bpf", 0, ""); err != nil {
		t.Fatal(err)
	}
	return func() { unix.Unmount(dir, unix.MNT_DETACH) }
}

func loadOurs(t testing.TB, o *elfobj.Object) (*made, error) {
	defer mountBPFFS(t)()
	c, err := load.Load(context.Background(), o, load.Options{})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return nil, nil
}

func loadTheirs(t testing.TB, a *Adapted) (*made, error) {
	defer mountBPFFS(t)()
	spec, err := openAdapted(a)
	if err != nil {
		return nil, err
	}
	withoutOptional(spec, a)
	c, err := loadAdapted(spec, a, ebpf.CollectionOptions{Maps: ebpf.MapOptions{PinPath: "/sys/fs/bpf"}})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return nil, nil
}

func compare(t *testing.T, ours, theirs *made) {}

var _ = fmt.Sprint
var _ = slices.Sort[[]int]
