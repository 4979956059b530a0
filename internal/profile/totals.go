package profile

import (
	"bytes"
	"encoding/binary"
)

// Totals are what was counted in all runs of a program together, on all CPUs.
type Totals struct {
	Runs     uint64
	Readings []Reading // one for each event
}

// A Reading is what the kernel tells about the count of an event.
//
// If more is to be counted than there are counters, each event is counted for a part of the time.
type Reading struct {
	Count   uint64 // as it was counted: it is not scaled
	Enabled uint64 // nanoseconds for which it was to be counted
	Running uint64 // nanoseconds for which it was
}

// A state is what the programs keep of a CPU.
//
// Source: struct state of object/profile.bpf.c.
type state struct {
	Runs, Taken  uint64
	Before, Sums [MaxEvents]Reading
}

const stateLen = 8 * (2 + 2*3*MaxEvents) // bytes

// total adds up the states of all CPUs for some number of events.
func total(states []byte, events int) *Totals {
	t := &Totals{Readings: make([]Reading, events)}
	for r := bytes.NewReader(states); r.Len() >= stateLen; {
		var s state
		_ = binary.Read(r, binary.NativeEndian, &s) // which there is enough for
		t.Runs += s.Runs
		for i := range t.Readings {
			t.Readings[i].add(s.Sums[i])
		}
	}
	return t
}

func (r *Reading) add(more Reading) {
	r.Count += more.Count
	r.Enabled += more.Enabled
	r.Running += more.Running
}
