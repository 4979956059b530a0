package feature

import (
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/verdict"
)

// TestSymbolWithoutTypes makes sure that nothing is said to be among types that cannot be read.
func TestSymbolWithoutTypes(t *testing.T) {
	if v := symbol("runqueues", true, unix.EACCES); v.Answer != verdict.Unknown || v.Evidence == "" {
		t.Errorf("without types: %v", v)
	}
	if v := symbol("runqueues", true, nil); v.Answer != verdict.Yes {
		t.Errorf("with types: %v", v)
	}
}
