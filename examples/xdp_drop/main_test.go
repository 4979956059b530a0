package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"net"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

func TestMain(m *testing.M) { fixture.Main(m) }

// Who sends, and who receives.
var sender, receiver = [4]byte{192, 0, 2, 1}, [4]byte{192, 0, 2, 2}

// patience is how long is waited for what should come.
const patience = 10 * time.Second

// TestDrop sends datagrams over a pair of devices to two ports, of which one is dropped.
func TestDrop(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation, fixture.Veth)
	from, to := fixture.Pair(t, "veth")
	setAddress(t, to.Name, receiver)
	dropped, passed := listen(t, receiver, 9999), listen(t, receiver, 9998)

	// It takes a while until devices send.
	for end := time.Now().Add(patience); !arrives(t, dropped, 50*time.Millisecond); send(t, from, to, 9999) {
		if time.Now().After(end) {
			t.Fatal("nothing arrives at port 9999, though it is not dropped")
		}
	}
	for arrives(t, dropped, 100*time.Millisecond) {
	}
	s, err := drop(to.Name, 9999)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	send(t, from, to, 9999)
	send(t, from, to, 9999)
	send(t, from, to, 9998)
	if !arrives(t, passed, patience) {
		t.Error("nothing arrives at port 9998")
	}
	if arrives(t, dropped, 100*time.Millisecond) {
		t.Error("a datagram arrives at port 9999")
	}
	got, err := s.Maps.Dropped.Lookup(sender)
	if want := (XDPDropTraffic{Packets: 2, Bytes: 2 * uint64(len(frame(from, to, 9999)))}); err != nil || got != want {
		t.Errorf("dropped of %v: %+v, %v; want %+v", sender, got, err, want)
	}
}

// TestRun reads what is printed about datagrams from here to here.
func TestRun(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := run(ctx, "lo", 9997, w)
		w.Close()
		done <- err
	}()
	here := [4]byte{127, 0, 0, 1}
	dropped, passed := listen(t, here, 9997), listen(t, here, 9998)
	var got []string
	for lines := bufio.NewScanner(r); lines.Scan(); {
		if got = append(got, lines.Text()); len(got) > 1 {
			continue
		}
		for _, to := range []net.PacketConn{dropped, passed} {
			if _, err := dropped.WriteTo([]byte("work"), to.LocalAddr()); err != nil {
				t.Fatal(err)
			}
		}
		arrives(t, passed, patience)
		stop()
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	want := []string{"UDP datagrams to port 9997 are dropped at lo", "127.0.0.1: 1 packets, 46 bytes"}
	if !slices.Equal(got, want) {
		t.Errorf("printed %q, want %q", got, want)
	}
}

// setAddress gives a device an address.
func setAddress(t *testing.T, name string, address [4]byte) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	ifreq, err := unix.NewIfreq(name)
	if err == nil {
		err = ifreq.SetInet4Addr(address[:])
	}
	if err == nil {
		err = unix.IoctlIfreq(fd, unix.SIOCSIFADDR, ifreq)
	}
	if err != nil {
		t.Fatalf("address of %s: %v", name, err)
	}
}

func listen(t *testing.T, address [4]byte, port int) net.PacketConn {
	t.Helper()
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: address[:], Port: port})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// arrives reports whether a datagram arrives in time.
func arrives(t *testing.T, at net.PacketConn, within time.Duration) bool {
	t.Helper()
	if err := at.SetReadDeadline(time.Now().Add(within)); err != nil {
		t.Fatal(err)
	}
	_, _, err := at.ReadFrom(make([]byte, 100))
	return err == nil
}

// send sends a datagram from one device to another as if it came from elsewhere: the kernel
// would keep to itself what is for another device of its own.
func send(t *testing.T, from, to *net.Interface, port uint16) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := unix.Sendto(fd, frame(from, to, port), 0, &unix.SockaddrLinklayer{Ifindex: from.Index}); err != nil {
		t.Fatal(err)
	}
}

// frame returns a datagram with its headers.
func frame(from, to *net.Interface, port uint16) []byte {
	const text = "work"
	ip := []byte{0x45, 0, 0, 28 + byte(len(text)), 0, 1, 0, 0, 64, unix.IPPROTO_UDP, 0, 0}
	ip = slices.Concat(ip, sender[:], receiver[:])
	var sum uint32
	for i := 0; i < len(ip); i += 2 {
		sum += uint32(binary.BigEndian.Uint16(ip[i:]))
	}
	binary.BigEndian.PutUint16(ip[10:], ^uint16(sum+sum>>16))
	udp := binary.BigEndian.AppendUint16([]byte{0x10, 0}, port)
	udp = append(udp, 0, 8+byte(len(text)), 0, 0) // without a checksum
	return slices.Concat(to.HardwareAddr, from.HardwareAddr, []byte{8, 0}, ip, udp, []byte(text))
}
