package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/differences"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

func TestMain(m *testing.M) { fixture.Main(m) }

func TestChoose(t *testing.T) {
	var programs []*program
	for _, name := range []string{"a1", "a2", "a3!", "a4", "b1!", "b2", "c1", "c2", "c3"} {
		p := &program{object: name[:1], name: strings.TrimSuffix(name, "!")}
		if p.name != name {
			p.failed = "for a reason"
		}
		programs = append(programs, p)
	}
	tests := []struct {
		name string
		most int
		want string
	}{
		{"none", 0, ""},
		{"fewer than objects", 2, "a1 b2"},
		{"one of each", 3, "a1 b2 c1"},
		{"a second of some", 4, "a1 a2 b2 c1"},
		{"all but one", 6, "a1 a2 a4 b2 c1 c2"},
		{"all that load", 60, "a1 a2 a4 b2 c1 c2 c3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, p := range choose(programs, tt.most) {
				got = append(got, p.name)
			}
			if got := strings.Join(got, " "); got != tt.want {
				t.Errorf("choose() = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestReason(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"a program's", errors.New("assign values: field Program: program sd_bind4: map sd_bind_allow: map create: invalid argument"),
			"map sd_bind_allow: map create: invalid argument"},
		{"an object's", errors.New("file /tmp/x.o: load virtual .ksyms section: not supported"), "load virtual .ksyms section: not supported"},
		{"the kernel's", errors.New("assign values: field Program: program f: load program: operation not permitted (MEMLOCK may be too low, consider rlimit.RemoveMemlock)"),
			"operation not permitted"},
		{"the verifier's", &ebpf.VerifierError{Cause: errors.New("permission denied"), Log: []string{
			"0: R1=ctx() R10=fp0", "; return x;", "R0 !read_ok", "3: (95) exit", "processed 1 insns (limit 1000000)", ""}},
			"permission denied: R0 !read_ok"},
		{"a silent verifier's", &ebpf.VerifierError{Cause: errors.New("permission denied"), Log: []string{"0: R1=ctx()"}}, "permission denied"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := reason(tt.err); got != tt.want {
				t.Errorf("reason() = %q, want %q", got, tt.want)
			}
		})
	}
}

// TestLoad loads an object as a whole, and its program once more on its own.
func TestLoad(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation, fixture.ReferenceTool)
	reference, _ := fixture.Reference()
	for _, by := range []string{reference, "false"} {
		l := &loader{reference: by}
		programs, err := l.load(t.Context(), demo)
		if err != nil {
			t.Fatal(err)
		}
		if len(programs) != 1 || programs[0].loaded == nil {
			t.Fatalf("load() = %v by %s, want a program", programs, by)
		}
		programs[0].close()
	}
	if pins, err := filepath.Glob(filepath.Join(bpffs, "corpus", "*")); err != nil || len(pins) > 0 {
		t.Errorf("what is left is %q, %v", pins, err)
	}

	path := filepath.Join(t.TempDir(), "x.o")
	write(t, path, "no object")
	programs, err := (&loader{reference: reference}).load(t.Context(), path)
	if err != nil || len(programs) != 1 || programs[0].failed == "" {
		t.Errorf("load() = %v, %v of no object, want a failure", programs, err)
	}
}

const demo = "../../examples/demo/object/demo.bpfel.o"

// TestComparePrograms compares the reference with itself, which reads no machine
// code.
func TestComparePrograms(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation, fixture.ReferenceTool, fixture.Objdump)
	reference, _ := fixture.Reference()
	tools := &tools{reference: reference, tmp: t.TempDir()}
	tools.answer = func(ctx context.Context, args []string) differences.Outcome {
		o, err := tools.ask(ctx, args)
		if err != nil {
			t.Error(err)
		}
		if args[len(args)-1] == "linum" {
			o.Stdout += "more"
		}
		return o
	}
	groups := []*group{{name: "owner/name", files: []*file{{name: "demo.o", path: demo}}}}
	list, err := tools.comparePrograms(t.Context(), groups)
	if err != nil {
		t.Fatal(err)
	}
	r := list[0]
	if len(r.compared) != 1 || r.compared[0].insns == 0 {
		t.Fatalf("compared %v, want a program with instructions", r.compared)
	}
	for i, res := range r.compared[0].results {
		c := progChecks[i]
		if want := strings.HasSuffix(c.args, "linum"); (res.verdict == differs) != want {
			t.Errorf("%s: verdict %d %q, want a difference: %v", c.name, res.verdict, res.why, want)
		}
	}
	if why := r.compared[0].jited.why; len(why) == 0 {
		t.Error("nothing is missed of machine code")
	}
	if left, err := os.ReadDir(tools.tmp); err != nil || len(left) > 0 {
		t.Errorf("what is left is %v, %v", left, err)
	}
}

// TestWritten checks that what is written to a file counts.
func TestWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "raw")
	text := "a"
	tools := &tools{reference: "true", answer: func(context.Context, []string) differences.Outcome {
		write(t, path, text)
		return differences.Outcome{}
	}}
	for _, want := range []verdict{differs, identical} {
		r, err := tools.run(t.Context(), []string{"prog"}, path)
		if err != nil || r.verdict != want {
			t.Errorf("run() = %v, %v after %q was written, want verdict %d", r, err, text, want)
		}
		text = ""
	}
}

func TestProgReport(t *testing.T) {
	results := make([]result, len(progChecks))
	results[0] = result{verdict: differs, why: []string{"here it goes on"}}
	same := make([]result, len(progChecks))
	p := &program{object: "a.o", name: "x", insns: 7, results: results,
		jited: jited{functions: 2, insns: 9, bounds: tally{1, 0, 1}, names: tally{0, 1, 1}, tolerated: map[string]int{"sizes": 3}, why: []string{"f: too few"}}}
	q := &program{object: "a.o", name: "y", insns: 2, results: same, jited: jited{functions: 1, insns: 1, bounds: tally{1}, names: tally{1}}}
	r := &progReport{reference: "bpftool v7.8.0", kernel: "6.18", repositories: []*repository{
		{group: &group{name: "owner/name", made: "name_1.orig", files: []*file{{}}, failed: []string{"d.c: no such header"}},
			programs: []*program{p, q, {failed: "too long"}, {failed: "too long"}}, compared: []*program{p, q}},
		{group: &group{name: "owner/none", files: []*file{{}}}},
	}}
	var out strings.Builder
	if err := r.write(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"2 programs of 1 repositories were compared",
		"| owner/name | name_1.orig | 1 | 1 | 4 | 2 | 2 |\n",
		"| owner/name | 2 | 9 | 1 -1 | 2 | ",
		"| owner/name | 3 | 10 | 2 -1 | 1 +1 -1 |\n",
		"| all | 3 | 10 | 2 -1 | 1 +1 -1 |\n",
		"## Spellings\n\n- 3 of sizes\n",
		"## Differences\n\n- owner/name: a.o, x, plain: here it goes on\n- owner/name: a.o, x, jited: f: too few\n",
		"## Not loaded\n\n- owner/name: 2: too long\n",
		"## Not built\n\n- owner/name: d.c: no such header\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("report:\n%s\nwant in it:\n%s", &out, want)
		}
	}
	if diff := cmp.Diff(2, len(r.sum().differences())); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
}
