package profile

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// bytesOf is what the kernel tells of CPUs.
func bytesOf(cpus ...state) []byte {
	var b bytes.Buffer
	for _, s := range cpus {
		binary.Write(&b, binary.NativeEndian, s)
	}
	return b.Bytes()
}

func TestTotal(t *testing.T) {
	const most = 1 << 63
	tests := []struct {
		name   string
		cpus   []state
		events int
		want   Totals
	}{
		{"never ran", []state{{}, {}}, 1, Totals{Readings: []Reading{{}}}},
		{
			name:   "one CPU",
			cpus:   []state{{Runs: 3, Sums: [MaxEvents]Reading{{30, 20, 10}}}},
			events: 1, want: Totals{3, []Reading{{30, 20, 10}}},
		},
		{
			name: "two CPUs, two events",
			cpus: []state{
				{Runs: 3, Sums: [MaxEvents]Reading{{30, 20, 10}, {1, 2, 3}}},
				{Runs: 4, Sums: [MaxEvents]Reading{{5, 6, 7}, {40, 50, 60}}},
			},
			events: 2, want: Totals{7, []Reading{{35, 26, 17}, {41, 52, 63}}},
		},
		{
			name:   "what has begun does not count",
			cpus:   []state{{Runs: 1, Taken: 1, Before: [MaxEvents]Reading{{9, 9, 9}}, Sums: [MaxEvents]Reading{{1, 1, 1}}}},
			events: 1, want: Totals{1, []Reading{{1, 1, 1}}},
		},
		{
			name:   "all events, of 64 bits",
			cpus:   []state{{Runs: most, Sums: [MaxEvents]Reading{{most, 1, 1}, {2, 2, 2}, {3, 3, 3}, {4, most, 4}}}},
			events: MaxEvents, want: Totals{most, []Reading{{most, 1, 1}, {2, 2, 2}, {3, 3, 3}, {4, most, 4}}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(&tt.want, total(bytesOf(tt.cpus...), tt.events)); diff != "" {
				t.Errorf("total() mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

// TestObject compares what the object and the package have to agree on.
func TestObject(t *testing.T) {
	if got := binary.Size(state{}); got != stateLen {
		t.Errorf("a state has %d bytes, want %d", stateLen, got)
	}
	for name, data := range map[string][]byte{"little-endian": littleEndian, "big-endian": bigEndian} {
		o, err := elfobj.Read(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		found := make(map[string]uint32)
		for _, m := range o.Maps {
			found[m.Name] = m.Def.ValueSize
		}
		if want := map[string]uint32{eventsMap: 4, stateMap: stateLen}; !cmp.Equal(found, want) {
			t.Errorf("%s: sizes of values are %v, want %v", name, found, want)
		}
		if len(o.Programs) != 2 || o.Programs[0].Name != enterProg || o.Programs[1].Name != leaveProg {
			t.Errorf("%s: the programs are %v", name, o.Programs)
		}
	}
}
