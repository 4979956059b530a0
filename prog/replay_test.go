package prog

import (
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/replay"
)

// TestReplay prints what the C bpftool printed. "make record" makes the
// recordings anew.
func TestReplay(t *testing.T) { replay.Test[Program](t, "testdata/show") }

func TestRecordings(t *testing.T) {
	replay.Complete(t, "testdata/show", fixture.Progs, map[string]string{
		"lirc_mode2": "the kernels at hand are built without receivers of infrared signals",
	})
}
