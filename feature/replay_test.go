package feature

import (
	"bufio"
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/replay"
)

// TestReplay prints what the C bpftool printed. "make record" makes the
// recordings anew.
func TestReplay(t *testing.T) { replay.Test[Features](t, "testdata/probe") }

// TestReplayKernels prints what the C bpftool printed of many kernels. "make probes" makes the recordings anew.
func TestReplayKernels(t *testing.T) {
	kernels := replay.Kernels(t)
	if len(kernels) != 12 {
		t.Errorf("%d kernels", len(kernels))
	}
	headers := 0
	for _, k := range kernels {
		t.Run(k.Release, func(t *testing.T) {
			replay.Files[Features](t, k.Files, replay.JSON, replay.Plain)
			if want, ok := k.Files[replay.Macros]; ok {
				headers++
				if diff := cmp.Diff(want, header(t, k.Files[replay.JSON])); diff != "" {
					t.Errorf("macros (-bpftool +ours):\n%s", diff)
				}
			}
		})
	}
	if headers < 5 {
		t.Errorf("%d headers", headers)
	}
}

// TestProbeSchema compares what the C bpftool printed with the schema of the form.
func TestProbeSchema(t *testing.T) {
	fixture.Need(t, fixture.Checkers)
	const schema = "../docs/schemas/probe-1.json"
	for _, k := range replay.Kernels(t) {
		if err := fixture.Schema(t, schema, []byte(k.Files[replay.JSON])); err != nil {
			t.Errorf("%s: %v", k.Release, err)
		}
	}
	for _, wrong := range []string{`{}`, `{"syscall_config":{"have_bpf_syscall":1}}`, `{"syscall_config":{"have_bpf_syscall":true},"helpers":{"xdp":["x"]}}`} {
		if fixture.Schema(t, schema, []byte(wrong)) == nil {
			t.Errorf("%s follows the schema", wrong)
		}
	}
}

// header returns the macros of what JSON tells. It does not tell which helpers were tried: that is all but those that
// write to the kernel's log.
func header(t *testing.T, text string) string {
	t.Helper()
	var f Features
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	tried := slices.DeleteFunc(names.Helpers()[1:], func(name string) bool {
		return name == "bpf_trace_printk" || name == "bpf_trace_vprintk" || name == "bpf_probe_write_user"
	})
	for i := range f.Helpers {
		f.Helpers[i].tried = tried
	}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	f.Macros(w, "")
	w.Flush()
	return b.String()
}
