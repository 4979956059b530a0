package bpf

import (
	"encoding/binary"
	"fmt"
)

// Types of perf records that have a meaning here.
//
// Source: enum perf_event_type, include/uapi/linux/perf_event.h.
const (
	PerfLost   = 2 // PERF_RECORD_LOST
	PerfSample = 9 // PERF_RECORD_SAMPLE
)

// A PerfRecord is what the kernel wrote into a ring of perf events.
type PerfRecord struct {
	Type uint32
	Size uint16 // bytes of the whole record

	Time uint64 // of a sample: nanoseconds of the clock of perf
	Data []byte // of a sample: what the program wrote, and up to 7 bytes that fill it up

	LostID uint64 // of a note about lost samples: the event
	Lost   uint64 // and how many
}

// perfHeaderLen is the size of struct perf_event_header, in bytes.
const perfHeaderLen = 8

// parsePerf reads a whole record with the sample_type that [OpenPerfRing] asks
// for. Its Data is part of b.
func parsePerf(b []byte) (PerfRecord, error) {
	order := binary.NativeEndian
	r := PerfRecord{Type: order.Uint32(b), Size: order.Uint16(b[6:])}
	switch rest := b[perfHeaderLen:]; r.Type {
	case PerfSample: // u64 time; u32 size; char data[size]
		if len(rest) < 12 {
			return r, fmt.Errorf("sample of %d bytes", len(b))
		}
		r.Time = order.Uint64(rest)
		n, data := order.Uint32(rest[8:]), rest[12:]
		if uint64(n) > uint64(len(data)) {
			return r, fmt.Errorf("sample of %d bytes, with %d bytes of data", len(b), n)
		}
		r.Data = data[:n]
	case PerfLost: // u64 id; u64 lost
		if len(rest) < 16 {
			return r, fmt.Errorf("note about lost samples of %d bytes", len(b))
		}
		r.LostID, r.Lost = order.Uint64(rest), order.Uint64(rest[8:])
	}
	return r, nil
}

// perfData is the memory of a ring, whose length is a power of two. Positions in it
// count bytes since the ring was made.
type perfData struct {
	ring    []byte
	scratch []byte // for records that go on at the start of the ring
}

// record returns the record at a position, before which the kernel has written
// all up to head. It is valid until the next call.
func (d *perfData) record(at, head uint64) ([]byte, error) {
	waiting := head - at
	if waiting > uint64(len(d.ring)) || waiting < perfHeaderLen {
		return nil, fmt.Errorf("%d bytes to read in a ring of %d", waiting, len(d.ring))
	}
	n := uint64(binary.NativeEndian.Uint16(d.bytes(at, perfHeaderLen)[6:]))
	if n < perfHeaderLen || n > waiting {
		return nil, fmt.Errorf("record of %d bytes, where there are %d to read", n, waiting)
	}
	return d.bytes(at, n), nil
}

// bytes returns n bytes at a position, no more than there are.
func (d *perfData) bytes(at, n uint64) []byte {
	start := at & uint64(len(d.ring)-1)
	if start+n <= uint64(len(d.ring)) {
		return d.ring[start:][:n]
	}
	d.scratch = append(d.scratch[:0], d.ring[start:]...)
	d.scratch = append(d.scratch, d.ring[:n-uint64(len(d.scratch))]...)
	return d.scratch
}
