package load

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/elfobj"
)

var update = flag.Bool("update", false, "write the golden file anew, to be read by a person")

func TestNameMissing(t *testing.T) {
	l := &loader{object: &elfobj.Object{
		Externs: []*elfobj.Extern{{Name: "there"}, {Name: "gone"}}, Maps: []*elfobj.Map{{Name: "m"}},
	}}
	for reason, want := range map[string]string{
		"invalid func unknown#2002000001": "invalid func unknown#2002000001: the function gone, which this kernel does not have",
		"invalid func unknown#2001000000": "invalid func unknown#2001000000: the map m, which is not made",
		"invalid func unknown#2002000002": "invalid func unknown#2002000002",
		"invalid func unknown#195896080":  "invalid func unknown#195896080",
		"R1 is bad":                       "R1 is bad",
	} {
		if got := l.nameMissing(reason); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestReasons reads the logs of three kernels: what a person is told of each is a golden file.
func TestReasons(t *testing.T) {
	files, err := filepath.Glob("testdata/logs/*/*.log")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d logs: %v", len(files), err)
	}
	b := new(strings.Builder)
	for _, file := range files {
		log, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r := Refusal{Insn: -1}
		r.read(string(log))
		if r.Hint == "" {
			r.Hint = advice(r.Reason)
		}
		name := strings.TrimSuffix(strings.TrimPrefix(file, "testdata/logs/"), ".log")
		fmt.Fprintf(b, "%s\n\t%s\n\tat %d: %s\n\thint: %s\n", name, tabbed(r.Reason), r.Insn, r.Text, r.Hint)
		if r.Reason == "" || r.Insn < 0 {
			t.Errorf("%s: nothing found", name)
		}
	}
	const golden = "testdata/reasons.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Error(diff)
	}
}

// FuzzLog looks for logs that cannot be read.
func FuzzLog(f *testing.F) {
	files, _ := filepath.Glob("testdata/logs/7.3/*.log")
	for _, file := range files {
		if log, err := os.ReadFile(file); err == nil {
			f.Add(string(log))
		}
	}
	f.Fuzz(func(t *testing.T, log string) {
		r := Refusal{Program: &Program{}, Insn: -1}
		r.read(log)
		advice(r.Reason)
	})
}
