package events

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
		err := Pipe(ctx, c)
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

// text returns what it has printed so far.
func (p *pipe) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

func TestMain(m *testing.M) { fixture.Main(m) }
