package object

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/kernels"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// TestFill reads kernels of an archive and files, by one worker and by many.
func TestFill(t *testing.T) {
	dir := t.TempDir()
	types := fixture.BTF(t, "[1] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED\n[2] STRUCT 'task' size=4 vlen=1\n\t'pid' type_id=1 bits_offset=0\n", nil)
	var packed bytes.Buffer
	w := tar.NewWriter(&packed)
	var want []string
	for i := range 30 {
		name := fmt.Sprintf("5.%d", 29-i)
		if err := w.WriteHeader(&tar.Header{Name: name + ".btf", Size: int64(len(types)), Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		w.Write(types)
		want = append([]string{"all/" + name}, want...)
	}
	files := map[string][]byte{"all.tar": packed.Bytes(), "z.btf": types, "cut.btf": types[:30]}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want = append(want, "cut", "z")
	for _, workers := range []int{1, 2, 8} {
		t.Run(fmt.Sprint(workers), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(workers))
			m := newMatrix([]string{"../testdata/script/check_object/probe.bpf.o"})
			if err := m.fill(t.Context(), kernels.Find([]string{dir}), render.NewTalk(io.Discard, true)); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range m.Kernels {
				got = append(got, r.Name)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("kernels (-want +got):\n%s", diff)
			}
			if want := (Summary{Yes: 31, Unknown: 1}); m.Summary != want {
				t.Errorf("%+v, want %+v", m.Summary, want)
			}
		})
	}
	t.Run("interrupted", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := newMatrix(nil).fill(ctx, kernels.Find([]string{dir}), render.NewTalk(io.Discard, true)); !errors.Is(err, context.Canceled) {
			t.Errorf("fill() = %v", err)
		}
	})
}

func TestClassify(t *testing.T) {
	required := &elfobj.Func{Program: true, Section: "xdp"}
	optional := &elfobj.Func{Program: true, Section: "?xdp"}
	uncalled := &elfobj.Func{Section: ".text"}
	const none = classes
	tests := []struct {
		outcome                      core.Outcome
		required, optional, uncalled Class
	}{
		{core.Resolved, none, none, none},
		{core.Moved, none, none, none},
		{core.Resized, none, none, none},
		{core.Absent, none, none, none},
		{core.Guarded, Guarded, Guarded, none},
		{core.Poisoned, Required, Optional, none},
		{core.Ambiguous, Required, Optional, Required}, // libbpf looks at functions that nobody calls, too
		{core.Refused, Required, Optional, Required},
	}
	for _, tt := range tests {
		t.Run(tt.outcome.String(), func(t *testing.T) {
			for _, of := range []struct {
				name string
				f    *elfobj.Func
				want Class
			}{{"required", required, tt.required}, {"optional", optional, tt.optional}, {"uncalled", uncalled, tt.uncalled}} {
				got, ok := classify(of.f, &core.Result{Outcome: tt.outcome})
				if ok != (of.want != none) || ok && got != of.want {
					t.Errorf("%s: %v, %t", of.name, got, ok)
				}
			}
		})
	}
}

func TestDescribe(t *testing.T) {
	c := &Column{Name: "a.o"}
	p, f := &elfobj.Func{Name: "prog"}, &elfobj.Func{Name: "sub"}
	line := &elfobj.Line{File: "/src/dir/a.bpf.c", Line: 7, Text: "x"}
	tests := []struct {
		name   string
		result core.Result
		want   failure
	}{
		{"all", core.Result{Func: f, Line: line, Path: "task.pid", Kind: names.Relocation(1), Reason: &core.Reason{Cause: "c", Help: "h"}},
			failure{Object: "a.o", Class: Guarded, Program: "prog", Function: "sub", Kind: "byte_sz", Access: "task.pid", Cause: "c", Help: "h", Source: "a.bpf.c:7", Code: "x"}},
		{"little", core.Result{Func: p}, failure{Object: "a.o", Class: Guarded, Program: "prog", Kind: "byte_off"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, c.describe(p, &tt.result, Guarded)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestUnread tells what must not be read from what cannot be.
func TestUnread(t *testing.T) {
	c := &Column{Name: "a.o"}
	denied := c.unread(fmt.Errorf("reading: %w", &fs.PathError{Op: "open", Path: "a.o", Err: unix.EACCES}))
	if want := (verdict.Verdict{Answer: verdict.Denied, Evidence: "Permission denied"}); denied.Verdict != want {
		t.Errorf("%+v, want %+v", denied.Verdict, want)
	}
	broken := c.unread(errors.New("cut off"))
	if want := (verdict.Verdict{Answer: verdict.Unknown, Evidence: "cut off"}); broken.Verdict != want {
		t.Errorf("%+v, want %+v", broken.Verdict, want)
	}
	m := newMatrix(nil)
	m.Objects = []*Column{c}
	m.add(&Row{Name: "5.4", Cells: []*Cell{denied}})
	m.finish()
	if want := (Summary{Denied: 1}); m.Summary != want || m.Summary.String() != "0 fit, 0 do not, 1 denied, 0 unknown" {
		t.Errorf("%+v: %v", m.Summary, m.Summary)
	}
	if page := string(pageOf(m)); !strings.Contains(page, `<td class="unknown"><a href="#p1">?</a></td>`) {
		t.Errorf("%s", page)
	}
	if err := m.status(); err != call.ErrUnknown {
		t.Errorf("status() = %v", err)
	}
}

func TestJudge(t *testing.T) {
	other := renamed
	other.Program = "another"
	tests := []struct {
		name  string
		found fails
		want  verdict.Verdict
	}{
		{"nothing fails", nil, verdict.Verdict{Answer: verdict.Yes}},
		{"guarded", fails{guarded, guarded}, verdict.Verdict{Answer: verdict.Yes}},
		{"optional", fails{missing, missing, guarded}, verdict.Verdict{Answer: verdict.Yes, Evidence: "without 1 optional program that cannot be loaded"}},
		{"a map", fails{{Class: Optional, Kind: "struct_ops", Symbol: true}}, verdict.Verdict{Answer: verdict.Yes}},
		{"not known", fails{missing, perhaps, perhaps}, verdict.Verdict{Answer: verdict.Unknown, Evidence: "1 name of 1 program may be of modules whose types are not given"}},
		{"both", fails{perhaps, renamed, {Kind: "struct_ops", Symbol: true}}, verdict.Verdict{Answer: verdict.No, Evidence: "1 relocation and 1 name of 1 program cannot be resolved"}},
		{"the object as a whole", fails{{Kind: "struct_ops", Symbol: true}}, verdict.Verdict{Answer: verdict.No, Evidence: "1 name cannot be resolved"}},
		{"required", fails{missing, renamed, renamed, other}, verdict.Verdict{Answer: verdict.No, Evidence: "3 relocations of 2 programs cannot be resolved"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := judge(tt.found); got != tt.want {
				t.Errorf("judge() = %+v, want %+v", got, tt.want)
			}
		})
	}
}
