package prog

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/render"
)

// run answers "prog run PROG ...".
func run(ctx context.Context, c *call.Call) error {
	if err := c.Args.Need(4); err != nil {
		return err
	}
	fd, err := pick.Prog(c.Args)
	if err != nil {
		return err
	}
	defer fd.Close()
	w, err := readRunWords(c.Args)
	if err != nil {
		return err
	}
	info, _, err := pick.ProgInfo(fd)
	if err != nil {
		return err
	}
	spec, err := w.spec(c.In, names.ProgType(info.Type).String() == "syscall")
	if err != nil {
		return err
	}
	var r bpf.RunResult
	var failed error
	if err := patiently(ctx, c.Talk, func() { r, failed = bpf.RunProg(fd, spec) }); err != nil {
		return err
	}
	if failed != nil {
		return runFailure(spec, r, failed)
	}
	return w.show(c.Out, spec, r)
}

// spec reads what the program is to be run on. inPlace says that its context is changed where it is.
func (w *runWords) spec(stdin io.Reader, inPlace bool) (*bpf.RunSpec, error) {
	s := &bpf.RunSpec{Repeat: w.repeat}
	var err error
	if s.Data, err = w.data.read(stdin); err != nil {
		return nil, err
	}
	if s.Context, err = w.context.read(stdin); err != nil {
		return nil, err
	}
	s.DataOut = w.data.room(s.Data)
	if !inPlace {
		s.ContextOut = w.context.room(s.Context)
	}
	return s, nil
}

// tick is how often progress is shown.
const tick = 200 * time.Millisecond

// patiently calls run while it shows for how long that goes on, for the kernel does not tell how
// far it has come. A signal ends the wait, and with it the process, and thereby the program.
func patiently(ctx context.Context, talk *render.Talk, run func()) error {
	ctx, stop := signal.NotifyContext(ctx, unix.SIGINT, unix.SIGHUP, unix.SIGTERM)
	defer stop()
	done := make(chan struct{})
	go func() {
		run()
		close(done)
	}()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for start := time.Now(); ; {
		select {
		case <-done:
			return nil
		case <-ctx.Done():
			return errors.New("interrupted")
		case <-ticker.C:
			talk.Progress("running for %d seconds", int(time.Since(start).Seconds()))
		}
	}
}

// runFailure says why a program could not be run, and if there was not enough room for what came
// out, how to make some.
func runFailure(s *bpf.RunSpec, r bpf.RunResult, err error) error {
	failed := fmt.Errorf("failed to run program: %w", err)
	if !errors.Is(err, unix.ENOSPC) {
		return failed
	}
	for _, out := range []struct {
		room []byte
		size uint32
		word string
	}{{s.DataOut, r.DataSize, "data_size_out"}, {s.ContextOut, r.ContextSize, "ctx_size_out"}} {
		if room := len(out.room); room > 0 && int(out.size) > room {
			return render.Hinted{Err: failed, Hint: fmt.Sprintf("%d bytes came out, and there is room for %d: the word %s makes more", out.size, room, out.word)}
		}
	}
	return failed
}

// show puts what came out where it is wanted, and then prints the rest.
//
// What cannot be written to a file is an error, but the rest is shown all the same.
func (w *runWords) show(out *render.Printer, s *bpf.RunSpec, r bpf.RunResult) error {
	context := part(s.ContextOut, r.ContextSize)
	if s.ContextOut == nil {
		context = s.Context // which may have been changed
	}
	o := &Outcome{Return: r.Return, Duration: r.Duration, average: s.Repeat > 1}
	var dataErr, contextErr error
	o.DataOut, dataErr = w.data.write(part(s.DataOut, r.DataSize))
	o.ContextOut, contextErr = w.context.write(context)
	if err := out.One(o); err != nil {
		return err
	}
	if dataErr != nil && contextErr != nil {
		out.Fail(dataErr)
		return contextErr
	}
	return cmp.Or(dataErr, contextErr)
}

// part returns the beginning of what there was room for.
func part(room []byte, size uint32) []byte { return room[:min(int(size), len(room))] }

// Outcome is what "prog run" reports about a run.
//
// Field order is the order of keys in bpftool's JSON.
type Outcome struct {
	DataOut    octets `json:"data_out,omitempty"` // if it is to be shown
	ContextOut octets `json:"ctx_out,omitempty"`
	Return     uint32 `json:"retval"`
	Duration   uint32 `json:"duration"` // nanoseconds

	average bool // the duration is that of several runs
}

// Plain implements [render.Fact].
func (o *Outcome) Plain(w *bufio.Writer) {
	o.DataOut.plain(w)
	o.ContextOut.plain(w)
	fmt.Fprintf(w, "Return value: %d, duration", o.Return)
	if o.average {
		w.WriteString(" (average)")
	}
	fmt.Fprintf(w, ": %dns\n", o.Duration)
}

// octets are bytes that are numbers in JSON, and rows as of hexdump(1) in text.
type octets []byte

// MarshalJSON implements [json.Marshaler].
func (o octets) MarshalJSON() ([]byte, error) { return render.AppendNumbers(nil, o), nil }

// rowLen is how many bytes a row shows.
const rowLen = 16

// plain writes rows: the offset, bytes in pairs, and characters, those that are none as dots.
func (o octets) plain(w *bufio.Writer) {
	for at := 0; at < len(o); at += rowLen {
		row := o[at:min(at+rowLen, len(o))]
		fmt.Fprintf(w, "%07x\t", at)
		for i := range rowLen {
			if i < len(row) {
				fmt.Fprintf(w, "%02x", row[i])
			} else {
				w.WriteString("  ")
			}
			if i%2 == 1 {
				w.WriteByte(' ')
			}
		}
		w.WriteString("| ")
		for i, c := range row {
			if c < ' ' || c > '~' {
				c = '.'
			}
			w.WriteByte(c)
			if i == rowLen/2-1 {
				w.WriteByte(' ')
			}
		}
		w.WriteByte('\n')
	}
}
