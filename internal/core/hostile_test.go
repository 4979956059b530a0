package core_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// FuzzEvaluate relocates whatever is taken for an object to whatever is taken for types, and
// looks for what it needs there.
func FuzzEvaluate(f *testing.F) {
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		return data
	}
	for _, order := range []string{".bpfel", ".bpfeb"} {
		for _, types := range kernels {
			for _, name := range slices.Concat(objects, []string{"symbols"}) {
				f.Add(read(name+order+".o"), read(types+order+".btf"))
			}
		}
	}
	f.Fuzz(func(t *testing.T, object, types []byte) {
		o, err := elfobj.Read(object)
		if err != nil {
			return
		}
		spec, err := btf.Parse(types, nil)
		if err != nil {
			return
		}
		to := core.NewTarget(spec, nil)
		for _, s := range core.Symbols(o, to) {
			if (s.Answer == verdict.Yes) != (s.Reason == nil) || s.Reason != nil && s.Reason.Cause == "" {
				t.Fatalf("%+v", s)
			}
		}
		if o.BTF == nil {
			return
		}
		for _, p := range slices.Concat(o.Programs, o.Funcs) {
			linked, results := core.Link(o, p, to)
			last := linked[len(linked)-1]
			for _, r := range results {
				if r.Slot >= last.Start+len(last.Code)/8 || r.Path == "" || r.Outcome >= core.Absent != (r.Reason != nil) {
					t.Fatalf("%+v", r)
				}
				if r.Reason != nil && r.Reason.Cause == "" {
					t.Fatalf("no cause: %+v", r)
				}
			}
		}
	})
}

// TestNoTypes evaluates an object against no types at all.
func TestNoTypes(t *testing.T) {
	spec, err := btf.Parse([]byte{0x9f, 0xeb, 1, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0}, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := object(t, "kinds.bpfel")
	for _, p := range o.Programs {
		for _, r := range core.Evaluate(o, p, core.NewTarget(spec, nil)) {
			if r.Outcome < core.Absent && r.Kind.String() != "local_type_id" {
				t.Errorf("%s: %v", r.Path, r.Outcome)
			}
		}
	}
}
