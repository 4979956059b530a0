// Tcp_cc gives the kernel a congestion control for TCP, counted_reno, and prints what
// it does until it is interrupted. It needs root.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

//go:generate go run ../../cmd/gobpftool gen skeleton tcp_cc.bpfel.o package main out .
//go:generate go run ../../cmd/gobpftool gen skeleton tcp_cc.bpfeb.o package main out .

func main() {
	every := flag.Duration("every", time.Second, "how often to print")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *every, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "tcp_cc:", err)
		os.Exit(1)
	}
}

// run registers the congestion control, and prints what it has done every so often,
// until the context ends.
func run(ctx context.Context, every time.Duration, out io.Writer) error {
	s, err := register()
	if err != nil {
		return err
	}
	defer s.Close()
	counted := s.Maps.Counted.Value()
	fmt.Fprintf(out, "%s is there; a connection has it by setsockopt(TCP_CONGESTION), or all new ones by\n"+
		"\tsysctl net.ipv4.tcp_congestion_control=%[1]s\n", counted.NameString())
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-time.After(every):
		}
		connections, err1 := s.Bss.Connections.Get()
		segments, err2 := s.Bss.Segments.Get()
		losses, err3 := s.Bss.Losses.Get()
		if err := errors.Join(err1, err2, err3); err != nil {
			return err
		}
		fmt.Fprintf(out, "%d connections, %d segments acknowledged, %d losses\n", connections, segments, losses)
	}
	return nil
}

// register gives the kernel the congestion control until the skeleton is closed.
func register() (*TCPCc, error) {
	s, err := OpenTCPCc()
	if err != nil {
		return nil, err
	}
	if err := s.Load(); err != nil {
		return nil, err
	}
	if err := s.Attach(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}
