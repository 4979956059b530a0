package prog

import (
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/profile"
)

// A metric is what "prog profile" can count.
type metric struct {
	profile.Event
	per *ratio // what it is shown in relation to, or nil
}

// A ratio is a metric's value times something, by that of another metric, which stands before it in the table.
type ratio struct {
	metric string
	times  float64
	label  string
}

// metrics are those of bpftool, in its order.
var metrics = []metric{
	{event("cycles", hardware(unix.PERF_COUNT_HW_CPU_CYCLES)), nil},
	{event("instructions", hardware(unix.PERF_COUNT_HW_INSTRUCTIONS)), &ratio{"cycles", 1, "insns per cycle"}},
	{event("l1d_loads", reads(unix.PERF_COUNT_HW_CACHE_L1D, unix.PERF_COUNT_HW_CACHE_RESULT_ACCESS)), nil},
	{event("llc_misses", misses(unix.PERF_COUNT_HW_CACHE_LL)), perMillion("LLC misses per million insns")},
	{event("itlb_misses", misses(unix.PERF_COUNT_HW_CACHE_ITLB)), perMillion("itlb misses per million insns")},
	{event("dtlb_misses", misses(unix.PERF_COUNT_HW_CACHE_DTLB)), perMillion("dtlb misses per million insns")},
}

func event(name string, c bpf.Counter) profile.Event { return profile.Event{Name: name, Counter: c} }

func hardware(config uint64) bpf.Counter {
	return bpf.Counter{Source: unix.PERF_TYPE_HARDWARE, Config: config}
}

// reads are those of a cache that end in some way.
//
// Source: PERF_TYPE_HW_CACHE of perf_event_open(2).
func reads(cache, result uint64) bpf.Counter {
	return bpf.Counter{Source: unix.PERF_TYPE_HW_CACHE, Config: cache | unix.PERF_COUNT_HW_CACHE_OP_READ<<8 | result<<16}
}

// misses are reads of a cache that does not have what is read.
func misses(cache uint64) bpf.Counter { return reads(cache, unix.PERF_COUNT_HW_CACHE_RESULT_MISS) }

func perMillion(label string) *ratio { return &ratio{"instructions", 1e6, label} }
