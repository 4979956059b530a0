package probe

import (
	"errors"
	"testing"

	"github.com/cilium/ebpf"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
)

// checkBatches compares with what is really done with many elements.
func checkBatches(t *testing.T, m *More) {
	for _, word := range []string{"hash", "lru_hash", "array", "stack_trace", "sockmap"} {
		typ, _ := names.ParseMapType(word)
		really, err := ebpf.NewMap(&ebpf.MapSpec{Type: ebpf.MapType(typ), KeySize: 4, ValueSize: 8, MaxEntries: 4})
		if err != nil {
			t.Fatal(word, err)
		}
		defer really.Close()
		keys, values := []uint32{0, 1}, []uint64{3, 4}
		_, err = really.BatchUpdate(keys, values, nil)
		for _, b := range m.Batches {
			if b.Map == typ && b.Op == "update" && b.Able != (err == nil) {
				t.Errorf("%s: %+v, but %v", word, b, err)
			}
		}
		n, err := really.BatchDelete(keys, nil)
		for _, b := range m.Batches {
			if b.Map == typ && b.Op == "delete" && b.Able != (err == nil) {
				t.Errorf("%s: %+v, but %d, %v", word, b, n, err)
			}
		}
	}
}

// checkLinks makes links of each type, and looks whether the kernel was said to have them.
func checkLinks(t *testing.T, m *More) {
	fixture.Need(t, fixture.Isolation)
	able := make(map[string]Outcome)
	for _, l := range m.LinkTypes {
		able[l.Type.String()] = l.Outcome
	}
	ways := make(map[names.AttachType]Outcome)
	for _, a := range m.AttachTypes {
		ways[a.Type] = a.Outcome
	}
	for _, row := range fixture.Links {
		t.Run(row.Type, func(t *testing.T) {
			o, err := row.Make()
			if err != nil && row.Type == row.Base() && able[row.Type].Able {
				t.Logf("said to be there: %v", err) // what it is attached to may be missing
			}
			if errors.Is(err, ebpf.ErrNotSupported) {
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			defer o.Close()
			if !able[row.Base()].Able {
				t.Errorf("it is there, but was not found: %+v", able[row.Base()])
			}
			if a, ok := attachOf(t, o); ok && !ways[a].Able {
				t.Errorf("a program is attached as %s, which was not found: %+v", a, ways[a])
			}
		})
	}
}

// attachOf returns how the program of a link is attached, where links tell.
func attachOf(t *testing.T, o *fixture.Object) (names.AttachType, bool) {
	t.Helper()
	i, err := bpf.ReadLinkInfo(bpf.FD(o.FD()))
	switch {
	case err != nil:
		t.Fatal(err)
	case i.Tracing != nil && i.Tracing.AttachType != 0: // programs of type ext have none
		return names.AttachType(i.Tracing.AttachType), true
	case i.Cgroup != nil:
		return names.AttachType(i.Cgroup.AttachType), true
	case i.Netns != nil:
		return names.AttachType(i.Netns.AttachType), true
	case i.Device != nil:
		return names.AttachType(i.Device.AttachType), true
	case i.Sockmap != nil:
		return names.AttachType(i.Sockmap.AttachType), true
	}
	return 0, false
}
