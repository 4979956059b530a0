package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/differences"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

const table = `
class: upstream bug
command: btf dump *
kernel: *
theirs: -1
ours: 4294967295
reason: signs

class: exit status
command: btf show
kernel: *
reason: statuses
`

func outcome(stdout string, status int) differences.Outcome {
	return differences.Outcome{Stdout: stdout, Status: status}
}

func TestVerdicts(t *testing.T) {
	tests := []struct {
		name         string
		command      string
		theirs, ours differences.Outcome
		want         result
	}{
		{"the same", "btf dump file x", outcome("a", 0), outcome("a", 0), result{}},
		{"other failures", "btf dump file x", outcome("", 195), outcome("", 1), result{failed: true}},
		{"only one fails", "btf dump file x", outcome("", 0), outcome("", 1),
			result{verdict: differs, why: []string{"exit status 1, the reference's 0"}}},
		{"excused bytes", "btf dump file x", outcome("a -1", 0), outcome("a 4294967295", 0), result{verdict: excused, why: []string{"upstream bug: signs"}}},
		{"excused status", "btf show", outcome("", 255), outcome("", 0), result{verdict: excused, why: []string{"exit status: statuses"}}},
		{"other bytes", "btf dump file x", outcome("a -1 b", 0), outcome("a 4294967295 c", 0),
			result{verdict: differs, why: []string{`the reference goes on "b"`, `here it goes on    "c"`, `after "a 4294967295 "`}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tools := &tools{table: table}
			got, err := tools.compare(tt.command, tt.theirs, tt.ours)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(result{})); diff != "" {
				t.Errorf("compare() mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

// TestObjects reads what objects.sh leaves behind, and compares over it.
func TestObjects(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "owner", "name", madeFile), "made of: name_1.orig\nfailed: b.c: no such header\n")
	write(t, filepath.Join(dir, "owner", "name", "a.o"), "no object")
	groups, err := readObjects(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []*group{{
		name:   "owner/name",
		made:   "name_1.orig",
		files:  []*file{{name: "a.o", path: filepath.Join(dir, "owner", "name", "a.o")}},
		failed: []string{"b.c: no such header"},
	}}
	if diff := cmp.Diff(want, groups, cmp.AllowUnexported(group{}, file{})); diff != "" {
		t.Fatalf("readObjects() mismatch (-want +got):\n%s", diff)
	}
	if _, err := readObjects(t.TempDir()); err == nil {
		t.Error("readObjects() = nil for a directory without objects")
	}

	fixture.Need(t, fixture.ReferenceTool)
	reference, _ := fixture.Reference()
	tools := &tools{reference: reference, answer: answerHere, checks: typeChecks, table: "class: upstream bug\ncommand: btf dump *\nkernel: *\ntheirs: (?s).*\nours: (?s).*\n"}
	if err := tools.compareAll(context.Background(), groups); err != nil {
		t.Fatal(err)
	}
	if n := len(groups[0].files[0].results); n != len(typeChecks) {
		t.Errorf("%d results, want %d", n, len(typeChecks))
	}
}

func TestKernels(t *testing.T) {
	dir, tmp := t.TempDir(), t.TempDir()
	write(t, filepath.Join(dir, "6.1.btf"), "kernel")
	write(t, filepath.Join(dir, "modules", "6.1", "veth.btf"), "module")
	groups, err := readKernels(dir, tmp)
	if err != nil {
		t.Fatal(err)
	}
	base := filepath.Join(tmp, "6.1", "6.1")
	want := []*group{{
		name:  "Linux 6.1",
		files: []*file{{name: "6.1", path: base}, {name: "veth", path: filepath.Join(tmp, "6.1", "veth"), base: base}},
	}}
	if diff := cmp.Diff(want, groups, cmp.AllowUnexported(group{}, file{})); diff != "" {
		t.Errorf("readKernels() mismatch (-want +got):\n%s", diff)
	}
	if got, err := os.ReadFile(base); err != nil || string(got) != "kernel" {
		t.Errorf("unpacked %q, %v", got, err)
	}
	args := strings.Join(groups[0].files[1].args(typeChecks[1]), " ")
	if want := "-j btf dump file " + groups[0].files[1].path + " -B " + base; args != want {
		t.Errorf("arguments %q, want %q", args, want)
	}
}

func TestReport(t *testing.T) {
	all := func(v verdict, why ...string) []result {
		results := make([]result, len(typeChecks))
		results[0] = result{verdict: v, why: why}
		return results
	}
	r := &report{title: "The tool and the reference", target: "corpus", reference: "bpftool v7.8.0", checks: typeChecks, groups: []*group{{
		name: "owner/name",
		made: "name_1.orig",
		files: []*file{
			{name: "a.o", results: all(identical)},
			{name: "b.o", results: all(excused, "upstream bug: signs")},
			{name: "c.o", results: all(differs, "the reference goes on \"x\"", "here it goes on \"y\"")},
		},
		failed: []string{"d.c: no such header"},
	}}}
	var out bytes.Buffer
	if err := r.write(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| owner/name | name_1.orig | 3 | 1 | 1 +1 -1 | 3 |",
		"| all |  | 3 | 1 | 1 +1 -1 | 3 |",
		"## Excused\n\n- 1 of raw: upstream bug: signs\n",
		"## Differences\n\n- owner/name: c.o, raw: the reference goes on \"x\"; here it goes on \"y\"\n",
		"## Not built\n\n- owner/name: d.c: no such header\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("report:\n%s\nwant in it:\n%s", &out, want)
		}
	}
	if n := differ(r.results()); n != 1 {
		t.Errorf("%d differ, want 1", n)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
