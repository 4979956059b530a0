package profile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

func TestMain(m *testing.M) { fixture.Main(m) }

// Clocks are counted by the kernel itself: they are there where there are no counters of the processor, which none of
// the machines has that these tests run on. What those count is not tested.
var (
	cpuClock  = Event{"cpu_clock", bpf.Counter{Source: unix.PERF_TYPE_SOFTWARE, Config: unix.PERF_COUNT_SW_CPU_CLOCK}}
	taskClock = Event{"task_clock", bpf.Counter{Source: unix.PERF_TYPE_SOFTWARE, Config: unix.PERF_COUNT_SW_TASK_CLOCK}}
	cycles    = Event{"cycles", bpf.Counter{Source: unix.PERF_TYPE_HARDWARE, Config: unix.PERF_COUNT_HW_CPU_CYCLES}}
)

// noSkip is for machines on which all CPUs run.
func noSkip(t *testing.T) func(int, Event) {
	return func(cpu int, e Event) { t.Errorf("CPU %d is left out for %s", cpu, e.Name) }
}

// run runs a program some times on one CPU.
func run(t *testing.T, id uint32, cpu, times int) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var all, one unix.CPUSet
	one.Set(cpu)
	check(t, unix.SchedGetaffinity(0, &all))
	check(t, unix.SchedSetaffinity(0, &one))
	defer unix.SchedSetaffinity(0, &all)
	fd, err := bpf.Open(bpf.Prog, id)
	check(t, err)
	defer fd.Close()
	_, err = bpf.RunProg(fd, &bpf.RunSpec{Data: make([]byte, 64), Repeat: uint32(times)})
	check(t, err)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ours returns the names of what profilers have in the kernel, each as often as it is there.
func ours(t *testing.T) (list []string) {
	t.Helper()
	for _, kind := range []bpf.Kind{bpf.Prog, bpf.Map} {
		for id, err := range bpf.IDs(kind) {
			check(t, err)
			fd, err := bpf.Open(kind, id)
			if err != nil { // it has just gone
				continue
			}
			if name := nameOf(fd, kind); strings.HasPrefix(name, "profile_") {
				list = append(list, name)
			}
			fd.Close()
		}
	}
	return list
}

func nameOf(fd bpf.FD, kind bpf.Kind) string {
	if kind == bpf.Prog {
		info, _ := bpf.ReadProgInfo(fd)
		return info.Name()
	}
	info, _ := bpf.ReadMapInfo(fd)
	return info.Name()
}

// leavesNothing returns a function that checks that what has been done since is undone.
func leavesNothing(t *testing.T) (check func()) {
	t.Helper()
	awaitNothing(t) // of other tests
	open := descriptors(t)
	return func() {
		t.Helper()
		if after := descriptors(t); after != open {
			t.Errorf("%d descriptors were open, then %d", open, after)
		}
		awaitNothing(t)
	}
}

// awaitNothing waits until nothing of profilers is left in the kernel, which takes its time.
func awaitNothing(t *testing.T) {
	t.Helper()
	left := ours(t)
	for range 200 {
		if len(left) == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
		left = ours(t)
	}
	t.Errorf("%q are still there", left)
}

func descriptors(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	check(t, err)
	return len(list)
}

// TestRuns counts each run, on every CPU, of those while it is attached, and leaves nothing behind.
func TestRuns(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Trampoline)
	o := fixture.Prog(t, "xdp.long_name")
	cpus, err := bpf.OnlineCPUs()
	check(t, err)
	for _, events := range [][]Event{{cpuClock}, {taskClock, cpuClock}, {cpuClock, taskClock, cpuClock, taskClock}} {
		undone := leavesNothing(t)
		run(t, o.ID, cpus[0], 17)
		start := time.Now()
		p, err := Attach(t.Context(), bpf.FD(o.FD()), events, noSkip(t))
		check(t, err)
		if names := ours(t); !slices.Equal(names, []string{enterProg, leaveProg, stateMap, eventsMap}) && !slices.Equal(names, []string{enterProg, leaveProg, eventsMap, stateMap}) {
			t.Errorf("%q are there", names)
		}
		want := 0
		for i, cpu := range cpus {
			run(t, o.ID, cpu, 1000+i)
			want += 1000 + i
		}
		totals, err := p.Stop()
		check(t, err)
		passed := uint64(time.Since(start).Nanoseconds())
		run(t, o.ID, cpus[0], 17)
		again, err := p.Stop()
		check(t, err)
		p.Close()
		p.Close()
		if totals.Runs != uint64(want) || again.Runs != uint64(want) || len(totals.Readings) != len(events) {
			t.Errorf("%d events: %+v, then %+v; want %d runs", len(events), totals, again, want)
		}
		for i, r := range totals.Readings {
			if r.Count < uint64(want) || r.Count > passed || r.Enabled < uint64(want) || r.Enabled > passed || r.Running != r.Enabled {
				t.Errorf("event %d of %d: %+v, want nanoseconds of %d runs within %d", i, len(events), r, want, passed)
			}
		}
		undone()
	}
}

// TestLonger compares a program that takes longer with one that does not.
func TestLonger(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Trampoline)
	const runs = 200
	var counts []uint64
	for _, turns := range []int32{1, 60_000} {
		program := busy(t, turns)
		info, err := program.Info()
		check(t, err)
		id, _ := info.ID()
		run(t, uint32(id), 0, 10) // what is emulated takes longer for the first time
		p, err := Attach(t.Context(), bpf.FD(program.FD()), []Event{cpuClock}, noSkip(t))
		check(t, err)
		run(t, uint32(id), 0, runs)
		totals, err := p.Stop()
		p.Close()
		check(t, err)
		if totals.Runs != runs {
			t.Errorf("%d turns: %d runs, want %d", turns, totals.Runs, runs)
		}
		counts = append(counts, totals.Readings[0].Count)
	}
	if counts[1] < 2*counts[0] {
		t.Errorf("%d ns, and with many turns %d ns", counts[0], counts[1])
	}
}

// TestGone lets go of the program while it is looked at: it stays until that is over.
func TestGone(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Trampoline)
	row, _ := fixture.Find(fixture.Progs, "xdp.long_name")
	o := row.For(t)
	id := o.ID
	p, err := Attach(t.Context(), bpf.FD(o.FD()), []Event{cpuClock}, noSkip(t))
	check(t, err)
	defer p.Close()
	check(t, o.Close())
	run(t, id, 0, 5)
	totals, err := p.Stop()
	check(t, err)
	if totals.Runs != 5 {
		t.Errorf("%d runs, want 5", totals.Runs)
	}
	p.Close()
	for range 100 { // what traced it is released a while later
		if _, err = bpf.Open(bpf.Prog, id); err != nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if !errors.Is(err, unix.ENOENT) {
		t.Errorf("program %d: %v", id, err)
	}
}

// TestRefusals is about programs and events that cannot be profiled. Nothing is left of the attempt.
func TestRefusals(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	tests := []struct {
		name    string
		program func() int
		needs   fixture.Requirement
		events  []Event
		want    string // how the error starts
		errno   unix.Errno
	}{
		{name: "no BTF", program: prog(t, "xdp"), want: "prog FD %d doesn't have valid btf"},
		{name: "no functions", program: func() int { return linesOnly(t) }, want: "found 0 func_info for prog FD %d"},
		{name: "no program", program: func() int { return 1 << 20 }, want: "failed to get info for prog FD %d: File descriptor in bad state", errno: unix.EBADFD},
		{
			name: "no such event", program: prog(t, "xdp.long_name"), needs: fixture.Trampoline,
			events: []Event{cpuClock, {"none", bpf.Counter{Source: unix.PERF_TYPE_SOFTWARE, Config: 1 << 40}}},
			want:   "failed to create event none on cpu 0: ",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.needs != "" {
				fixture.Need(t, tt.needs)
			}
			fd := tt.program()
			undone := leavesNothing(t)
			events := tt.events
			if events == nil {
				events = []Event{cpuClock}
			}
			p, err := Attach(t.Context(), bpf.FD(fd), events, noSkip(t))
			want := strings.ReplaceAll(tt.want, "%d", fmt.Sprint(fd))
			if p != nil || err == nil || !strings.HasPrefix(err.Error(), want) || tt.errno != 0 && !errors.Is(err, tt.errno) {
				t.Errorf("error %v, want %s", err, want)
			}
			undone()
		})
	}
}

// TestTracing profiles a program that traces another one, which kernels before Linux 6.8 refuse. No kernel lets
// programs trace one that traces one that traces.
func TestTracing(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Trampoline)
	target := bpf.FD(traced(t))
	for range 3 {
		p, err := Attach(t.Context(), target, []Event{cpuClock}, noSkip(t))
		if err == nil {
			defer p.Close()
			target = p.loaded.Programs[0].FD
			continue
		}
		if want := "failed to load profile_obj: program profile_enter: "; !strings.HasPrefix(err.Error(), want) || !errors.Is(err, unix.EINVAL) {
			t.Errorf("error %v, want %s", err, want)
		}
		return
	}
	t.Error("programs trace programs that trace programs that trace")
}

// prog is a program of the fixture.
func prog(t *testing.T, typ string) func() int {
	return func() int { t.Helper(); return fixture.Prog(t, typ).FD() }
}

// TestNoCounters asks for cycles where nothing counts them.
func TestNoCounters(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Trampoline)
	if fd, err := bpf.OpenCounter(cycles.Counter, 0); err == nil {
		fd.Close()
		t.Skip("this machine counts cycles")
	}
	o := fixture.Prog(t, "xdp.long_name")
	_, err := Attach(t.Context(), bpf.FD(o.FD()), []Event{cycles}, noSkip(t))
	var e *EventError
	if !errors.As(err, &e) || !e.Missing() || !strings.HasPrefix(e.Error(), "failed to create event cycles on cpu 0: ") {
		t.Errorf("error %v", err)
	}
}

// TestCancelled stops before anything is attached.
func TestCancelled(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	o := fixture.Prog(t, "xdp.long_name")
	undone := leavesNothing(t)
	if _, err := Attach(ctx, bpf.FD(o.FD()), []Event{cpuClock}, noSkip(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	undone()
}

// TestOffline takes a CPU away: it is told about, for each event, and the others count.
func TestOffline(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Trampoline)
	const online = "/sys/devices/system/cpu/cpu1/online"
	if os.Getenv("GOBPFTOOL_GUEST") == "" {
		t.Skip("only guests can spare a CPU")
	}
	check(t, os.WriteFile(online, []byte("0"), 0))
	defer os.WriteFile(online, []byte("1"), 0)
	o := fixture.Prog(t, "xdp.long_name")
	var skipped []string
	p, err := Attach(t.Context(), bpf.FD(o.FD()), []Event{cpuClock, taskClock}, func(cpu int, e Event) {
		skipped = append(skipped, fmt.Sprint(cpu, e.Name))
	})
	check(t, err)
	defer p.Close()
	run(t, o.ID, 0, 10)
	totals, err := p.Stop()
	check(t, err)
	if want := []string{"1cpu_clock", "1task_clock"}; !slices.Equal(skipped, want) || totals.Runs != 10 {
		t.Errorf("%q were left out, want %q; %+v", skipped, want, totals)
	}
}
