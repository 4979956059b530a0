package feature

import (
	"testing"

	"github.com/gobpftool/gobpftool/internal/replay"
)

// TestReplay prints what the C bpftool printed. "make record" makes the
// recordings anew.
func TestReplay(t *testing.T) { replay.Test[Features](t, "testdata/probe") }
