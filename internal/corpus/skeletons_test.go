package main

import (
	"context"
	"errors"
	"path/filepath"
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
	groups := skeletonGroups([]*group{own}, pickHere)
	tools := &tools{tmp: t.TempDir()}
	if err := tools.trySkeletons(context.Background(), groups); err != nil {
		t.Fatal(err)
	}
	judge(t, groups[0], 100)
}

// judge wants the skeletons of objects to be right, and to load what "prog loadall" loads, a number at least.
func judge(t *testing.T, g *skeletonGroup, want int) {
	t.Helper()
	loaded := 0
	for _, o := range g.objects {
		switch {
		case o.faulty():
			t.Errorf("%s: %s", o.name, strings.Join(o.faults, "\n\t"))
		case o.loads && !o.runs && len(o.cannot) == 0:
			t.Errorf("%s: its skeleton does not load it, and nobody was told: %s", o.name, o.refuse)
		case o.runs && len(o.cannot) > 0:
			t.Errorf("%s: its skeleton loads it, but was not to: %q", o.name, o.cannot)
		}
		if o.runs {
			loaded++
		}
	}
	if loaded < want {
		t.Errorf("%d objects loaded, want %d at least", loaded, want)
	}
}

// TestSelftests has the objects of the kernel's selftests loaded by the reference, by the tool and by skeletons.
func TestSelftests(t *testing.T) {
	if testing.Short() {
		t.Skip("loads hundreds of objects")
	}
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.ReferenceTool, fixture.Clang, fixture.Selftests)
	t.Chdir("../..")
	ctx, tools, groups, stop, err := prepare(fixture.SelftestObjects())
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	l, err := tools.newLab("")
	if err != nil {
		t.Fatal(err)
	}
	here := &loadKernel{groups: loadGroups(groups, pickHere)}
	if err := errors.Join(l.link(here.groups), here.collect(ctx, l, filepath.Join(l.kept, "out"), tools.loadHere)); err != nil {
		t.Fatal(err)
	}
	r := loadReport{reference: tools.version, kernels: []*loadKernel{here}}
	var text strings.Builder
	if err := r.write(&text); err != nil {
		t.Fatal(err)
	}
	if loaded, same := here.loaded(), here.same(); r.differing() > 0 || loaded < 50 || 100*same < 98*loaded {
		t.Errorf("of %d objects that the reference loads %d are the same, %d differ for no known cause:\n%s", loaded, same, r.differing(), &text)
	}
	skeletons := skeletonGroups(groups, pickHere)
	if err := tools.trySkeletons(ctx, skeletons); err != nil {
		t.Fatal(err)
	}
	judge(t, skeletons[0], 50)
}
