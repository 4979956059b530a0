package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

func TestMain(m *testing.M) { fixture.Main(m) }

// TestRegister sends bytes over a connection that has the congestion control.
func TestRegister(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	fixture.Link(t, "struct_ops")
	if err := talk(t); !errors.Is(err, unix.ENOENT) {
		t.Fatalf("before it is there: %v, want %v", err, unix.ENOENT)
	}
	s, err := register()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if n, err := s.Bss.Connections.Get(); n != 0 || err != nil {
		t.Errorf("%d connections, %v; want none yet", n, err)
	}
	if err := talk(t); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Bss.Connections.Get(); n != 1 || err != nil {
		t.Errorf("%d connections, %v; want 1", n, err)
	}
	if n, err := s.Bss.Segments.Get(); n == 0 || err != nil {
		t.Errorf("%d segments, %v; want some", n, err)
	}
	s.Close()
	if err := talk(t); !errors.Is(err, unix.ENOENT) {
		t.Errorf("once it is gone: %v, want %v", err, unix.ENOENT)
	}
}

// TestRun reads what is printed about a connection.
func TestRun(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	fixture.Link(t, "struct_ops")
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := run(ctx, time.Millisecond, w)
		w.Close()
		done <- err
	}()
	var got []string
	for lines := bufio.NewScanner(r); lines.Scan(); {
		got = append(got, lines.Text())
		switch {
		case len(got) == 1:
			if err := talk(t); err != nil {
				t.Error(err)
			}
		case strings.HasPrefix(got[len(got)-1], "1 connections, "):
			stop()
		}
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(got, func(line string) bool { return strings.HasPrefix(line, "1 connections, ") }) {
		t.Errorf("printed %q", got)
	}
}

// talk makes a connection with the congestion control to this process, and sends
// bytes until the other end has read them all.
func talk(t *testing.T) error {
	t.Helper()
	// Connections with several paths know less of BPF.
	var listening net.ListenConfig
	listening.SetMultipathTCP(false)
	l, err := listening.Listen(t.Context(), "tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dialer := net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
		var refused error
		err := c.Control(func(fd uintptr) {
			refused = unix.SetsockoptString(int(fd), unix.IPPROTO_TCP, unix.TCP_CONGESTION, "counted_reno")
		})
		return errors.Join(err, refused)
	}}
	dialer.SetMultipathTCP(false)
	c, err := dialer.Dial("tcp4", l.Addr().String())
	if err != nil {
		return err
	}
	defer c.Close()
	other, err := l.Accept()
	if err != nil {
		return err
	}
	defer other.Close()
	go func() { _, _ = c.Write(make([]byte, 1<<20)) }()
	_, err = io.ReadFull(other, make([]byte, 1<<20))
	return err
}
