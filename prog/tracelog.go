package prog

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/signal"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/render"
)

// tracelog answers "prog tracelog [{ stdout | stderr } PROG]".
func tracelog(ctx context.Context, c *call.Call) error {
	switch {
	case c.Args.Len() == 0:
		return c.Out.Array(func() error { return followTrace(ctx, c) })
	case c.Args.Is("stdout"):
		return stream(c, bpf.Stdout)
	case c.Args.Is("stderr"):
		return stream(c, bpf.Stderr)
	}
	return call.ErrHelp
}

// followTrace prints the kernel's trace as it comes, until a signal asks to stop.
func followTrace(ctx context.Context, c *call.Call) error {
	ctx, stop := signal.NotifyContext(ctx, unix.SIGINT, unix.SIGHUP, unix.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal does not wait for anything
	pipe, err := openTrace(c)
	if err != nil {
		return c.Out.Fail(err)
	}
	defer pipe.Close()
	waiter, err := bpf.NewWaiter([]bpf.FD{pipe})
	if err != nil {
		return c.Out.Fail(err)
	}
	defer waiter.Close()
	l := &liner{out: c.Out}
	if err := l.follow(ctx, pipe, waiter); err != nil {
		return err
	}
	return l.end()
}

// openTrace opens the pipe through which the trace comes, for reads that do not wait.
func openTrace(c *call.Call) (bpf.FD, error) {
	undo := func() {}
	dir, ok := bpffs.Tracefs()
	if !ok {
		if c.NoMount {
			return 0, errors.New("no tracefs found, not mounting it due to --nomount option")
		}
		c.Talk.Warn("could not find tracefs, attempting to mount it now")
		var err error
		if dir, undo, err = bpffs.MountTracefs(); err != nil {
			return 0, err
		}
	}
	fd, err := unix.Open(filepath.Join(dir, "trace_pipe"), unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		undo()
		return 0, fmt.Errorf("could not open trace pipe: %s", names.Reason(err))
	}
	return bpf.FD(fd), nil
}

// Text is read in pieces of this many bytes.
const textLen = 1 << 16

// pause is how long to wait for lines before looking whether there are some.
const pause = 200 * time.Millisecond

// A liner prints text line by line.
type liner struct {
	out     *render.Printer
	pending []byte // the beginning of a line
}

// follow prints what comes out of a pipe, each time as soon as it is there.
func (l *liner) follow(ctx context.Context, pipe bpf.FD, waiter *bpf.Waiter) error {
	b := make([]byte, textLen)
	for ctx.Err() == nil {
		n, err := unix.Read(int(pipe), b)
		if n > 0 {
			if err := l.add(b[:n]); err != nil {
				return err
			}
			continue // there may be more already
		}
		if err != nil && !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.EINTR) {
			return l.out.Fail(fmt.Errorf("failed to read content from trace pipe: %s", names.Reason(err)))
		}
		if err := waiter.Wait(ctx, pause); err != nil {
			return l.out.Fail(err)
		}
	}
	return nil
}

// add prints the lines that are complete with more text, and sends them off.
func (l *liner) add(text []byte) error {
	l.pending = append(l.pending, text...)
	for {
		n := bytes.IndexByte(l.pending, '\n') + 1
		if n == 0 {
			return l.out.Flush()
		}
		if err := l.out.One(textLine(l.pending[:n])); err != nil {
			return err
		}
		l.pending = l.pending[n:]
	}
}

// end prints what is left, a line without its end.
func (l *liner) end() error {
	if len(l.pending) == 0 {
		return nil
	}
	return l.out.One(textLine(l.pending))
}

// A textLine is text, as a rule with the byte that ends it.
type textLine []byte

// Plain implements [render.Fact].
func (l textLine) Plain(w *bufio.Writer) { w.Write(l) }

// AppendJSON implements [render.Appender].
func (l textLine) AppendJSON(b []byte) []byte { return render.AppendString(b, string(l)) }

// stream prints what is in a stream of a program, and takes it out.
func stream(c *call.Call, s bpf.Stream) error {
	if err := c.Args.Need(2); err != nil {
		return err
	}
	fd, err := pick.Prog(c.Args)
	if err != nil {
		return err
	}
	defer fd.Close()
	if s == bpf.Stderr && !c.Out.IsJSON() {
		return readStream(fd, s, func(text []byte) error { c.Talk.Text(string(text)); return nil })
	}
	l := &liner{out: c.Out}
	return c.Out.Array(func() error {
		if err := readStream(fd, s, l.add); err != nil {
			return c.Out.Fail(err)
		}
		return l.end()
	})
}

// readStream calls add with what is in a stream, piece by piece, until it is empty.
func readStream(fd bpf.FD, s bpf.Stream, add func(text []byte) error) error {
	b := make([]byte, textLen)
	for {
		n, err := bpf.ReadStream(fd, s, b)
		if errors.Is(err, unix.EINVAL) {
			return fmt.Errorf("reading the stream: %w -- kernel too old?", err)
		}
		if err != nil {
			return fmt.Errorf("reading the stream: %w", err)
		}
		if n == 0 {
			return nil
		}
		if err := add(b[:n]); err != nil {
			return err
		}
	}
}
