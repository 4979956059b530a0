// Package cmd is the command line of gobpftool: options, command table, exit
// status.
package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

// Exit statuses.
const (
	exitDone   = 0
	exitFailed = 1 // could not be done
	exitUsage  = 2 // could not be understood
	exitNo     = 3 // was answered, and the answer is no
	exitUnsure = 4 // was answered: it cannot be known, or not by this user
)

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Main runs a command line, argv, the name of the program included, and returns
// the exit status.
func Main(ctx context.Context, argv []string, std Streams) int {
	r := &runner{std: std}
	r.objects = table(r)
	opts, words, err := permute(r.objects, argv[1:])
	for i, o := range opts {
		if o.long == "help" { // at once, and only what came before counts
			opts, words, err = opts[:i], []string{call.Help}, nil
			break
		}
		if o.long == "version" {
			words = []string{"version"}
		}
	}
	r.Program = "gobpftool"
	if filepath.Base(argv[0]) == "bpftool" {
		r.Program = "bpftool"
	}
	return r.main(ctx, opts, words, err)
}

// A runner runs the commands of one command line: one, or those of a batch.
type runner struct {
	objects []call.Object
	std     Streams
	out     *render.Printer
	talk    *render.Talk
	call.Options
}

// main sets the options, then runs the words unless they have been found wrong
// already, for the reason given in wrong.
func (r *runner) main(ctx context.Context, opts []given, words []string, wrong error) int {
	app := &cli.App{
		Writer: io.Discard, ErrWriter: io.Discard,
		HideHelp: true, HideVersion: true,
		ExitErrHandler: func(*cli.Context, error) {}, // the status is ours
		Flags:          flags(),
		Action: func(c *cli.Context) error {
			if err := r.configure(c); err != nil {
				return err
			}
			if wrong != nil {
				return wrongOption{wrong}
			}
			return r.run(c.Context, c.Args().Slice())
		},
	}
	argv := []string{"gobpftool"}
	for _, o := range opts {
		arg := "--" + o.name()
		if o.arg != "" {
			arg += "=" + o.value
		}
		argv = append(argv, arg)
	}
	argv = append(append(argv, "--"), words...)
	return r.finish(app.RunContext(ctx, argv))
}

// flags describes the options to urfave/cli.
func flags() []cli.Flag {
	var list []cli.Flag
	for _, o := range options {
		if o.arg == "" {
			list = append(list, &cli.BoolFlag{Name: o.name()})
		} else {
			list = append(list, &cli.StringFlag{Name: o.name()})
		}
	}
	return list
}

// configure takes over the options, and checks those that can be wrong.
func (r *runner) configure(c *cli.Context) error {
	format := render.Plain
	switch {
	case c.Bool("pretty"):
		format = render.Pretty
	case c.Bool("json"):
		format = render.JSON
	}
	r.talk = render.NewTalk(r.std.Err, format != render.Plain)
	r.out = render.New(r.std.Out, r.talk, format)
	r.Pinned = c.Bool("bpffs")
	r.NoMount = c.Bool("nomount")
	r.Debug = c.Bool("debug")
	r.Loader = c.Bool("use-loader")
	if path := c.String("base-btf"); path != "" {
		base, err := btf.Open(path, nil)
		if err != nil {
			return fmt.Errorf("failed to parse base BTF at '%s': %s", path, names.Reason(err))
		}
		r.BaseBTF = base
	}
	key, cert := c.String("k") != "", c.String("i") != ""
	switch sign := c.Bool("sign"); {
	case sign && !(key && cert):
		return args.Errorf("-i <identity_x509_cert> and -k <private_key> must be supplied with -S for signing")
	case !sign && (key || cert):
		return args.Errorf("--sign (or -S) must be explicitly passed with -i <identity_x509_cert> and -k <private_key> to sign the programs")
	}
	return nil
}

// run carries out one command line without options.
func (r *runner) run(ctx context.Context, words []string) error {
	if len(words) == 0 {
		words = []string{call.Help}
	}
	o := findObject(r.objects, words[0])
	switch {
	case o == nil:
		return helpError{nil}
	case o.Name == call.Help:
		r.help(nil)
		return nil
	case o.Verbs == nil:
		return o.Run(ctx, r.call(o.Name, words[1:]))
	}
	v, word, rest := &o.Verbs[0], o.Verbs[0].Name, words[1:]
	if len(rest) > 0 {
		word = rest[0] // as it was typed, for messages
		v, rest = findVerb(o, word), rest[1:]
	}
	if v == nil {
		return helpError{o}
	}
	if v = resolve(o, v); v.Name == call.Help {
		r.help(o)
		return nil
	}
	if v.Run == nil {
		return fmt.Errorf("%s %s is not built yet", o.Name, v.Name)
	}
	err := v.Run(ctx, r.call(word, rest))
	if errors.Is(err, call.ErrHelp) {
		return helpError{o}
	}
	return err
}

func (r *runner) call(verb string, words []string) *call.Call {
	return &call.Call{
		Args:    args.New(verb, words),
		In:      r.std.In,
		Out:     r.out,
		Talk:    r.talk,
		Options: r.Options,
	}
}

// finish reports how the command line ended.
func (r *runner) finish(err error) int {
	status := r.report(err)
	r.talk.Done()
	if err := r.out.Close(); err != nil && (status == exitDone || status == exitNo || status == exitUnsure) {
		r.talk.Text("Error: " + err.Error() + "\n")
		status = exitFailed
	}
	return status
}

// report tells the user about err, unless that is done, and returns the exit
// status.
func (r *runner) report(err error) int {
	var help helpError
	var option wrongOption
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, call.ErrNo):
		return exitNo
	case errors.Is(err, call.ErrUnknown):
		return exitUnsure
	case errors.As(err, &help):
		r.help(help.object)
		return exitUsage
	case !errors.As(err, new(render.Reported)):
		r.out.Fail(err)
	}
	r.talk.Hint(err)
	if errors.As(err, &option) && !r.out.IsJSON() {
		r.help(nil)
	}
	if errors.As(err, new(*args.Error)) {
		return exitUsage
	}
	return exitFailed
}

// helpError is answered by the help for an object, or for the tool if it is
// nil.
type helpError struct{ object *call.Object }

func (helpError) Error() string { return "the command line is not understood" }

// wrongOption is a command line with an option that does not exist.
type wrongOption struct{ error }

func (e wrongOption) Unwrap() error { return e.error }
