package every

import (
	"net"
	"os"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// descriptor returns the descriptor of a socket, which stays the socket's own.
func descriptor(t *testing.T, c syscall.Conn) (fd int) {
	t.Helper()
	raw, err := c.SyscallConn()
	must(t, err)
	must(t, raw.Control(func(f uintptr) { fd = int(f) }))
	return fd
}

// TestWhatFor puts what the kernel has into maps that are for that: sockets, interfaces, processors, cgroups.
func TestWhatFor(t *testing.T) {
	fixture.Need(t, fixture.Isolation)
	s := load(t)
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	c, err := net.Dial("tcp4", l.Addr().String())
	must(t, err)
	defer c.Close()
	socket := descriptor(t, c.(*net.TCPConn))

	must(t, s.Maps.Sockmap.Update(1, uint64(socket)))
	must(t, s.Maps.Sockmap.Delete(1))
	must(t, s.Maps.Sockhash.Update(corner(1, 2), uint64(socket)))
	must(t, s.Maps.Sockhash.Delete(corner(1, 2)))

	must(t, s.Maps.SkStorage.Update(int32(socket), filled(70)))
	want(t, "sk_storage", filled(70))(s.Maps.SkStorage.Lookup(int32(socket)))
	must(t, s.Maps.SkStorage.Delete(int32(socket)))

	must(t, s.Maps.Devmap.Update(2, EveryBPFDevmapVal{Ifindex: lo}))
	want(t, "devmap", EveryBPFDevmapVal{Ifindex: lo})(s.Maps.Devmap.Lookup(2))
	must(t, s.Maps.DevmapHash.Update(7, lo))
	want(t, "devmap_hash", uint32(lo))(s.Maps.DevmapHash.Lookup(7))
	for index, ifindex := range s.Maps.DevmapHash.All() {
		if index != 7 || ifindex != lo {
			t.Errorf("devmap_hash has %d, %d", index, ifindex)
		}
	}
	must(t, s.Maps.Cpumap.Update(0, EveryBPFCpumapVal{Qsize: 64}))
	want(t, "cpumap", EveryBPFCpumapVal{Qsize: 64})(s.Maps.Cpumap.Lookup(0))

	group, err := os.Open(fixture.Cgroup())
	must(t, err)
	defer group.Close()
	must(t, s.Maps.CgroupArray.Update(1, uint32(group.Fd())))
	must(t, s.Maps.CgroupArray.Delete(1))

	ports := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
		return raw.Control(func(fd uintptr) { unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1) })
	}}
	port, err := ports.ListenPacket(t.Context(), "udp4", "127.0.0.1:0")
	must(t, err)
	defer port.Close()
	must(t, s.Maps.Reuseport.Update(3, uint64(descriptor(t, port.(*net.UDPConn)))))
	must(t, s.Maps.Reuseport.Delete(3))

	xsk, err := unix.Socket(unix.AF_XDP, unix.SOCK_RAW, 0)
	if err != nil {
		t.Skip(err) // CONFIG_XDP_SOCKETS
	}
	defer unix.Close(xsk)
	if err := s.Maps.Xskmap.Update(0, uint32(socket)); err == nil {
		t.Error("a socket of TCP is in xskmap")
	}
}
