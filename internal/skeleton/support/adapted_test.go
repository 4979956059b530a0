package support

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"
	"github.com/cilium/ebpf/link"

	"github.com/gobpftool/gobpftool/internal/adapt"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

func TestMain(m *testing.M) { fixture.Main(m) }

// committed are the objects of this repository that are for this machine's byte order.
func committed(t testing.TB) (list []string) {
	for _, pattern := range []string{
		"testdata/idioms/*.o", "testdata/programs/*.o", "internal/elfobj/testdata/*.bpfel.o", "internal/core/testdata/*.bpfel.o",
		"internal/load/testdata/*.o",
	} {
		files, err := filepath.Glob("../../../" + pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no objects %s: %v", pattern, err)
		}
		list = append(list, files...)
	}
	return list
}

// adapted reads an object, and adapts it. There is none if it cannot be read.
func adapted(t testing.TB, file string) (*elfobj.Object, *adapt.Adapted) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	o, err := elfobj.Read(data)
	if err != nil {
		return nil, nil
	}
	a, err := adapt.Object(data, o)
	if err != nil {
		t.Fatal(err)
	}
	return o, a
}

// An adaptedObject is loaded as a skeleton loads it, by the same steps.
type adaptedObject struct {
	*adapt.Adapted
	spec    *ebpf.CollectionSpec
	structs []*SkelStructOps[byte]
	links   []link.Link
}

func open(a *adapt.Adapted) (*adaptedObject, error) {
	spec, err := ebpf.LoadCollectionSpecFromReader(bytes.NewReader(a.Data))
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(a.Catches)) {
		skelAppendFunctions(spec.Programs[name], spec.Programs[a.Catches[name]])
	}
	for _, name := range a.Functions {
		delete(spec.Programs, name)
	}
	for _, k := range a.Kinds {
		p := spec.Programs[k.Program]
		p.Type, p.AttachType, p.Flags, p.AttachTo = ebpf.ProgramType(k.Type), ebpf.AttachType(k.Attach), k.Flags, k.To
	}
	for _, n := range a.NUMA {
		m := spec.Maps[n.Map]
		if n.Inner {
			m = m.InnerMap
		}
		m.NumaNode, m.Flags = n.Node, m.Flags|1<<2 // BPF_F_NUMA_NODE
	}
	o := &adaptedObject{Adapted: a, spec: spec, links: make([]link.Link, len(a.Structs))}
	for i, s := range a.Structs {
		o.structs = append(o.structs, structOps(s, &o.links[i]))
	}
	return o, nil
}

// structOps describes a struct of functions, of which only the size is known.
func structOps(s adapt.Struct, l *link.Link) *SkelStructOps[byte] {
	ops := &SkelStructOps[byte]{Autoload: !s.Optional, link: l}
	data := make([]byte, s.Size)
	var members []skelMember
	for _, m := range s.Members {
		copy(data[m.Offset:], m.Value)
		members = append(members, skelMember{m.Name, int(m.Offset), int(m.Size), m.Program})
	}
	ops.describe(s.Name, s.Type, string(data), s.Link, members)
	ops.Spec.ValueSize = s.Size
	ops.Spec.Value.(*btf.Struct).Size = s.Size
	return ops
}

// load loads what is loaded unless it is asked for.
func (o *adaptedObject) load(options ebpf.CollectionOptions) (*ebpf.Collection, error) {
	for _, name := range o.Optional {
		delete(o.spec.Programs, name)
		delete(o.spec.Maps, name)
	}
	for _, name := range o.Rings {
		skelRoundRing(o.spec.Maps[name])
	}
	kinds := [...]string{adapt.Number: "number", adapt.Bool: "bool", adapt.Tristate: "tristate", adapt.Text: "text"}
	var settings []skelSetting
	for _, s := range o.Settings {
		settings = append(settings, skelSetting{s.Name, kinds[s.Kind], int(s.Bits), s.Signed, s.Weak})
	}
	if err := skelSettle(o.spec, settings, nil); err != nil {
		return nil, err
	}
	options.Cache = btf.NewCache()
	for _, s := range o.structs {
		s.target(o.spec.Programs)
	}
	handles, err := skelLookUp(o.spec, typed(o.Adapted), options.Cache)
	defer func() {
		for _, h := range handles {
			h.Close()
		}
	}()
	if err != nil {
		return nil, err
	}
	for _, name := range o.Zeroes {
		if err := skelAnswerZero(o.spec.Programs[name], o.spec.ByteOrder, options.Cache); err != nil {
			return nil, err
		}
	}
	coll, err := ebpf.NewCollectionWithOptions(o.spec, options)
	if err != nil {
		return nil, err
	}
	for _, s := range o.structs {
		if err := s.loaded(coll, options.Cache); err != nil {
			coll.Close()
			return nil, err
		}
	}
	for _, name := range slices.Collect(maps.Keys(coll.Maps)) {
		if m := o.spec.Maps[name]; name[0] == '.' && m != nil && m.Flags&readOnlyFlag != 0 && name != ".rodata.kconfig" {
			skelBind(coll, name)
		}
	}
	return coll, nil
}

// readOnlyFlag is BPF_F_RDONLY_PROG.
const readOnlyFlag = 1 << 7

// typed are the variables and functions that are looked up among the types of the kernel.
func typed(a *adapt.Adapted) (list []skelTyped) {
	for _, t := range a.Typed {
		list = append(list, skelTyped{t.Reference, t.Name, t.Weak, t.Func})
	}
	return list
}
