package support

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cilium/ebpf"
	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/adapt"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/load"
)

// TestLoad loads objects by internal/load, and as adapted by cilium/ebpf: where the first does and the
// second does not, it was said.
func TestLoad(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	for _, file := range committed(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".o"), func(t *testing.T) {
			o, a := adapted(t, file)
			if o == nil {
				t.Skip("it cannot be read")
			}
			ours, err := loadOurs(t, o, a.Sections)
			if err != nil {
				t.Skipf("it cannot be loaded here: %v", err)
			}
			theirs, err := loadTheirs(t, a)
			switch {
			case err != nil && len(cannot(a)) == 0:
				t.Errorf("cilium/ebpf: %v\nchanges: %v", err, a.Changes)
			case err == nil && len(cannot(a)) > 0:
				t.Errorf("cilium/ebpf loads it, but %v", cannot(a))
			case err == nil:
				if diff := gocmp.Diff(ours, theirs); diff != "" {
					t.Errorf("made (-internal/load +adapted)\n%s", diff)
				}
			}
		})
	}
}

// cannot is what cannot be loaded of what is loaded unless it is asked for.
func cannot(a *adapt.Adapted) []adapt.Cannot {
	return slices.DeleteFunc(slices.Clone(a.Cannot), func(c adapt.Cannot) bool { return slices.Contains(a.Optional, c.Name) })
}

// A made is what is in the kernel of an object, by the names of maps and programs.
type made map[string]string

// describeMap tells what a map is, and what is in one of variables.
func describeMap(t testing.TB, name string, m *ebpf.Map) string {
	t.Helper()
	info, err := m.Info()
	if err != nil {
		t.Fatal(err)
	}
	extra, _ := info.MapExtra()
	text := fmt.Sprintf("%v key %d value %d entries %d flags %#x extra %d frozen %t", info.Type, info.KeySize, info.ValueSize, info.MaxEntries, info.Flags&^mappableFlag, extra, info.Frozen())
	if name[0] == '.' {
		value, err := m.LookupBytes(uint32(0))
		if err != nil {
			t.Fatal(err)
		}
		text += fmt.Sprintf(" %x", value)
	}
	return text
}

// mappableFlag is BPF_F_MMAPABLE: all sections with variables have it in cilium/ebpf, for libbpf those with
// variables that others see.
const mappableFlag = 1 << 10

// describeProgram tells what a program is.
func describeProgram(t testing.TB, p *ebpf.Program) string {
	t.Helper()
	info, err := p.Info()
	if err != nil {
		t.Fatal(err)
	}
	size, _ := info.TranslatedSize()
	ids, _ := info.MapIDs()
	_, types := info.BTFID()
	return fmt.Sprintf("%v %s: %d bytes, %d maps, types %t", info.Type, info.Name, size, len(ids), types)
}

func mountBPFFS(t testing.TB) (unmount func()) {
	t.Helper()
	const dir = "/sys/fs/bpf"
	if err := unix.Mount("bpf", dir, "bpf", 0, ""); err != nil {
		t.Fatal(err)
	}
	return func() { unix.Unmount(dir, unix.MNT_DETACH) }
}

// loadOurs loads an object by internal/load.
func loadOurs(t testing.TB, o *elfobj.Object, names map[string]string) (made, error) {
	t.Helper()
	defer mountBPFFS(t)()
	c, err := load.Load(context.Background(), o, load.Options{})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	found := make(made)
	for _, m := range c.Maps {
		own, err := ebpf.NewMapFromFD(duplicate(t, m.FD))
		if err != nil {
			t.Fatal(err)
		}
		name := cmp.Or(names[m.Name], m.Name)
		found[name] = describeMap(t, name, own)
		own.Close()
	}
	for _, p := range c.Programs {
		own, err := ebpf.NewProgramFromFD(duplicate(t, p.FD))
		if err != nil {
			t.Fatal(err)
		}
		found[p.Name+"()"] = describeProgram(t, own)
		own.Close()
	}
	return found, nil
}

func duplicate(t testing.TB, fd bpf.FD) int {
	t.Helper()
	n, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// loadTheirs loads an adapted object by cilium/ebpf.
func loadTheirs(t testing.TB, a *adapt.Adapted) (made, error) {
	t.Helper()
	defer mountBPFFS(t)()
	o, err := open(a)
	if err != nil {
		return nil, err
	}
	c, err := o.load(ebpf.CollectionOptions{Maps: ebpf.MapOptions{PinPath: "/sys/fs/bpf"}})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	found := make(made)
	for name, m := range c.Maps {
		found[name] = describeMap(t, name, m)
	}
	for name, p := range c.Programs {
		found[name+"()"] = describeProgram(t, p)
	}
	return found, nil
}

// TestAttachStructs attaches structs of functions: the kernel has then what the object sets.
func TestAttachStructs(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	for _, name := range []string{"struct_ops", "struct_ops_link", "struct_ops_optional", "struct_ops_shadow", "struct_ops_two", "struct_ops_question"} {
		t.Run(name, func(t *testing.T) {
			_, a := adapted(t, "../../../testdata/idioms/"+name+".o")
			o, err := open(a)
			if err != nil {
				t.Fatal(err)
			}
			c, err := o.load(ebpf.CollectionOptions{})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			for _, s := range o.structs {
				before := algorithms(t)
				if err := s.Attach(); err != nil {
					t.Fatal(err)
				}
				if now := algorithms(t); !strings.Contains(now, "bpf_") || now == before {
					t.Errorf("%s: algorithms are %s", s.name, now)
				}
				s.Detach()
				if now := algorithms(t); now != before {
					t.Errorf("%s: algorithms are %s after it was taken off", s.name, now)
				}
			}
		})
	}
}

func algorithms(t *testing.T) string {
	b, err := os.ReadFile("/proc/sys/net/ipv4/tcp_available_congestion_control")
	if err != nil {
		t.Skip(err)
	}
	return string(b)
}
