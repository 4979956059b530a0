package probe

import (
	"errors"
	"slices"
	"testing"

	"github.com/cilium/ebpf"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bytecode"
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

// checkCalls loads programs of some types that call functions as they should be called, and looks whether they were
// said to be able to.
func checkCalls(t *testing.T, m *More) {
	call := func(name string) (insn, Kfunc) {
		i := slices.IndexFunc(m.Kfuncs, func(f Kfunc) bool { return f.Name == name && f.Module == "" })
		if i < 0 {
			t.Skip("there is no " + name)
		}
		return insn{Code: 0x85, Src: bytecode.CallKfunc, Imm: int32(m.Kfuncs[i].ID)}, m.Kfuncs[i]
	}
	create, f := call("bpf_cpumask_create")
	release, _ := call("bpf_cpumask_release")
	lock, g := call("bpf_rcu_read_lock")
	unlock, _ := call("bpf_rcu_read_unlock")
	const jumpEqual = 0x15
	for _, tt := range []struct {
		Kfunc
		code []insn
	}{
		{f, []insn{create, jump(jumpEqual, 2, 0), {Code: 0xbf, Dst: 1}, release, move(0), exit}},
		{g, []insn{lock, unlock, move(0), exit}},
	} {
		for _, c := range tt.Callers {
			if untold(c.Prog) {
				continue
			}
			try := trialOf(c.Prog)
			log := make([]byte, logLen)
			err := Scope{}.load(c.Prog, try, code(tt.code...), log)
			if c.Able != (err == nil) {
				t.Errorf("%s calls %s: %v (%s), but %+v", c.Prog, tt.Name, err, lastLine(log), c.Outcome)
			}
		}
	}
}
