package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
)

// launcherArg is the only argument of a launcher.
const launcherArg = "launch"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options are what the command line and the environment say.
type options struct {
	runs      int
	only      *regexp.Regexp // commands of the rows to measure
	ours      string
	reference string
	holding   string
}

func run(args []string) error {
	if len(args) == 1 && args[0] == launcherArg {
		return launch(os.Stdin, os.Stdout)
	}
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	if os.Geteuid() != 0 {
		return errors.New("loading and listing BPF objects needs root")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return measure(ctx, o)
}

// parse reads the command line.
func parse(args []string) (options, error) {
	var o options
	var only string
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.IntVar(&o.runs, "runs", 21, "how often each tool is run for a row")
	f.StringVar(&only, "only", "", "measure only rows whose command matches this regular `expression`")
	f.StringVar(&o.ours, "gobpftool", "", "`command` to measure (default: built from ./cmd/gobpftool)")
	f.StringVar(&o.reference, "reference", fromEnv("BPFTOOL_REFERENCE", ".lab/reference/bpftool"),
		"`command` of the C tool as distributions ship it, $BPFTOOL_REFERENCE")
	f.StringVar(&o.holding, "holders", fromEnv("BPFTOOL_HOLDERS", ""),
		"`command` of a C tool that can show holders, $BPFTOOL_HOLDERS")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("what is '%s'?", f.Arg(0))
	}
	if o.runs < 1 {
		return o, fmt.Errorf("runs: %d, want at least 1", o.runs)
	}
	var err error
	o.only, err = regexp.Compile(only)
	return o, err
}

// fromEnv returns a variable of the environment, or a default if it is empty.
func fromEnv(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}

// measure takes all rows and prints the report to standard output.
func measure(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "gobpftool-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	t, err := o.tools(ctx, dir)
	if err != nil {
		return err
	}
	p, err := populate(dir)
	if err != nil {
		return fmt.Errorf("population: %w", err)
	}
	defer p.Close()
	if err := addKernels(ctx, dir); err != nil {
		return fmt.Errorf("kernels: %w", err)
	}

	pins, unmount, err := mountPins(dir)
	if err != nil {
		return err
	}
	defer unmount()

	s := &summary{runs: o.runs, kernel: kernel(), notes: t.notes(ctx)}
	if s.descriptors, err = countDescriptors(); err != nil {
		return err
	}
	places := strings.NewReplacer("{dir}", dir, "{large}", fmt.Sprint(p.large), pinsPlace, pins)
	for _, r := range rows() {
		if !o.only.MatchString(r.command) {
			continue
		}
		res, err := compare(ctx, r, t, o.runs, places)
		if ctx.Err() != nil {
			return errors.New("interrupted")
		}
		if err != nil {
			return err
		}
		s.results = append(s.results, res)
	}
	return s.write(os.Stdout)
}

// mountPins mounts a BPF file system in a directory, for what commands pin.
func mountPins(dir string) (pins string, unmount func(), err error) {
	pins = filepath.Join(dir, "pins")
	if err := os.Mkdir(pins, 0o700); err != nil {
		return "", nil, err
	}
	if err := syscall.Mount("bpf", pins, "bpf", 0, ""); err != nil {
		return "", nil, fmt.Errorf("mount of a BPF file system: %w", err)
	}
	return pins, func() { _ = syscall.Unmount(pins, syscall.MNT_DETACH) }, nil
}
