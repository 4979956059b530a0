package mapcmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A pipe is "map event_pipe" as it runs.
type pipe struct {
	t    *testing.T
	stop context.CancelFunc
	done chan error

	mu      sync.Mutex
	out     bytes.Buffer
	errs    bytes.Buffer
	arrived sync.Cond
	full    bool // nobody takes what it prints
}

// Write implements [io.Writer] for what it prints.
func (p *pipe) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.full {
		p.arrived.Wait()
	}
	defer p.arrived.Broadcast()
	return p.out.Write(b)
}

// startPipe runs "map event_pipe" on the map of a stream until it is ended.
func startPipe(t *testing.T, s *fixture.Stream, f render.Format, words string) *pipe {
	t.Helper()
	p := &pipe{t: t, done: make(chan error, 1)}
	p.arrived.L = &p.mu
	ctx, stop := context.WithCancel(t.Context())
	p.stop = stop
	talk := render.NewTalk(&p.errs, f != render.Plain)
	c := &call.Call{
		Args: args.New("event_pipe", strings.Fields(fmt.Sprintf("id %d %s", s.Map.ID, words))),
		Out:  render.New(p, talk, f), Talk: talk,
	}
	go func() {
		err := eventPipe(ctx, c)
		c.Out.Close()
		p.done <- err
	}()
	return p
}

// end ends it, and returns what it printed.
func (p *pipe) end() string {
	p.t.Helper()
	p.stop()
	select {
	case err := <-p.done:
		if err != nil {
			p.t.Errorf("%v\n%s", err, p.errs.String())
		}
	case <-time.After(10 * time.Second):
		p.t.Fatal("it does not end")
	}
	return p.out.String()
}

// fill lets it print on, or not.
func (p *pipe) fill(full bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.full = full
	p.arrived.Broadcast()
}

// await waits until it has printed something n times.
func (p *pipe) await(n int, something string) {
	p.t.Helper()
	late := time.AfterFunc(20*time.Second, func() { p.stop(); p.fill(false) })
	defer late.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	for bytes.Count(p.out.Bytes(), []byte(something)) < n {
		select {
		case err := <-p.done:
			p.t.Fatalf("it ended: %v, after %d bytes\n%s", err, p.out.Len(), p.errs.String())
		default:
		}
		p.arrived.Wait()
	}
}

// taken waits until some slots of the array are taken, or are not.
func taken(t *testing.T, s *fixture.Stream, want bool, slots ...uint32) {
	t.Helper()
	n := 0
	if want {
		n = len(slots)
	}
	for range 1000 {
		list, err := bpf.TakenSlots(bpf.FD(s.Map.FD()), slots)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == n {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("slots %v: want taken %v", slots, want)
}

// A shown record is an element of the array in JSON.
type shown struct {
	Type       uint32
	CPU, Index int
	Timestamp  uint64
	Data       []int // bytes would be decoded from text
	Lost       struct{ ID, Count uint64 }
	Formatted  json.RawMessage
}

// number returns the number that the data consist of.
func (e *shown) number() (n uint64) {
	for i, c := range e.Data {
		if i < 8 {
			n |= uint64(c) << (8 * i) // the tests of the kernel run on little-endian machines
		}
	}
	return n
}

func elements(t *testing.T, text string) []shown {
	t.Helper()
	var list []shown
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatalf("%v: %.200s", err, text)
	}
	return list
}

// online returns the CPUs.
func online(t *testing.T) (cpus []int, slots []uint32) {
	t.Helper()
	cpus, err := bpf.OnlineCPUs()
	if err != nil {
		t.Fatal(err)
	}
	for _, cpu := range cpus {
		slots = append(slots, uint32(cpu))
	}
	return cpus, slots
}

// shoot sends a record, again as long as there is no room.
func shoot(t *testing.T, s *fixture.Stream, shot fixture.Shot) {
	t.Helper()
	for range 10000 {
		err := s.Send(shot)
		if err == nil {
			return
		}
		if !errors.Is(err, unix.EAGAIN) {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("there is no room")
}

func needKernel(t *testing.T) {
	t.Helper()
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
}

// TestPerfOrder sends several times what the rings have room for, and gets every
// event once, in order on each CPU.
func TestPerfOrder(t *testing.T) {
	needKernel(t)
	cpus, slots := online(t)
	s := fixture.NewStream(t, ebpf.PerfEventArray, slots[len(slots)-1]+1, 0)
	p := startPipe(t, s, render.JSON, "")
	taken(t, s, true, slots...)
	const each, burst = 6000, 500
	for n := uint64(0); n < each; n++ {
		for _, cpu := range cpus {
			shoot(t, s, fixture.Shot{Number: n, Size: 8 + n%56, CPU: cpu, Slot: fixture.CurrentCPU})
		}
		if n%burst == burst-1 {
			p.await(int(n+1)*len(cpus), `"type":9`) // so that none is lost
		}
	}
	next := make(map[int]uint64)
	last := make(map[int]uint64)
	for _, e := range elements(t, p.end()) {
		n := next[e.CPU]
		if e.Type != bpf.PerfSample || e.Index != e.CPU || e.number() != n || e.Timestamp < last[e.CPU] {
			t.Fatalf("CPU %d, event %d: %+v", e.CPU, n, e)
		}
		if size := int(8 + n%56); len(e.Data) < size || len(e.Data) > size+padding {
			t.Fatalf("CPU %d, event %d: %d bytes", e.CPU, n, len(e.Data))
		}
		next[e.CPU]++
		last[e.CPU] = e.Timestamp
	}
	for _, cpu := range cpus {
		if next[cpu] != each {
			t.Errorf("CPU %d: %d events, want %d", cpu, next[cpu], each)
		}
	}
	taken(t, s, false, slots...)
}

// TestPerfLost sends more than there is room for while nobody reads: what is
// missing is counted.
func TestPerfLost(t *testing.T) {
	needKernel(t)
	for _, f := range []render.Format{render.JSON, render.Plain} {
		s := fixture.NewStream(t, ebpf.PerfEventArray, 1, 0)
		p := startPipe(t, s, f, "cpu 0 index 0")
		taken(t, s, true, 0)
		p.fill(true)
		const sent = 5000
		for n := range uint64(sent) {
			if err := s.Send(fixture.Shot{Number: n, Size: 8}); err != nil && !errors.Is(err, unix.ENOSPC) {
				t.Fatal(err)
			}
		}
		p.stop() // before it can read on: no other record follows the lost ones
		p.fill(false)
		out := p.end()
		if f == render.Plain {
			if !strings.Contains(out, "\nlost ") || !strings.Contains(p.errs.String(), "Stopping...\nCPU 0: ") {
				t.Errorf("it said: %s", p.errs.String())
			}
			continue
		}
		seen, lost := 0, uint64(0)
		for _, e := range elements(t, out) {
			if e.Type == bpf.PerfSample {
				seen++
			}
			lost += e.Lost.Count
		}
		if lost == 0 || seen+int(lost) != sent {
			t.Errorf("%d seen, %d lost, want %d together", seen, lost, sent)
		}
	}
}

// TestPerfSlots has two consumers of an array, and a third one that wants what is
// taken.
func TestPerfSlots(t *testing.T) {
	needKernel(t)
	if n, err := bpf.PossibleCPUs(); err != nil || n < 2 {
		t.Skip("the library makes arrays with as many slots as there can be CPUs")
	}
	s := fixture.NewStream(t, ebpf.PerfEventArray, 2, 0)
	first := startPipe(t, s, render.JSON, "cpu 0 index 0")
	taken(t, s, true, 0)
	second := startPipe(t, s, render.JSON, "cpu 0 index 1")
	taken(t, s, true, 0, 1)
	for n := range uint64(10) {
		shoot(t, s, fixture.Shot{Number: n, Size: 8, Slot: n % 2})
	}
	third := startPipe(t, s, render.JSON, "cpu 0 index 1")
	err := <-third.done
	if err == nil || !strings.Contains(err.Error(), "the array has events of another consumer at index 1") || !strings.Contains(hint(err), "'steal'") {
		t.Errorf("a taken slot: %v", err)
	}
	for i, p := range []*pipe{first, second} {
		list := elements(t, p.end())
		for n, e := range list {
			if e.Index != i || e.number() != uint64(2*n+i) {
				t.Errorf("consumer %d: %+v", i, e)
			}
		}
		if len(list) != 5 {
			t.Errorf("consumer %d: %d events, want 5", i, len(list))
		}
	}
	taken(t, s, false, 0, 1)
}

// TestPerfSteal takes a slot over, whose first owner then leaves it alone.
func TestPerfSteal(t *testing.T) {
	needKernel(t)
	s := fixture.NewStream(t, ebpf.PerfEventArray, 1, 0)
	first := startPipe(t, s, render.JSON, "cpu 0 index 0")
	taken(t, s, true, 0)
	shoot(t, s, fixture.Shot{Number: 1, Size: 8})
	first.await(1, `"type":9`)
	second := startPipe(t, s, render.JSON, "cpu 0 index 0 steal")
	deadline := time.Now().Add(10 * time.Second)
	for n := uint64(2); !strings.Contains(second.text(), `"type":9`); n++ {
		if time.Now().After(deadline) {
			t.Fatal("the slot is not taken over")
		}
		shoot(t, s, fixture.Shot{Number: n, Size: 8})
		time.Sleep(10 * time.Millisecond)
	}
	first.end()
	taken(t, s, true, 0)
	shoot(t, s, fixture.Shot{Number: 1 << 40, Size: 8})
	list := elements(t, second.end())
	if last := list[len(list)-1]; last.number() != 1<<40 {
		t.Errorf("last event %+v", last)
	}
	taken(t, s, false, 0)
}

func (p *pipe) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

// TestPerfPreserved clears the slots of an array that would keep what is in them.
func TestPerfPreserved(t *testing.T) {
	needKernel(t)
	s := fixture.NewStream(t, ebpf.PerfEventArray, 1, preserved)
	p := startPipe(t, s, render.Plain, "cpu 0 index 0")
	taken(t, s, true, 0)
	p.end()
	taken(t, s, false, 0)
}

// TestRingOrder sends many times what the ring buffer has room for, and gets every
// record once, in order.
func TestRingOrder(t *testing.T) {
	needKernel(t)
	cpus, _ := online(t)
	s := fixture.NewStream(t, ebpf.RingBuf, 4096, 0)
	p := startPipe(t, s, render.JSON, "")
	const sent = 8000
	for n := range uint64(sent) {
		cpu := cpus[n%uint64(len(cpus))]
		if n%5 == 0 {
			shoot(t, s, fixture.Shot{Discard: true, CPU: cpu})
		}
		shoot(t, s, fixture.Shot{Number: n, Size: 8 + n%56, CPU: cpu})
	}
	p.await(sent, `"data"`)
	list := elements(t, p.end())
	for n, e := range list {
		if e.number() != uint64(n) || len(e.Data) != 8+n%56 {
			t.Fatalf("record %d: number %d, %d bytes", n, e.number(), len(e.Data))
		}
	}
	if len(list) != sent {
		t.Errorf("%d records, want %d", len(list), sent)
	}
}

// TestRingWaiting shows records that were there before, and how text looks.
func TestRingWaiting(t *testing.T) {
	needKernel(t)
	s := fixture.NewStream(t, ebpf.RingBuf, 4096, 0)
	for n := range uint64(3) {
		shoot(t, s, fixture.Shot{Number: n + 1, Size: 5 * n})
	}
	p := startPipe(t, s, render.Plain, "")
	p.await(3, "=====\n")
	same(t, "text", p.end(), "== record: 1 bytes: 0 =====\n\n== record: 2 bytes: 5 =====\n02 00 00 00 00\n"+
		"== record: 3 bytes: 10 =====\n03 00 00 00 00 00 00 00  03 00\n")
	same(t, "errors", p.errs.String(), "Stopping...\n")
}

// TestPipeTyped shows records by the type of the program.
func TestPipeTyped(t *testing.T) {
	needKernel(t)
	s := fixture.NewStream(t, ebpf.RingBuf, 4096, 0)
	send := func() {
		for _, size := range []uint64{16, 8, 19} {
			shoot(t, s, fixture.Shot{Number: 5 + 6<<32, Size: size})
		}
	}
	send()
	p := startPipe(t, s, render.Plain, "type "+fixture.StreamType)
	p.await(3, "== record")
	const value = `{
    "number": 25769803781,
    "again": [5,6
    ]
}
`
	same(t, "text", p.end(), "== record: 1 bytes: 16 =====\n"+value+
		"== record: 2 bytes: 8 =====\n05 00 00 00 06 00 00 00\n== record: 3 bytes: 19 =====\n"+value+"rest:\n05 00 00\n")
	same(t, "errors", p.errs.String(), "records with less than the 16 bytes of type 'event' are shown as bytes\nStopping...\n")

	send()
	p = startPipe(t, s, render.JSON, "type "+fixture.StreamType)
	p.await(3, `"data"`)
	list := elements(t, p.end())
	const formatted = `{"number":25769803781,"again":[5,6]}`
	if string(list[0].Formatted) != formatted || list[1].Formatted != nil || string(list[2].Formatted) != formatted || len(list[2].Data) != 19 {
		t.Errorf("%+v", list)
	}
}

// TestPipeErrors shows what is refused.
func TestPipeErrors(t *testing.T) {
	needKernel(t)
	ring, perf := fixture.NewStream(t, ebpf.RingBuf, 4096, 0), fixture.NewStream(t, ebpf.PerfEventArray, 2, 0)
	tests := []struct {
		id    uint32
		words string
		want  string
	}{
		{fixture.Map(t, "hash").ID, "x", "map is not a perf event array"},
		{ring.Map.ID, "cpu 0 index 0", "all CPUs share a ring buffer: it has no cpu and index"},
		{ring.Map.ID, "type nosuch", fmt.Sprintf("type 'nosuch': the map has no BTF, and it is not in that of the programs that use it, %d", ring.Prog.ID)},
		{fixture.Map(t, "ringbuf.btf").ID, "type nosuch", "type 'nosuch': not in the BTF of the map, and no program with BTF uses it"},
		{fixture.Map(t, "ringbuf.btf").ID, "type empty", "type 'empty' has no size"},
		{fixture.Map(t, "ringbuf.empty").ID, "type int", "type 'int': the map has no BTF, and no program with BTF uses it"},
		{perf.Map.ID, "cpu 0 index 2", "failed to create perf buffer: Argument list too long (7)"},
		{perf.Map.ID, "cpu 65535 index 0", "failed to create perf buffer: Invalid argument (22)"},
	}
	if r, _ := fixture.Find(fixture.Maps, "user_ringbuf"); r.Type != "" {
		if o, err := r.Make(); err == nil {
			defer o.Close()
			tests = append(tests, struct {
				id    uint32
				words string
				want  string
			}{o.ID, "steal", "a user_ringbuf goes the other way: processes write it, and programs read it"})
		}
	}
	for _, tt := range tests {
		var out, errs bytes.Buffer
		talk := render.NewTalk(&errs, false)
		c := &call.Call{
			Args: args.New("event_pipe", strings.Fields(fmt.Sprintf("id %d %s", tt.id, tt.words))),
			Out:  render.New(&out, talk, render.Plain), Talk: talk,
		}
		ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
		err := eventPipe(ctx, c)
		stop()
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: error %v, want %q", tt.words, err, tt.want)
		}
	}
	taken(t, perf, false, 0, 1)
}
