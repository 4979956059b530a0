package every

import (
	"errors"
	"strings"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"
	"github.com/cilium/ebpf/features"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// openLibrary opens the whole, and finds the library in it.
func openLibrary(t *testing.T) (*Whole, *Library) {
	t.Helper()
	whole, err := OpenWhole()
	must(t, err)
	t.Cleanup(whole.Close)
	library, err := NewLibrary(whole.Spec)
	must(t, err)
	return whole, library
}

// failed wants an error with some text.
func failed(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func traffic(packets uint64, bytes uint32, high uint8) LibraryTraffic {
	v := LibraryTraffic{Packets: packets, Bytes: bytes}
	v.SetHigh(high)
	return v
}

// TestPart changes what a library has within a greater object, loads that, and works with the library's maps,
// variables and programs, which are those of the whole.
func TestPart(t *testing.T) {
	whole, library := openLibrary(t)
	want(t, "limit", uint32(3))(library.Rodata.Limit.Get())
	want(t, "least", LibraryTraffic{Packets: 1, Bytes: 2})(library.Data.Least.Get())
	want(t, "step", uint16(5))(library.Data.Step.Get())
	must(t, library.Rodata.Limit.Set(30))
	must(t, library.Data.Least.Set(traffic(1000, 2000, 17)))
	must(t, library.BssLibrary.Last.Set(11))
	library.Maps.Flows.Spec.MaxEntries = 20
	want(t, "limit of the whole", uint32(30))(whole.Rodata.Limit.Get())
	want(t, "what is before it", [4]uint64{1, 2, 3, 4})(whole.Rodata.Mask.Get())

	_, err := library.Maps.Flows.Lookup(LibraryFlow{})
	failed(t, err, "map flows: not loaded")
	_, err = library.Kconfig.LinuxKernelVersion.Get()
	failed(t, err, "variable LINUX_KERNEL_VERSION: not loaded")
	failed(t, library.Bind(whole.Collection()), "bind library: not loaded")

	fixture.Need(t, fixture.Root, fixture.BPF)
	must(t, whole.Load())
	must(t, library.Bind(whole.Collection()))
	want(t, "last", uint32(11))(library.BssLibrary.Last.Get())
	must(t, library.Data.Step.Set(50))
	if n := run(t, whole.Progs.Count.Program); n != 30+50+7+8+100+1 {
		t.Errorf("the program sees %d", n)
	}
	want(t, "step of the whole", uint16(50))(whole.Data.Step.Get())
	want(t, "calls", uint64(1))(library.Bss.Calls.Get())
	want(t, "last", uint32(64))(library.BssLibrary.Last.Get())
	want(t, "what the whole counts before it", uint64(1))(whole.BssLibrary.OwnLast.Get())
	if n := run(t, library.Progs.LibraryLast.Program); n != 64 {
		t.Errorf("the library's program returns %d", n)
	}
	if library.Progs.LibrarySpare.Program != nil || library.Progs.LibrarySpare.Spec == nil {
		t.Error("a program that is not asked for is loaded")
	}
	want(t, "flows", traffic(1000, 2000, 17))(library.Maps.Flows.Lookup(LibraryFlow{From: 1, To: 2}))
	if n := library.Maps.Flows.MaxEntries(); n != 20 {
		t.Errorf("%d flows, want 20", n)
	}
	must(t, library.Maps.Flows.Update(LibraryFlow{From: 1, To: 2}, traffic(6, 7, 8)))
	must(t, library.Bss.Calls.Set(41))
	reader, err := LibraryRead[LibraryFlow](&library.Maps.Seen)
	must(t, err)
	defer reader.Close()
	run(t, whole.Progs.Count.Program)
	want(t, "flows", traffic(7, 7+64, 9))(library.Maps.Flows.Lookup(LibraryFlow{From: 1, To: 2}))
	want(t, "calls", uint64(42))(library.Bss.Calls.Get())
	want(t, "a record", LibraryFlow{From: 1, To: 2})(reader.Read())
	counts, err := library.Maps.Counts.Lookup(0)
	must(t, err)
	sum := uint64(0)
	for _, n := range counts {
		sum += n
	}
	if sum != 2 || len(counts) != ebpf.MustPossibleCPU() {
		t.Errorf("counts %v", counts)
	}
	version, err := features.LinuxVersionCode()
	must(t, err)
	want(t, "version", int32(version))(library.Kconfig.LinuxKernelVersion.Get())
	want(t, "a weak setting", uint32(0))(library.Kconfig.ConfigNoSuchThing.Get())
	if err := library.Rodata.Limit.Set(1); !errors.Is(err, ebpf.ErrReadOnly) {
		t.Errorf("a constant was set: %v", err)
	}

	whole.Close()
	whole.Progs.LibrarySpare.Autoload = true
	must(t, whole.Load())
	must(t, library.Bind(whole.Collection()))
	want(t, "calls after it was loaded again", uint64(0))(library.Bss.Calls.Get())
	inner, err := library.Maps.Tables.New()
	must(t, err)
	defer inner.Close()
	must(t, inner.Update(LibraryFlow{From: 3, To: 4}, 5))
	must(t, library.Maps.Tables.Update(1, inner.Map))
	must(t, library.BssLibrary.Last.Set(1))
	if n := run(t, library.Progs.LibrarySpare.Program); n != 1 {
		t.Errorf("the spare program returns %d", n)
	}
}

// TestPartOfSpec does without a skeleton of the whole.
func TestPartOfSpec(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	spec, err := ebpf.LoadCollectionSpecFromReader(strings.NewReader(wholeObject))
	must(t, err)
	library, err := NewLibrary(spec)
	must(t, err)
	must(t, library.Rodata.Limit.Set(4))
	coll, err := ebpf.NewCollection(spec)
	must(t, err)
	defer coll.Close()
	must(t, library.Bind(coll))
	if n := run(t, coll.Programs["count"]); n != 4+5+7+8+100 {
		t.Errorf("the program sees %d", n)
	}
	want(t, "calls", uint64(1))(library.Bss.Calls.Get())
}

// TestPartOfStruct has a struct of functions, which is not in the spec of the whole, once that has loaded it.
func TestPartOfStruct(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	whole, err := OpenShadow()
	must(t, err)
	defer whole.Close()
	part, err := NewOps(whole.Spec)
	must(t, err)
	for _, load := range []bool{true, false} {
		whole.Maps.Shadow.Autoload = load
		must(t, whole.Load())
		must(t, part.Bind(whole.Collection()))
		if is := part.Maps.Shadow.Map; is != whole.Maps.Shadow.Map || load != (is != nil) {
			t.Errorf("loaded %t: it is %v", load, is)
		}
		whole.Close()
	}
}

// TestNoPart names what a spec does not have, or has in another way.
func TestNoPart(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		change     func(*ebpf.CollectionSpec)
	}{
		{"no map", "map flows: there is none", func(s *ebpf.CollectionSpec) { delete(s.Maps, "flows") }},
		{"type of map", "map counts: its type is Array, want PerCPUArray", func(s *ebpf.CollectionSpec) { s.Maps["counts"].Type = ebpf.Array }},
		{"keys", "map flows: keys of 4 bytes, want 8", func(s *ebpf.CollectionSpec) { s.Maps["flows"].KeySize = 4 }},
		{"values", "map flows: values of 24 bytes, want 16", func(s *ebpf.CollectionSpec) { s.Maps["flows"].ValueSize = 24 }},
		{"members of keys", "map flows: the type of its keys has other members, or elsewhere", func(s *ebpf.CollectionSpec) { rename(s.Maps["flows"].Key) }},
		{"members of values", "map flows: the type of its values has other members, or elsewhere", func(s *ebpf.CollectionSpec) { rename(s.Maps["flows"].Value) }},
		{"type of inner maps", "map inner of tables: its type is PerCPUHash, want Hash", func(s *ebpf.CollectionSpec) { s.Maps["tables"].InnerMap.Type = ebpf.PerCPUHash }},
		{"members of a variable", "variable least: its type has other members, or elsewhere", func(s *ebpf.CollectionSpec) { rename(s.Variables["least"].Type.Type) }},
		{"no section", "map .data: there is none", func(s *ebpf.CollectionSpec) { delete(s.Maps, ".data") }},
		{"no program", "program library_last: there is none", func(s *ebpf.CollectionSpec) { delete(s.Programs, "library_last") }},
		{"type of program", "program library_last: its type is XDP, want SchedCLS", func(s *ebpf.CollectionSpec) { s.Programs["library_last"].Type = ebpf.XDP }},
		{"no variable", "variable step: there is none in section .data", func(s *ebpf.CollectionSpec) { delete(s.Variables, "step") }},
		{"variable elsewhere", "variable step: there is none in section .data", func(s *ebpf.CollectionSpec) {
			s.Variables["step"] = &ebpf.VariableSpec{Name: "step", SectionName: ".bss", Value: make([]byte, 2)}
		}},
		{"size of variable", "variable step: 4 bytes, want 2", func(s *ebpf.CollectionSpec) { s.Variables["step"].Value = make([]byte, 4) }},
		{"size of setting", "variable LINUX_KERNEL_VERSION: 8 bytes, want 4", func(s *ebpf.CollectionSpec) {
			s.Variables["LINUX_KERNEL_VERSION"].Value = make([]byte, 8)
		}},
		{"another object", "map flows: there is none", func(s *ebpf.CollectionSpec) { *s = ebpf.CollectionSpec{} }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			whole, err := OpenWhole()
			must(t, err)
			spec := whole.Spec.Copy()
			tt.change(spec)
			library, err := NewLibrary(spec)
			if library != nil {
				t.Error("it was found")
			}
			failed(t, err, "find library in the whole: "+tt.want)
		})
	}
}

// rename gives the first member of a struct another name.
func rename(t btf.Type) {
	btf.UnderlyingType(t).(*btf.Struct).Members[0].Name = "other"
}

// TestPartWithoutSettings does without what only skeletons of the whole find out.
func TestPartWithoutSettings(t *testing.T) {
	whole, err := OpenWhole()
	must(t, err)
	defer whole.Close()
	spec := whole.Spec.Copy()
	delete(spec.Maps, ".rodata.kconfig")
	library, err := NewLibrary(spec)
	must(t, err)
	fixture.Need(t, fixture.Root, fixture.BPF)
	must(t, whole.Load())
	must(t, library.Bind(whole.Collection()))
	_, err = library.Kconfig.LinuxKernelVersion.Get()
	failed(t, err, "variable LINUX_KERNEL_VERSION: the spec of the whole does not tell of it")
	want(t, "step", uint16(5))(library.Data.Step.Get())
}

// TestBindOther names what was loaded in another way than the spec says, and keeps what was bound before.
func TestBindOther(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	whole, library := openLibrary(t)
	must(t, whole.Load())
	must(t, library.Bind(whole.Collection()))
	for _, tt := range []struct {
		name, want string
		change     func(map[string]*ebpf.Map)
	}{
		{"no map", "map flows: not loaded", func(m map[string]*ebpf.Map) { delete(m, "flows") }},
		{"no section", "map .data: not loaded", func(m map[string]*ebpf.Map) { delete(m, ".data") }},
		{"type", "map flows: its type is Array, want Hash", func(m map[string]*ebpf.Map) { m["flows"] = m["own"] }},
		{"section", "map .data: values of 8 bytes, want 68", func(m map[string]*ebpf.Map) { m[".data"] = m["own"] }},
	} {
		coll := &ebpf.Collection{Maps: make(map[string]*ebpf.Map)}
		for name, m := range whole.Collection().Maps {
			coll.Maps[name] = m
		}
		tt.change(coll.Maps)
		failed(t, library.Bind(coll), "bind library: "+tt.want)
	}
	must(t, library.Bss.Calls.Set(3))
	want(t, "calls of the whole", uint64(3))(whole.Bss.Calls.Get())
}
