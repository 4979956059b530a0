package cskeleton_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

func TestMain(m *testing.M) { fixture.Main(m) }

// TestRun compiles programs with skeletons against the machine's libbpf, and runs them.
func TestRun(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation, fixture.Libbpf)
	size := func(path string) int64 {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	for _, tt := range []struct {
		name, object string
		sub          string // name of a subskeleton, or ""
		want         string
	}{
		{"trace_open", "../../examples/trace_open/trace_open.bpfel.o", "part", "event 1 /nowhere/1\nlost 5 1\n"},
		{"xdp_drop", "../../examples/xdp_drop/xdp_drop.bpfel.o", "", "dropped 3 packets, 141 bytes\n"},
		{"perf_event_array", "../../testdata/idioms/perf_event_array.o", "",
			fmt.Sprintf("event of 4 bytes\npassed 1, %d bytes of object\n", size("../../testdata/idioms/perf_event_array.o"))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			header(t, tt.object, tt.name, false, filepath.Join(dir, tt.name+".skel.h"))
			if tt.sub != "" {
				header(t, tt.object, tt.sub, true, filepath.Join(dir, tt.name+".subskel.h"))
			}
			program := filepath.Join(dir, tt.name)
			compiler, _ := fixture.Compiler()
			compile := exec.Command(compiler, "-Wall", "-Werror", "-O2", "-I", dir, "-o", program, "testdata/run/"+tt.name+".c", "-lbpf")
			if out, err := compile.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			run := exec.Command(program)
			run.Stderr = os.Stderr
			got, err := run.Output()
			if diff := cmp.Diff(tt.want, string(got)); diff != "" || err != nil {
				t.Errorf("%v, (-want +got):\n%s", err, diff)
			}
		})
	}
}

// header writes the skeleton or subskeleton of an object to a file.
func header(t *testing.T, object, name string, sub bool, path string) {
	text, _, err := write(t, object, name, sub)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
