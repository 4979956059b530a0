package bpf

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// ringOf is the memory of a ring buffer of some bytes, with a record at a place.
func ringOf(size, at int, length uint32, data string) ringData {
	once := make([]byte, size)
	binary.NativeEndian.PutUint32(once[at%size:], length)
	for i := range len(data) {
		once[(at+ringHeaderLen+i)%size] = data[i]
	}
	return append(once, once...)
}

func TestRingData(t *testing.T) {
	const size = 64
	tests := []struct {
		name    string
		length  uint32
		data    string
		at      uint64
		waiting uint64
		want    string
		step    uint64
		state   state
		err     string
	}{
		{name: "record", length: 8, data: "abcdefgh", waiting: 16, want: "abcdefgh", step: 16},
		{name: "record that is filled up", length: 3, data: "abc", waiting: 16, want: "abc", step: 16},
		{name: "record that goes on at the start", length: 12, data: "abcdefghijkl", at: 5*size + 56, waiting: 24, want: "abcdefghijkl", step: 24},
		{name: "empty record", waiting: 8, step: 8},
		{name: "the largest", length: size - 8, waiting: size, want: string(make([]byte, size-8)), step: size},
		{name: "a program is about to write it", length: 8 | busyBit, waiting: 16, state: busy},
		{name: "of any length", length: 8 | busyBit | 0x3fffffff, waiting: 16, state: busy},
		{name: "discarded", length: 8 | discardBit, waiting: 24, step: 16, state: discarded},
		{name: "about to be discarded", length: 8 | busyBit | discardBit, waiting: 16, state: busy},
		{name: "longer than what was written", length: 9, waiting: 16, err: "record of 9 bytes, where there are 16"},
		{name: "longer than everything", length: 0x3fffffff, waiting: 64, err: "record of 1073741823 bytes"},
		{name: "discarded without end", length: 0x3fffffff | discardBit, waiting: 64, err: "record of 1073741823 bytes"},
		{name: "more than the ring has", waiting: size + 8, err: "72 bytes to read of 64"},
		{name: "less than a header", waiting: 7, err: "7 bytes to read of 64"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			record, step, state, err := ringOf(size, int(tt.at), tt.length, tt.data).record(tt.at, tt.waiting)
			if !says(err, tt.err) {
				t.Fatalf("error %v, want %q", err, tt.err)
			}
			if string(record) != tt.want || step != tt.step || state != tt.state {
				t.Errorf("%q, step %d, state %d; want %q, %d, %d", record, step, state, tt.want, tt.step, tt.state)
			}
		})
	}
}

// FuzzRing reads records out of any bytes: it comes to an end, and stays within them.
func FuzzRing(f *testing.F) {
	f.Add([]byte("\x08\x00\x00\x00\x00\x00\x00\x00abcdefgh"), uint64(0), uint64(16))
	f.Add(bytes.Repeat([]byte{0}, 64), uint64(3), uint64(64))
	f.Fuzz(func(t *testing.T, b []byte, at, waiting uint64) {
		const size = 256
		once := append(b, make([]byte, size)...)[:size:size]
		d := ringData(append(once, once...))
		for steps := 0; waiting > 0; steps++ {
			if steps > size/ringHeaderLen {
				t.Fatal("it does not end")
			}
			record, step, state, err := d.record(at, waiting)
			if err != nil || state == busy {
				return
			}
			if step == 0 || step > waiting || len(record) > int(step) {
				t.Fatalf("record of %d bytes, step %d of %d", len(record), step, waiting)
			}
			at, waiting = at+step, waiting-step
		}
	})
}
