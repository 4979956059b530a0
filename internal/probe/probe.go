// Package probe finds out what the running kernel can do with BPF, by trying it: it loads
// programs and makes maps, and lets go of them at once.
//
// Nothing is pinned or attached, so that nothing stays, also if the process is killed.
package probe

import (
	"context"
	"runtime"
	"sync/atomic"

	"github.com/gobpftool/gobpftool/internal/names"
)

// An Outcome is how a probe ended.
type Outcome struct {
	Able bool

	// Err is what the kernel said, or nil: there may be an error though it is able, since some
	// things are told by how they are refused. It is [ErrUntold] if there is no way to find out.
	Err error

	// Said is the line of the verifier by which the outcome was decided, or "".
	Said string
}

// A Scope is what is asked about, and how.
type Scope struct {
	Ifindex      uint32 // of the network device that programs and maps are for, or 0 for the kernel
	Noisy        bool   // also what makes the kernel write to its log
	Unprivileged bool   // without any capability
	Brief        bool   // not which helpers and other functions of the kernel programs may call: there are many
}

// Findings are what there is. If there is no bpf(2), there are no helpers, and the rest fails as it does.
type Findings struct {
	Syscall   Outcome
	Progs     []Prog    // in order of the types
	Maps      []Map     // in order of the types
	Abilities []Ability // in order of bpftool
}

// A Prog is a type of programs, and the helpers that these may call, in order of their numbers.
type Prog struct {
	Type names.ProgType
	Outcome
	Helpers []Helper
}

// A Map is a type of maps.
type Map struct {
	Type names.MapType
	Outcome
}

// A Helper is a function of the kernel, for programs of one type.
type Helper struct {
	Number int32
	Name   string
	Outcome
}

// Ask asks the kernel about all that is within s, on all processors at once.
//
// The error is that of the context, or that rights cannot be given up.
func Ask(ctx context.Context, s Scope) (*Findings, error) {
	f := &Findings{Syscall: syscall(), Progs: s.progs(), Maps: s.maps(), Abilities: abilities()}
	if !f.Syscall.Able {
		f.fail(f.Syscall)
		return f, nil
	}
	var jobs []job
	for i := range f.Abilities {
		a := &f.Abilities[i]
		jobs = append(jobs, func([]byte) { a.Outcome = s.ability(a.code) })
	}
	for i := range f.Progs {
		p := &f.Progs[i]
		jobs = append(jobs, func(log []byte) { p.Outcome = s.prog(p.Type, log) })
	}
	for i := range f.Maps {
		m := &f.Maps[i]
		jobs = append(jobs, func([]byte) { m.Outcome = s.mapType(m.Type) })
	}
	if err := s.run(ctx, jobs); err != nil {
		return nil, err
	}
	jobs = nil
	for i := range f.Progs {
		p := &f.Progs[i]
		if s.Brief {
			break
		}
		p.Helpers = s.helpers()
		for j := range p.Helpers {
			h := &p.Helpers[j]
			switch {
			case !p.Able:
				h.Outcome = Outcome{Err: p.Err, Said: p.Said}
			case s.Ifindex == 0 && untold(p.Type):
				h.Err = ErrUntold
			default:
				jobs = append(jobs, func(log []byte) { h.Outcome = s.helper(p.Type, h.Number, log) })
			}
		}
	}
	return f, s.run(ctx, jobs)
}

// fail notes that nothing could be asked.
func (f *Findings) fail(o Outcome) {
	for i := range f.Progs {
		f.Progs[i].Outcome = o
	}
	for i := range f.Maps {
		f.Maps[i].Outcome = o
	}
	for i := range f.Abilities {
		f.Abilities[i].Outcome = o
	}
}

// A job is one probe. log is a place for what the verifier says.
type job func(log []byte)

// logLen is the size of a log in bytes. The programs have few instructions, of which the verifier
// says little.
const logLen = 4096

// run does jobs on as many threads as there are processors for.
func (s Scope) run(ctx context.Context, jobs []job) error {
	var next atomic.Int64
	err := Run(runtime.GOMAXPROCS(0), s.Unprivileged, func() {
		log := make([]byte, logLen)
		for ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= len(jobs) {
				return
			}
			jobs[i](log)
		}
	})
	if err != nil {
		return err
	}
	return ctx.Err()
}

// progs returns the types of programs that are asked about: all that bpftool knows, of which a
// device may run two.
func (s Scope) progs() (list []Prog) {
	for i, word := range names.ProgTypes() {
		if i > 0 && (s.Ifindex == 0 || word == "sched_cls" || word == "xdp") {
			list = append(list, Prog{Type: names.ProgType(i)})
		}
	}
	return list
}

// maps returns the types of maps that are asked about: all, of which a device may have two.
func (s Scope) maps() (list []Map) {
	for i, word := range names.MapTypes() {
		if s.Ifindex == 0 || word == "hash" || word == "array" {
			list = append(list, Map{Type: names.MapType(i + 1)})
		}
	}
	return list
}

// helpers returns the functions that are asked about.
func (s Scope) helpers() (list []Helper) {
	for i, name := range names.Helpers() {
		if i > 0 && (s.Noisy || !IsNoisy(name)) {
			list = append(list, Helper{Number: int32(i), Name: name})
		}
	}
	return list
}

// IsNoisy reports whether the kernel writes to its log, or to the trace, as soon as a program that calls a helper
// is loaded.
func IsNoisy(helper string) bool {
	switch helper {
	case "bpf_trace_printk", "bpf_trace_vprintk", "bpf_probe_write_user":
		return true
	}
	return false
}
