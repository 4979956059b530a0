package events

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
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
		err := Pipe(ctx, c)
		stop()
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: error %v, want %q", tt.words, err, tt.want)
		}
	}
	taken(t, perf, false, 0, 1)
}
