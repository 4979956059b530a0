// Xdp_drop drops UDP datagrams to a port as they come in at a network interface, and
// prints how many there were, and from where, when it is interrupted. It needs root.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/signal"
)

//go:generate go run ../../cmd/gobpftool gen skeleton xdp_drop.bpfel.o package main out .
//go:generate go run ../../cmd/gobpftool gen skeleton xdp_drop.bpfeb.o package main out .

func main() {
	name := flag.String("i", "lo", "the network interface")
	port := flag.Uint("port", 9999, "the port")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *name, uint16(*port), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "xdp_drop:", err)
		os.Exit(1)
	}
}

// run drops datagrams until the context ends, and prints what they were.
func run(ctx context.Context, name string, port uint16, out io.Writer) error {
	s, err := drop(name, port)
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Fprintf(out, "UDP datagrams to port %d are dropped at %s\n", port, name)
	<-ctx.Done()
	for sender, t := range s.Maps.Dropped.All() {
		fmt.Fprintf(out, "%s: %d packets, %d bytes\n", netip.AddrFrom4(sender), t.Packets, t.Bytes)
	}
	return s.Maps.Dropped.Err()
}

// drop has datagrams to a port dropped at an interface until the skeleton is closed.
func drop(name string, port uint16) (*XDPDrop, error) {
	iface, err := net.InterfaceByName(name)
	if err != nil {
		return nil, err
	}
	s, err := OpenXDPDrop()
	if err != nil {
		return nil, err
	}
	if err := s.Rodata.Port.Set(port); err != nil {
		return nil, err
	}
	if err := s.Load(); err != nil {
		return nil, err
	}
	if err := s.Progs.DropUDP.Attach(iface.Index, 0); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}
