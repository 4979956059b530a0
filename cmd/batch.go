package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

const batchLong = `Runs the commands in a file, or on standard input if FILE is "-": one a line, without the name of the tool. ` +
	`The first one that fails, or whose answer is no, is the last.`

// batch answers "batch file FILE": it runs the commands in a file, or on
// standard input if its name is "-", until one fails.
func (r *runner) batch(ctx context.Context, c *call.Call) error {
	if c.Args.Len() < 2 {
		return args.Errorf("too few parameters for batch")
	}
	if c.Args.Len() > 2 {
		return args.Errorf("too many parameters for batch")
	}
	if !c.Args.Is("file") {
		return args.Errorf("expected 'file', got: %s", c.Args.Peek())
	}
	name, err := c.Args.Next(1)
	if err != nil {
		return err
	}
	in := c.In
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			//lint:ignore ST1005 these are bpftool's words
			return fmt.Errorf("Can't open file (%s): %s", name, names.Reason(err))
		}
		defer f.Close()
		in = f
	}
	n := 0
	err = c.Out.Array(func() error { return r.runLines(ctx, in, &n) })
	if err == nil {
		c.Out.Note("processed %d commands\n", n)
	}
	return err
}

// runLines runs the commands in a file and counts them.
func (r *runner) runLines(ctx context.Context, in io.Reader, n *int) error {
	lines := newLines(in)
	for {
		words, err := lines.next(*n)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return r.out.Fail(err)
		}
		if err := r.runLine(ctx, words); err != nil {
			return err
		}
		*n++
		r.talk.Progress("%d commands", *n)
	}
}

// runLine runs one command. Its errors are reported as part of its output.
func (r *runner) runLine(ctx context.Context, words []string) error {
	command := struct {
		Command []string `json:"command"`
	}{words}
	return r.out.Member(command, "output", func() error {
		err := r.run(ctx, words)
		var help helpError
		switch {
		case err == nil, errors.As(err, new(render.Reported)), errors.Is(err, call.ErrNo), errors.Is(err, call.ErrUnknown):
			return err
		case errors.As(err, &help):
			r.help(help.object)
			return render.Reported{Err: errUsage}
		}
		return r.out.Fail(err)
	})
}

// errUsage stands for a command whose help was the answer.
var errUsage = args.Errorf("the command line is not understood")
