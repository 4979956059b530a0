package core_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/opinion"
)

func TestMain(m *testing.M) { fixture.Main(m) }

var update = flag.Bool("update", false, "write the texts of failures anew")

// The objects and kernels of testdata.
var (
	objects = []string{"kinds", "guards", "causes", "ambiguous", "pruned", "wide", "far", "machine", "uncalled", "ways"}
	kernels = []string{"old", "new", "twins"}
)

// object opens an object of testdata.
func object(t testing.TB, name string) *elfobj.Object {
	t.Helper()
	o, err := elfobj.Open(filepath.Join("testdata", name+".o"))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// kernel opens the types of a kernel of testdata.
func kernel(t testing.TB, name string) *btf.Spec {
	t.Helper()
	s, err := btf.Open(filepath.Join("testdata", name+".btf"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func target(t testing.TB, name string) *core.Target { return core.NewTarget(kernel(t, name), nil) }

// program returns a program of an object by its name.
func program(t testing.TB, o *elfobj.Object, name string) *elfobj.Func {
	t.Helper()
	i := slices.IndexFunc(o.Programs, func(f *elfobj.Func) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("no program %s", name)
	}
	return o.Programs[i]
}

// TestLibbpf compares with what libbpf says when it loads objects of testdata.
func TestLibbpf(t *testing.T) {
	fixture.Need(t, fixture.ReferenceTool, fixture.Root, fixture.BPF, fixture.Isolation)
	tool, _ := fixture.Reference()
	paths := []string{"../elfobj/testdata/core.bpfel.o"}
	for _, name := range slices.Concat(objects, []string{"doubt"}) { // of which cilium/ebpf thinks otherwise
		paths = append(paths, filepath.Join("testdata", name+".bpfel.o"))
	}
	total := 0
	for _, path := range paths {
		for _, name := range kernels {
			t.Run(filepath.Base(path)+" on "+name, func(t *testing.T) {
				types := filepath.Join("testdata", name+".bpfel.btf")
				cmd := exec.Command(tool, "-d", "prog", "loadall", path, filepath.Join(fixture.BPFFS(), "core"), "kernel_btf", types)
				out, _ := cmd.CombinedOutput() // which fails, as the programs are of no kernel
				log, err := opinion.ReadRelocs(strings.NewReader(string(out)))
				if err != nil || !log.Over && !log.Ended {
					t.Fatalf("%v: %v\n%s", cmd, err, out)
				}
				o, err := elfobj.Open(path)
				if err != nil {
					t.Fatal(err)
				}
				same, differ := opinion.CompareRelocs(log, opinion.Relocs(o, target(t, name+".bpfel")))
				for _, d := range differ {
					t.Error(d)
				}
				total += same
			})
		}
	}
	if total < 400 {
		t.Errorf("%d relocations compared, want 400", total)
	}
}

// texts has a line for each relocation of an object that is not resolved.
func texts(o *elfobj.Object, to *core.Target, only ...string) string {
	var b strings.Builder
	for _, p := range o.Programs {
		if only != nil && !slices.Contains(only, p.Name) {
			continue
		}
		for _, r := range core.Evaluate(o, p, to) {
			if r.Reason != nil {
				fmt.Fprintf(&b, "%s: %s, %v:\n\t%s\n\t%s\n", p.Name, r.Path, r.Outcome, r.Reason.Cause, r.Reason.Help)
			}
		}
	}
	return b.String()
}

// TestReasons compares what is said of each cause of a failure with a file that people
// have read.
func TestReasons(t *testing.T) {
	var b strings.Builder
	add := func(what, text string) { fmt.Fprintf(&b, "# %s\n\n%s\n", what, text) }
	el := target(t, "new.bpfel")
	add("What programs need and a kernel has not", texts(object(t, "causes.bpfel"), el))
	add("Conditions that keep programs from it", texts(object(t, "guards.bpfel"), el))
	add("Several types of one name", texts(object(t, "ambiguous.bpfel"), target(t, "twins.bpfel")))
	add("The same, if the object only asks whether there is a field", texts(object(t, "doubt.bpfel"), target(t, "twins.bpfel")))
	add("A bitfield that no load can get", texts(object(t, "wide.bpfel"), el))
	add("An offset that no load can have", texts(object(t, "far.bpfel"), el))
	add("Another architecture", texts(object(t, "machine.bpfel"), el))
	add("Another byte order", texts(object(t, "ambiguous.bpfeb"), el))
	add("Types that only some modules have", texts(object(t, "causes.bpfel"), withModule(t), "close_type", "module_type"))
	path := filepath.Join("testdata", "reasons.txt")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("(-%s +now; -update writes it anew):\n%s", path, diff)
	}
}

// withModule is a kernel with a module that has one of the types that the kernel lacks.
func withModule(t testing.TB) *core.Target {
	t.Helper()
	const dump = `[1] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED
[2] STRUCT 'absent_type' size=8 vlen=2
	'before' type_id=1 bits_offset=0
	'x' type_id=1 bits_offset=32
[3] FWD 'in_module' fwd_kind=struct`
	raw := fixture.BTF(t, "[1] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED\n[2] FWD 'in_module' fwd_kind=struct", nil)
	base, err := btf.Parse(raw, nil)
	if err != nil {
		t.Fatal(err)
	}
	split, err := btf.Parse(fixture.BTF(t, dump, raw), base)
	if err != nil {
		t.Fatal(err)
	}
	return core.NewTarget(base, []core.Module{{Name: "driver", Spec: split}})
}

// TestModule finds a type in a module, and only if the kernel has none.
func TestModule(t *testing.T) {
	o := object(t, "causes.bpfel")
	r := core.Evaluate(o, program(t, o, "absent_type"), withModule(t))[0]
	if r.Outcome != core.Moved || r.New != 4 || r.Module != "driver" || r.TargetID != 4 {
		t.Errorf("Evaluate() = %+v", r)
	}
	r = core.Evaluate(o, program(t, o, "module_type"), withModule(t))[0]
	if r.Outcome != core.Poisoned || r.Module != "" {
		t.Errorf("Evaluate() = %+v", r)
	}
}

// TestGuards tells what programs come to and what they do not.
func TestGuards(t *testing.T) {
	want := map[string][]core.Outcome{
		"guarded":  {core.Absent, core.Guarded, core.Absent, core.Guarded, core.Absent, core.Guarded, core.Absent, core.Guarded},
		"kept":     {core.Absent, core.Absent, core.Guarded, core.Guarded},
		"called":   {core.Absent, core.Guarded},
		"live":     {core.Poisoned},
		"other":    {core.Resolved, core.Poisoned, core.Poisoned},
		"left_out": {core.Poisoned},
	}
	for _, order := range []string{".bpfel", ".bpfeb"} {
		o, to := object(t, "guards"+order), target(t, "new"+order)
		for name, want := range want {
			t.Run(name+order, func(t *testing.T) {
				var got []core.Outcome
				for _, r := range core.Evaluate(o, program(t, o, name), to) {
					if r.Outcome == core.Moved {
						r.Outcome = core.Resolved
					}
					got = append(got, r.Outcome)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("outcomes (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// TestUncalled tells of functions that no program calls what makes libbpf refuse the object.
func TestUncalled(t *testing.T) {
	o, to := object(t, "uncalled.bpfel"), target(t, "twins.bpfel")
	want := map[string]core.Outcome{"ambiguous": core.Ambiguous, "absent": core.Guarded}
	for _, f := range o.Funcs {
		if outcome, ok := want[f.Name]; ok {
			if r := core.Evaluate(o, f, to); len(r) != 1 || r[0].Outcome != outcome {
				t.Errorf("%s: %+v, want %v", f.Name, r, outcome)
			}
			delete(want, f.Name)
		}
	}
	if len(want) > 0 {
		t.Errorf("no functions: %v", want)
	}
}

// TestTogether asks one target about many objects at a time.
func TestTogether(t *testing.T) {
	to := target(t, "new.bpfel")
	var wait sync.WaitGroup
	for _, name := range slices.Concat(objects, objects) {
		o := object(t, name+".bpfel")
		want := texts(o, target(t, "new.bpfel"))
		for range 3 {
			wait.Go(func() {
				if got := texts(o, to); got != want {
					t.Errorf("%s: other results", name)
				}
			})
		}
	}
	wait.Wait()
}
