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
		case o.loads && !o.runs && !slices.Contains(notBySkeletons, o.name):
			t.Errorf("%s: its skeleton does not load it: %s", o.name, o.refuse)
		case o.runs && slices.Contains(notBySkeletons, o.name):
			t.Errorf("%s: its skeleton loads it now", o.name)
		}
		if o.runs {
			loaded++
		}
	}
	if want := 100; loaded < want {
		t.Errorf("%d objects loaded, want %d at least", loaded, want)
	}
}

// notBySkeletons are objects that cilium/ebpf cannot load, whatever is made of them: "gen skeleton" says why.
var notBySkeletons = []string{
	"testdata/idioms/arena.o",
	"testdata/idioms/percpu.o",
}
