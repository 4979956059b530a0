// Package events reads what programs put out through perf event arrays and ring
// buffers, as it comes.
package events

import (
	"context"
	"fmt"
	"iter"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/render"
)

// Pipe answers "map event_pipe MAP [cpu N index M] [type NAME] [steal]".
func Pipe(ctx context.Context, c *call.Call) error {
	fd, err := pick.Map(c.Args, bpf.ReadWrite)
	if err != nil {
		return err
	}
	defer fd.Close()
	info, err := pick.MapInfo(fd)
	if err != nil {
		return err
	}
	t := &eventMap{fd: fd, info: info}
	open, err := t.opener()
	if err != nil {
		return err
	}
	w, err := readPipeWords(c.Args)
	if err != nil {
		return err
	}
	s := &sink{out: c.Out, talk: c.Talk, name: w.typ}
	if w.typ != "" {
		if s.typ, err = t.typeNamed(w.typ); err != nil {
			return err
		}
	}
	src, err := open(w, c.Talk)
	if err != nil {
		return err
	}
	defer src.close()
	return c.Out.Array(func() error { return follow(ctx, src, s) })
}

// An eventMap is a map through which events come.
type eventMap struct {
	fd   bpf.FD
	info bpf.MapInfo
}

// An opener opens what records of a map are read from.
type opener func(pipeWords, *render.Talk) (source, error)

// opener returns what opens maps of the type.
func (t *eventMap) opener() (opener, error) {
	switch names.MapType(t.info.Type).String() {
	case "perf_event_array":
		return t.openPerf, nil
	case "ringbuf":
		return t.openRing, nil
	case "user_ringbuf":
		return nil, fmt.Errorf("a user_ringbuf goes the other way: processes write it, and programs read it")
	}
	return nil, fmt.Errorf("map is not a perf event array")
}

// pipeWords are what the words behind the map say.
type pipeWords struct {
	cpu, index *uint32
	typ        string // empty if records are shown as bytes
	steal      bool   // though others read as well
}

// readPipeWords reads the words behind the map.
func readPipeWords(a *args.Args) (w pipeWords, err error) {
	for a.Len() > 0 && err == nil {
		switch alone := a.Len() == 1; {
		case !alone && a.Is("cpu"):
			w.cpu, err = optional(a, "CPU ID")
		case !alone && a.Is("index"):
			w.index, err = optional(a, "index")
		case !alone && a.Is("type"):
			w.typ, err = a.Next(1)
		case a.Peek() != "" && a.Is("steal"):
			w.steal = true
		default:
			return w, a.Done()
		}
	}
	if err == nil && (w.cpu == nil) != (w.index == nil) {
		err = args.Errorf("cpu and index must be specified together")
	}
	return w, err
}

// optional reads a number that may be missing.
func optional(a *args.Args, what string) (*uint32, error) {
	n, err := a.Uint32(what)
	return &n, err
}

// A source is the rings that records are read from.
type source interface {
	rings() []bpf.FD // that can be waited for
	// records yields what there is to read when it begins, which thereby is taken
	// out. The records are valid for the moment only.
	records() iter.Seq2[record, error]
	// rest yields what can be told when all has been read.
	rest() iter.Seq2[record, error]
	close()
}

// pause is how long to wait for records of programs that wake nobody.
const pause = 200 * time.Millisecond

// follow prints records as they come, until a signal asks to stop. Then what has
// come is printed yet.
func follow(ctx context.Context, src source, s *sink) error {
	waiter, err := bpf.NewWaiter(src.rings())
	if err != nil {
		return s.out.Fail(err)
	}
	defer waiter.Close()
	ctx, stop := signal.NotifyContext(ctx, unix.SIGINT, unix.SIGHUP, unix.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal does not wait for anything
	for ctx.Err() == nil {
		n, err := s.printAll(src.records())
		if err != nil {
			return err
		}
		if n > 0 {
			continue // there may be more already
		}
		if err := waiter.Wait(ctx, pause); err != nil {
			return s.out.Fail(fmt.Errorf("polling failed: %w", err))
		}
	}
	s.talk.Warn("Stopping...")
	if _, err := s.printAll(src.records()); err != nil {
		return err
	}
	_, err = s.printAll(src.rest())
	return err
}
