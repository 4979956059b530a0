// Trace_open prints which files are opened, and by whom, until it is interrupted.
// It needs root.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

//go:generate go run ../../cmd/gobpftool gen skeleton trace_open.bpfel.o package main out .
//go:generate go run ../../cmd/gobpftool gen skeleton trace_open.bpfeb.o package main out .

func main() {
	pid := flag.Uint("pid", 0, "the process to tell of, or 0 for all")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := trace(ctx, uint32(*pid), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "trace_open:", err)
		os.Exit(1)
	}
}

// trace prints a line about each file that a process opens, or any process if pid is
// 0, until the context ends.
func trace(ctx context.Context, pid uint32, out io.Writer) error {
	s, err := OpenTraceOpen()
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Rodata.OnlyPID.Set(pid); err != nil {
		return err
	}
	if err := s.Load(); err != nil {
		return err
	}
	events, err := TraceOpenRead[TraceOpenEvent](&s.Maps.Events)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { events.Close() })()
	if err := s.Attach(); err != nil {
		return err
	}
	fmt.Fprintf(out, "%-16s %7s %s\n", "COMMAND", "PID", "PATH")
	for e, err := range events.All() {
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%-16s %7d %s\n", e.CommString(), e.PID, e.PathString())
	}
	lost, err := s.Bss.Lost.Get()
	if lost > 0 {
		fmt.Fprintf(out, "%d events lost\n", lost)
	}
	return err
}
