package bpf

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
)

// perfBytes is a record with a header, and what follows, whose length may be claimed
// to be another than it is.
func perfBytes(typ uint32, claim uint16, rest ...any) []byte {
	b := binary.NativeEndian.AppendUint32(nil, typ)
	b = binary.NativeEndian.AppendUint16(b, 0)
	b = binary.NativeEndian.AppendUint16(b, claim)
	for _, v := range rest {
		b, _ = binary.Append(b, binary.NativeEndian, v)
	}
	if claim == 0 {
		binary.NativeEndian.PutUint16(b[6:], uint16(len(b)))
	}
	return b
}

func TestParsePerf(t *testing.T) {
	tests := []struct {
		name  string
		bytes []byte
		want  PerfRecord
		err   string
	}{
		{
			name:  "sample",
			bytes: perfBytes(PerfSample, 0, uint64(7), uint32(4), [4]byte{1, 2, 3, 4}),
			want:  PerfRecord{Type: PerfSample, Size: 24, Time: 7, Data: []byte{1, 2, 3, 4}},
		},
		{
			name:  "sample without data",
			bytes: perfBytes(PerfSample, 0, uint64(7), uint32(0)),
			want:  PerfRecord{Type: PerfSample, Size: 20, Time: 7},
		},
		{
			name:  "sample with something behind its data",
			bytes: perfBytes(PerfSample, 0, uint64(7), uint32(1), [4]byte{1, 2, 3, 4}),
			want:  PerfRecord{Type: PerfSample, Size: 24, Time: 7, Data: []byte{1}},
		},
		{
			name:  "lost",
			bytes: perfBytes(PerfLost, 0, uint64(5), uint64(9)),
			want:  PerfRecord{Type: PerfLost, Size: 24, LostID: 5, Lost: 9},
		},
		{
			name:  "another",
			bytes: perfBytes(5, 0, uint64(5)),
			want:  PerfRecord{Type: 5, Size: 16},
		},
		{name: "sample without a size", bytes: perfBytes(PerfSample, 0, uint64(7)), err: "sample of 16 bytes"},
		{name: "sample that is cut off", bytes: perfBytes(PerfSample, 0, uint64(7), uint32(5), [4]byte{}), err: "sample of 24 bytes, with 5 bytes of data"},
		{name: "sample of any size", bytes: perfBytes(PerfSample, 0, uint64(7), uint32(0xffffffff), [4]byte{}), err: "with 4294967295 bytes of data"},
		{name: "lost that is cut off", bytes: perfBytes(PerfLost, 0, uint64(5)), err: "note about lost samples of 16 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parsePerf(tt.bytes)
			if !says(err, tt.err) {
				t.Fatalf("error %v, want %q", err, tt.err)
			}
			if err == nil && (got.Type != tt.want.Type || got.Size != tt.want.Size || got.Time != tt.want.Time ||
				!bytes.Equal(got.Data, tt.want.Data) || got.LostID != tt.want.LostID || got.Lost != tt.want.Lost) {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

// says reports whether an error has some words, or there is none and none are wanted.
func says(err error, want string) bool {
	if want == "" {
		return err == nil
	}
	return err != nil && strings.Contains(err.Error(), want)
}

// TestPerfData reads records at every place of a ring, those included that go on at
// its start.
func TestPerfData(t *testing.T) {
	const size = 64
	record := perfBytes(PerfSample, 0, uint64(7), uint32(4), [4]byte{1, 2, 3, 4})
	for start := range uint64(3 * size) {
		d := perfData{ring: make([]byte, size)}
		for i, c := range record {
			d.ring[(start+uint64(i))%size] = c
		}
		got, err := d.record(start, start+uint64(len(record)))
		if err != nil || !bytes.Equal(got, record) {
			t.Errorf("at %d: % x, %v", start, got, err)
		}
	}
}

func TestHostilePerfData(t *testing.T) {
	const size = 64
	tests := []struct {
		name     string
		claim    uint16
		at, head uint64
		err      string
	}{
		{"more than the ring has", 8, 0, size + 8, "72 bytes to read in a ring of 64"},
		{"written backwards", 8, 8, 0, "bytes to read in a ring of 64"},
		{"less than a header", 8, 0, 7, "7 bytes to read"},
		{"no length", 0, 0, 16, "record of 0 bytes"},
		{"shorter than its header", 7, 0, 16, "record of 7 bytes"},
		{"longer than what was written", 24, 0, 16, "record of 24 bytes, where there are 16"},
		{"as long as what was written", 16, 0, 16, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := perfData{ring: make([]byte, size)}
			binary.NativeEndian.PutUint16(d.ring[6:], tt.claim)
			if _, err := d.record(tt.at, tt.head); !says(err, tt.err) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
		})
	}
}

// FuzzPerfRing reads records out of any bytes: it comes to an end, and stays within
// them.
func FuzzPerfRing(f *testing.F) {
	f.Add(perfBytes(PerfSample, 0, uint64(7), uint32(4), [4]byte{1, 2, 3, 4}), uint64(0), uint64(24))
	f.Add(perfBytes(PerfLost, 0, uint64(5), uint64(9)), uint64(1<<64-8), uint64(16))
	f.Fuzz(func(t *testing.T, b []byte, at, head uint64) {
		const size = 256
		d := perfData{ring: append(b, make([]byte, size)...)[:size:size]}
		for steps := 0; at != head; steps++ {
			if steps > size/perfHeaderLen {
				t.Fatal("it does not end")
			}
			record, err := d.record(at, head)
			if err != nil {
				return
			}
			if r, err := parsePerf(record); err == nil && len(r.Data) > len(record) {
				t.Fatalf("%d bytes of data in a record of %d", len(r.Data), len(record))
			}
			at += uint64(len(record))
		}
	})
}
