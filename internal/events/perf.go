package events

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/render"
)

// perfRings are rings in the slots of a perf_event_array.
type perfRings struct {
	of    *eventMap
	talk  *render.Talk
	slots []slot
}

// A slot of a perf_event_array has the ring of a CPU.
type slot struct {
	index int
	ring  *bpf.PerfRing
}

// openPerf puts rings into the slots of a perf_event_array: one for each CPU, or
// just the one that was asked for.
func (t *eventMap) openPerf(w pipeWords, talk *render.Talk) (source, error) {
	cpus, index, err := t.places(w, talk)
	if err != nil {
		return nil, err
	}
	if !w.steal {
		if err := t.checkFree(index); err != nil {
			return nil, err
		}
	}
	p := &perfRings{of: t, talk: talk}
	for i, cpu := range cpus {
		if err := p.add(int(cpu), index[i]); err != nil {
			p.close()
			return nil, bufferError(err)
		}
	}
	return p, nil
}

// places returns the CPUs that have a ring, and in which slots.
func (t *eventMap) places(w pipeWords, talk *render.Talk) (cpus, index []uint32, err error) {
	if w.cpu != nil {
		return []uint32{*w.cpu}, []uint32{*w.index}, nil
	}
	online, err := bpf.OnlineCPUs()
	if err != nil {
		return nil, nil, err
	}
	for _, cpu := range online {
		if uint32(cpu) < t.info.MaxEntries {
			cpus = append(cpus, uint32(cpu))
		}
	}
	if n := len(online) - len(cpus); n > 0 {
		talk.Warn("the array has no slots for %d of the CPUs: their events are not seen", n)
	}
	return cpus, cpus, nil
}

// add puts the ring of a CPU into a slot.
func (p *perfRings) add(cpu int, index uint32) error {
	ring, err := bpf.OpenPerfRing(cpu)
	if err != nil {
		return err
	}
	if err := bpf.Update(p.of.fd, word(index), word(uint32(ring.Event())), bpf.Any); err != nil {
		ring.Close()
		return err
	}
	p.slots = append(p.slots, slot{int(index), ring})
	return nil
}

func word(n uint32) []byte { return binary.NativeEndian.AppendUint32(nil, n) }

// bufferError says why there is no ring.
func bufferError(err error) error {
	var e unix.Errno
	errors.As(err, &e)
	return fmt.Errorf("failed to create perf buffer: %w (%d)", bpf.Errno(e), int(e))
}

// preserved is BPF_F_PRESERVE_ELEMS: slots keep what is in them when the descriptor
// is closed through which it was put there.
const preserved = 1 << 11

// close takes the rings out of their slots. The kernel does so itself, and does not
// touch the slots that someone else has set meanwhile, once the map is closed; unless
// the map is made otherwise.
func (p *perfRings) close() {
	for _, s := range p.slots {
		if p.of.info.Flags&preserved != 0 {
			_ = bpf.Delete(p.of.fd, word(uint32(s.index)))
		}
		s.ring.Close()
	}
}

func (p *perfRings) rings() []bpf.FD {
	var list []bpf.FD
	for _, s := range p.slots {
		list = append(list, s.ring.Event())
	}
	return list
}

func (p *perfRings) records() iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		for _, s := range p.slots {
			for r, err := range s.ring.Records() {
				if err != nil {
					err = fmt.Errorf("perf buffer polling failed: %w", err)
				}
				if !yield(describeEvent(s.ring.CPU, s.index, r), err) {
					return
				}
			}
		}
	}
}

// rest yields the notes about lost events that the kernel did not get to write, and
// says how many of them there were on each CPU.
func (p *perfRings) rest() iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		for _, s := range p.slots {
			if r, ok := s.ring.LastNote(); ok && !yield(describeEvent(s.ring.CPU, s.index, r), nil) {
				return
			}
			if n := s.ring.Noted(); n > 0 {
				p.talk.Warn("CPU %d: %d events were lost", s.ring.CPU, n)
			}
		}
	}
}
