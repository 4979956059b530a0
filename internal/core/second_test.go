package core_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/cilium/ebpf"
	ciliumbtf "github.com/cilium/ebpf/btf"

	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/opinion"
)

// TestSecondOpinion compares the values with those of cilium/ebpf, in both byte orders.
func TestSecondOpinion(t *testing.T) {
	explained := make(map[string]int)
	for _, name := range objects {
		for _, types := range kernels {
			for _, order := range []string{".bpfel", ".bpfeb"} {
				t.Run(name+order+" on "+types, func(t *testing.T) {
					want := ciliumOpinion(t, filepath.Join("testdata", name+order+".o"), filepath.Join("testdata", types+order+".btf"))
					compareSecond(t, object(t, name+order), target(t, types+order), want, explained)
				})
			}
		}
	}
	if len(explained) != 5 {
		t.Errorf("differences in %v, want 5 points", explained)
	}
}

// ciliumOpinion is what cilium/ebpf makes of the relocations of an object.
func ciliumOpinion(t *testing.T, object, kernel string) map[string]string {
	t.Helper()
	spec, err := ebpf.LoadCollectionSpec(object)
	if err != nil {
		t.Fatal(err)
	}
	types, err := ciliumbtf.LoadSpec(kernel)
	if err != nil {
		t.Fatal(err)
	}
	return fixture.CORE(spec, types)
}

func compareSecond(t *testing.T, o *elfobj.Object, to *core.Target, want map[string]string, explained map[string]int) {
	t.Helper()
	n := 0
	for _, p := range o.Programs {
		for _, r := range core.Evaluate(o, p, to) {
			at := fmt.Sprintf("%s+%d", r.Func.Name, r.Insn)
			n++
			if same, why := opinion.Cilium(&r, want[at]); why != "" {
				explained[why]++
			} else if !same {
				t.Errorf("%s: %v, %d; cilium/ebpf has %q", at, r.Outcome, r.New, want[at])
			}
		}
	}
	if n < len(want) {
		t.Errorf("%d relocations, cilium/ebpf finds %d", n, len(want))
	}
}
