// Package profile counts what happens while a program of the kernel runs: cycles, misses of caches, and whatever else
// perf_event_open(2) knows.
//
// It attaches two programs of its own, object/profile.bpf.c, to the main function of that program, of which
// one reads the counters of the CPU before it runs, and the other after that.
package profile

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/load"
)

// MaxEvents is how many events can be counted at a time. The object knows it, too.
const MaxEvents = 4

// An Event is something that happens and can be counted.
type Event struct {
	Name    string
	Counter bpf.Counter
}

// A Profiler is attached to a program. Nothing is left of it once it is closed.
type Profiler struct {
	loaded *load.Collection
	events []Event
	cpus   int      // how many there may be
	counts []bpf.FD // of events, one for each of them on each CPU that runs
	links  []bpf.FD
}

// Attach counts events, at most [MaxEvents] of them, while a program runs, which stays the caller's. skip is told which
// CPUs do not run, for each event.
func Attach(ctx context.Context, program bpf.FD, events []Event, skip func(cpu int, e Event)) (*Profiler, error) {
	p := &Profiler{events: events}
	if err := p.attach(ctx, program, skip); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func (p *Profiler) attach(ctx context.Context, program bpf.FD, skip func(cpu int, e Event)) (err error) {
	target, err := mainFunc(program)
	if err != nil {
		return err
	}
	if p.cpus, err = bpf.PossibleCPUs(); err != nil {
		return err
	}
	if err := p.load(ctx, target); err != nil {
		return fmt.Errorf("failed to load profile_obj: %w", err)
	}
	if err := p.count(skip); err != nil {
		return err
	}
	if err := p.link(); err != nil {
		return fmt.Errorf("failed to attach profile_obj: %w", err)
	}
	return nil
}

// mainFunc returns the function with which a program starts.
func mainFunc(program bpf.FD) (load.Target, error) {
	t := load.Target{Program: program}
	info, err := bpf.ReadProgInfo(program)
	if err != nil {
		return t, fmt.Errorf("failed to get info for prog FD %d: %w", program, err)
	}
	if info.BTFID == 0 {
		return t, fmt.Errorf("prog FD %d doesn't have valid btf", program)
	}
	t.Func, err = bpf.ReadMainFunc(program, &info)
	if err != nil {
		return t, fmt.Errorf("failed to get func_info for prog FD %d: %w", program, err)
	}
	if t.Func == 0 {
		return t, fmt.Errorf("found 0 func_info for prog FD %d", program)
	}
	return t, nil
}

// count starts to count all events on all CPUs.
func (p *Profiler) count(skip func(cpu int, e Event)) error {
	m, _ := p.loaded.MapFD(eventsMap) // which the object has
	for i, e := range p.events {
		for cpu := range p.cpus {
			if err := p.countOn(m, cpu, i, skip); err != nil {
				return &EventError{e, cpu, err}
			}
		}
	}
	return nil
}

// countOn starts to count an event, given by its number, on a CPU, if that runs.
func (p *Profiler) countOn(m bpf.FD, cpu, event int, skip func(cpu int, e Event)) error {
	e := p.events[event]
	fd, err := bpf.OpenCounter(e.Counter, cpu)
	if isOffline(err) {
		skip(cpu, e)
		return nil
	}
	if err != nil {
		return err
	}
	p.counts = append(p.counts, fd)
	return bpf.Update(m, word(cpu*MaxEvents+event), word(int(fd)), bpf.Any)
}

func word(n int) []byte { return binary.NativeEndian.AppendUint32(nil, uint32(n)) }

// link attaches the programs, the one that runs first last: a run on which it looks is one that the other one sees the end of.
func (p *Profiler) link() error {
	for _, name := range []string{leaveProg, enterProg} {
		for _, program := range p.loaded.Programs {
			if program.Name != name {
				continue
			}
			fd, err := bpf.OpenRawTracepoint(program.FD, "") // all kernels with such programs know it
			if err != nil {
				return fmt.Errorf("program %s: %w", name, err)
			}
			p.links = append(p.links, fd)
		}
	}
	return nil
}

// Stop detaches from the program, and returns what was counted.
func (p *Profiler) Stop() (*Totals, error) {
	closeAll(&p.links)
	m, _ := p.loaded.MapFD(stateMap)
	states := make([]byte, p.cpus*stateLen)
	if err := bpf.Lookup(m, word(0), states); err != nil {
		return nil, fmt.Errorf("failed to read reading_map: %w", err)
	}
	return total(states, len(p.events)), nil
}

// Close detaches from the program, and takes everything out of the kernel.
func (p *Profiler) Close() {
	closeAll(&p.links)
	closeAll(&p.counts)
	if p.loaded != nil {
		p.loaded.Close()
		p.loaded = nil
	}
}

func closeAll(list *[]bpf.FD) {
	for _, fd := range *list {
		fd.Close()
	}
	*list = nil
}
