package machine_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/gobpftool/gobpftool/internal/machine"
	"github.com/gobpftool/gobpftool/internal/machine/x86"
)

// TestAll reads in parts what is read as a whole as well.
func TestAll(t *testing.T) {
	piece := []byte{
		0x0f, 0x1f, 0x44, 0x00, 0x00, // nopl
		0x48, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, // movabsq
		0xe8, 0, 1, 0, 0, // callq
	}
	code := bytes.Repeat(piece, 256<<10/len(piece)) // enough for several parts
	var want []machine.Inst
	for _, inst := range x86.Arch.Insts(code, 1<<40) {
		want = append(want, inst)
	}
	var starts []int
	for off := 0; off < len(code); off += len(piece) {
		starts = append(starts, off)
	}
	for name, starts := range map[string][]int{
		"known":   starts,
		"unknown": nil,
		"few":     {5, 15, len(code) - 5, len(code), len(code) + 1},
	} {
		if got := x86.Arch.All(code, 1<<40, starts); !slices.Equal(got, want) {
			t.Errorf("starts are %s: %d instructions, want %d", name, len(got), len(want))
		}
	}
}
