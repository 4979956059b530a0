package cmd_test

import (
	"encoding/binary"
	"net"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// A frame with an IPv4 datagram, addressed to all.
var frame = append([]byte{255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 8, 0}, datagram4...)

var datagram4 = []byte{
	0x45, 0, 0, 32, 0, 1, 0, 0, 64, 17, 0x7a, 0xca, 127, 0, 0, 1, 127, 0, 0, 1, // from and to 127.0.0.1
	0x10, 0, 0x10, 1, 0, 12, 0, 0, 'w', 'o', 'r', 'k',
}

// framed sends a frame by one of two devices, and looks for it at the other. out says that it is the
// first that sends.
func framed(kind string, out bool) func(w *worker) string {
	return func(w *worker) string {
		joined(kind)(w)
		from, to := w.other, w.one
		if out {
			from, to = w.one, w.other
		}
		receiver := w.tap(to.Index)
		defer unix.Close(receiver)
		if err := w.sendFrame(from.Index); err != nil {
			return became(err, "")
		}
		for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
			b := make([]byte, 100)
			n, _, err := unix.Recvfrom(receiver, b, unix.MSG_DONTWAIT)
			if err == nil && strings.Contains(string(b[:n]), "work") {
				return arrives
			}
		}
		return nothing
	}
}

// tap opens a socket that sees what comes in at a device.
func (w *worker) tap(index int) int {
	w.t.Helper()
	all := binary.BigEndian.Uint16(binary.NativeEndian.AppendUint16(nil, unix.ETH_P_ALL))
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, int(all))
	check(w.t, err)
	check(w.t, unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: all, Ifindex: index}))
	return fd
}

// sendFrame sends the frame by a device; one that has no addresses of its own takes the datagram alone.
func (w *worker) sendFrame(index int) error {
	w.t.Helper()
	dev, err := net.InterfaceByIndex(index)
	check(w.t, err)
	content := frame
	if len(dev.HardwareAddr) == 0 {
		content = datagram4
	}
	return w.send(index, unix.ETH_P_IP, content)
}

// send sends a packet of a protocol by a device.
func (w *worker) send(index int, protocol uint16, packet []byte) error {
	w.t.Helper()
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	check(w.t, err)
	defer unix.Close(fd)
	protocol = binary.BigEndian.Uint16(binary.NativeEndian.AppendUint16(nil, protocol))
	return unix.Sendto(fd, packet, 0, &unix.SockaddrLinklayer{Protocol: protocol, Ifindex: index})
}

// dissected sends a frame of which the kernel wants to know what it is.
func dissected(w *worker) string { return became(w.sendFrame(joined("veth")(w)), done) }

// viaRoute sends a datagram to [fixture.LWTRoute].
func viaRoute(w *worker) string {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	check(w.t, err)
	defer unix.Close(fd)
	return became(unix.Sendto(fd, []byte("work"), 0, &unix.SockaddrInet4{Port: 9, Addr: [4]byte{192, 0, 2, 0}}), done)
}

// viaSegments sends a packet to [fixture.Seg6Route], from where it is to go on.
func viaSegments(w *worker) string {
	here, there := net.ParseIP("fd00::1").To16(), net.ParseIP(strings.TrimSuffix(fixture.Seg6Route, "/128")).To16()
	routing := []byte{59, 4, 4, 1, 1, 0, 0, 0} // no next header, 4 times 8 bytes, segments, one left of two
	routing = append(append(routing, here...), there...)
	packet := append([]byte{0x60, 0, 0, 0, 0, byte(len(routing)), unix.IPPROTO_ROUTING, 64}, here...)
	packet = append(append(packet, there...), routing...)
	joined("veth")(w)
	ethernet := append(append(slices.Clone(w.one.HardwareAddr), w.other.HardwareAddr...), 0x86, 0xdd)
	return became(w.send(w.other.Index, unix.ETH_P_IPV6, append(ethernet, packet...)), rests(w))
}
