package elfobj

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/cilium/ebpf"
)

var moreObjects = flag.String("objects", "", "directory with BPF objects, for TestSecondOpinion")

// TestSecondOpinion compares programs and maps with what cilium/ebpf finds in the
// same object.
func TestSecondOpinion(t *testing.T) {
	var paths []string
	for _, name := range objects {
		for _, order := range []string{"el", "eb"} {
			paths = append(paths, filepath.Join("testdata", name+".bpf"+order+".o"))
		}
	}
	if *moreObjects != "" {
		err := filepath.WalkDir(*moreObjects, func(path string, d fs.DirEntry, err error) error {
			if ext := filepath.Ext(path); err == nil && d.Type().IsRegular() && (ext == ".o" || ext == ".elf") {
				paths = append(paths, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var n struct{ both, ours, theirs, neither int }
	for _, path := range paths {
		o, err := Open(path)
		data, _ := os.ReadFile(path)
		spec, theirs := ebpf.LoadCollectionSpecFromReader(bytes.NewReader(data))
		switch {
		case err == nil && theirs == nil:
			n.both++
			for _, d := range differences(o, spec) {
				t.Errorf("%s: %s", path, d)
			}
		case err == nil:
			n.ours++
			t.Logf("%s: cilium/ebpf: %v", path, theirs)
		case theirs == nil:
			n.theirs++
			t.Errorf("%s: %v", path, err)
		default:
			n.neither++
			t.Logf("%s: %v; cilium/ebpf: %v", path, err, theirs)
		}
	}
	t.Logf("%d objects: %d read by both, %d only here, %d only by cilium/ebpf, %d by none", len(paths), n.both, n.ours, n.theirs, n.neither)
	if n.both < 12 {
		t.Errorf("only %d objects to compare", n.both)
	}
}

// differences lists what spec has and o has not, or other than there.
func differences(o *Object, spec *ebpf.CollectionSpec) (list []string) {
	fail := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	programs := make(map[string]*Func)
	for _, f := range append(o.Programs, o.Funcs...) {
		// Static functions are programs there, unless they are called.
		if f.Section != textSection {
			programs[f.Name] = f
		}
	}
	for name, p := range spec.Programs {
		f := programs[name]
		if f == nil {
			fail("no program %s", name)
			continue
		}
		size := 0
		for _, i := range p.Instructions {
			size += int(i.Size())
		}
		linked := 0
		for _, p := range o.Link(f) {
			if p.Func != f.Catch { // which cilium/ebpf does not know
				linked += len(p.Code)
			}
		}
		if linked != size || f.Section != p.SectionName || o.License != p.License {
			fail("program %s: section %s, %d bytes, %s; want %s, %d, %s", name, f.Section, linked, o.License, p.SectionName, size, p.License)
		}
	}
	for _, f := range o.Programs {
		if spec.Programs[f.Name] == nil {
			fail("program %s is not there", f.Name)
		}
	}
	return append(list, mapDifferences(o, spec)...)
}

func mapDifferences(o *Object, spec *ebpf.CollectionSpec) (list []string) {
	maps := make(map[string]*Map)
	for _, m := range o.Maps {
		maps[m.Name] = m
		if spec.Maps[m.Name] == nil && m.Kind != Kconfig && m.Def.ValueSize > 0 {
			list = append(list, fmt.Sprintf("map %s is not there", m.Name))
		}
	}
	for name, want := range spec.Maps {
		m := maps[name]
		if m == nil {
			list = append(list, "no map "+name)
			continue
		}
		if d := defDifference(&m.Def, want); d != "" {
			list = append(list, fmt.Sprintf("map %s: %s", name, d))
		}
		slots := len(m.Slots)
		if m.Kind == StructOps {
			slots = 1 // the struct itself
		}
		if want.Contents != nil && m.Kind == Defined && slots != len(want.Contents) {
			list = append(list, fmt.Sprintf("map %s: %d values, want %d", name, slots, len(want.Contents)))
		}
		if v, _ := valueOf(want); v != nil && m.Data != nil && !bytes.Equal(v, m.Data) {
			list = append(list, fmt.Sprintf("map %s: % x, want % x", name, m.Data, v))
		}
	}
	return list
}

// valueOf returns the bytes of the only value of a map for a section.
func valueOf(m *ebpf.MapSpec) ([]byte, bool) {
	if len(m.Contents) != 1 || m.Type != ebpf.Array {
		return nil, false
	}
	v, ok := m.Contents[0].Value.([]byte)
	return v, ok
}

func defDifference(d *Def, want *ebpf.MapSpec) string {
	const flags = mappableFlag // which it leaves to be set later
	size := d.ValueSize
	if want.ValueSize == 0 && (want.Type == ebpf.RingBuf || want.Type == ebpf.PerfEventArray) {
		size = 0 // for such maps it takes the type of the values as a remark
	}
	got := fmt.Sprint(d.Type, d.KeySize, size, d.MaxEntries, d.Flags&^flags, d.Pinning, d.Extra)
	if text := fmt.Sprint(uint32(want.Type), want.KeySize, want.ValueSize, want.MaxEntries, want.Flags&^flags, uint32(want.Pinning), want.MapExtra); got != text {
		return got + ", want " + text
	}
	if (d.Inner != nil) != (want.InnerMap != nil) {
		return "only one has an inner map"
	}
	if d.Inner != nil {
		return defDifference(d.Inner, want.InnerMap)
	}
	return ""
}
