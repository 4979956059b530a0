package main

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestSkeletons generates skeletons of all objects that are part of this module, has them vetted, and loads with
// them what "prog loadall" loads.
func TestSkeletons(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles hundreds of packages")
	}
	fixture.Need(t, fixture.Root, fixture.BPF)
	t.Chdir("../..")
	own, err := readCommitted()
	if err != nil {
		t.Fatal(err)
	}
	groups := skeletonGroups([]*group{own})
	tools := &tools{tmp: t.TempDir()}
	if err := tools.trySkeletons(context.Background(), groups); err != nil {
		t.Fatal(err)
	}
	loaded := 0
	for _, o := range groups[0].objects {
		switch {
		case o.faulty():
			t.Errorf("%s: %s", o.name, strings.Join(o.faults, "\n\t"))
		case o.loads && !o.runs && len(o.cannot) == 0 && !slices.Contains(strictKernel, o.name):
			t.Errorf("%s: its skeleton does not load it, and nobody was told: %s", o.name, o.refuse)
		case o.runs && len(o.cannot) > 0:
			t.Errorf("%s: its skeleton loads it, but was not to: %q", o.name, o.cannot)
		}
		if o.runs {
			loaded++
		}
	}
	if want := 100; loaded < want {
		t.Errorf("%d objects loaded, want %d at least", loaded, want)
	}
}

// strictKernel are objects whose types this kernel refuses: libbpf goes on without them, cilium/ebpf does not.
var strictKernel = []string{"internal/decl/testdata/values/values.bpfel.o"}
