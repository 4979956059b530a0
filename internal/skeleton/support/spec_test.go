package support

import (
	"strings"
	"testing"

	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/btf"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
)

// TestPrograms compares what programs are in the specs of adapted objects with what their sections say; those that
// this kernel does not have as well.
func TestPrograms(t *testing.T) {
	seen := make(map[string]bool)
	for _, file := range committed(t) {
		o, a := adapted(t, file)
		if o == nil {
			continue
		}
		read, err := open(a)
		if err != nil {
			if len(a.Cannot) == 0 && !strings.Contains(file, "map_") && !strings.Contains(file, "statics") {
				t.Errorf("%s: %v", file, err)
			}
			continue
		}
		known := 0
		for _, p := range o.Programs {
			what, ok := names.ParseSection(p.Section)
			if !ok {
				continue
			}
			known++
			seen[what.Name] = true
			got := read.spec.Programs[p.Name]
			if got == nil {
				t.Errorf("%s: no program %s", file, p.Name)
				continue
			}
			flags := uint32(0)
			if what.Sleepable {
				flags |= 1 << 4 // BPF_F_SLEEPABLE
			}
			if what.Frags {
				flags |= 1 << 5 // BPF_F_XDP_HAS_FRAGS
			}
			// A program of a tracepoint of applications is attached by an event, not by a link for many.
			attaches := what.Attaches && !strings.HasPrefix(what.Name, "usdt")
			if uint32(got.Type) != uint32(what.Type) || got.Flags != flags || attaches && uint32(got.AttachType) != uint32(what.Attach) {
				t.Errorf("%s: section %s: %v, %v, flags %#x, want %v, %v, flags %#x", file, p.Section, got.Type, got.AttachType, got.Flags, what.Type, what.Attach, flags)
			}
		}
		if known == len(o.Programs) && len(read.spec.Programs) != known {
			t.Errorf("%s: %d programs, want %d", file, len(read.spec.Programs), known)
		}
	}
	for name := range names.SectionNames {
		if !seen[name] {
			t.Logf("no object has a section %s", name)
		}
	}
}

// TestLookUp finds variables and functions among the types of the kernel.
func TestLookUp(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	kernel, err := btf.LoadKernelSpec()
	if err != nil {
		t.Skip(err)
	}
	var v *btf.Var
	if kernel.TypeByName("runqueues", &v) != nil {
		t.Skip("the kernel's types have no variables")
	}
	id, err := kernel.TypeID(v)
	if err != nil {
		t.Fatal(err)
	}
	_, a := adapted(t, "../../../testdata/idioms/ksym_typed.o")
	o, err := open(a)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := skelLookUp(o.spec, typed(a), btf.NewCache()); err != nil {
		t.Fatal(err)
	}
	var got []asm.Instruction
	for _, in := range o.spec.Programs["read"].Instructions {
		if in.OpCode.IsDWordLoad() {
			in.Metadata = asm.Metadata{}
			got = append(got, in)
		}
	}
	found, none := false, false
	for _, in := range got {
		found = found || in.Src == skelPseudoBTFID && in.Constant == int64(id)
		none = none || in.Src == 0 && in.Constant == 0
	}
	if !found || !none {
		t.Errorf("loads %v, want one of %d and one of 0", got, id)
	}
}
