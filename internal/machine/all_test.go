package machine

import (
	"bytes"
	"slices"
	"testing"
)

// TestAll reads in parts what is read as a whole as well.
func TestAll(t *testing.T) {
	piece := []byte{
		0x0f, 0x1f, 0x44, 0x00, 0x00, // nopl
		0x48, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, // movabsq
		0xe8, 0, 1, 0, 0, // callq
	}
	code := bytes.Repeat(piece, 8*partLen/len(piece))
	var starts []int
	for off := 0; off < len(code); off += len(piece) {
		starts = append(starts, off)
	}
	for name, starts := range map[string][]int{
		"known":   starts,
		"unknown": nil,
		"few":     {5, 15, len(code) - 5, len(code), len(code) + 1},
	} {
		if want, got := x86.list(code, 1<<40), x86.All(code, 1<<40, starts); !slices.Equal(got, want) {
			t.Errorf("starts are %s: %d instructions, want %d", name, len(got), len(want))
		}
	}
}
