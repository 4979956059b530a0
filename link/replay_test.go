package link

import (
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/replay"
)

// TestReplay prints what the C bpftool printed. "make record" makes the
// recordings anew.
func TestReplay(t *testing.T) { replay.Test[Link](t, "testdata/show") }

func TestRecordings(t *testing.T) {
	replay.Complete(t, "testdata/show", fixture.Links, nil)
}
