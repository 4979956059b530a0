package every

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

func loadHooks(t *testing.T) *Hooks {
	t.Helper()
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	s, err := OpenHooks()
	must(t, err)
	t.Cleanup(s.Close)
	must(t, s.Load())
	return s
}

// hit reports how often a program has run.
func (s *Hooks) hit(t *testing.T, number int) uint64 {
	t.Helper()
	all, err := s.Bss.Hits.Get()
	must(t, err)
	return all[number]
}

// runs wants an action to run a program that is attached, and not once it is off again.
func (s *Hooks) runs(t *testing.T, number int, action func()) {
	t.Helper()
	before := s.hit(t, number)
	action()
	during := s.hit(t, number)
	s.Detach()
	off := s.hit(t, number)
	action()
	if after := s.hit(t, number); during == before || after != off {
		t.Errorf("program %d: ran %d times before it was attached, %d until the action was done, %d until it was off, %d after", number, before, during, off, after)
	}
}

// talk sends a packet to itself.
func talk(t *testing.T) {
	t.Helper()
	to, err := net.ListenPacket("udp4", "127.0.0.1:0")
	must(t, err)
	defer to.Close()
	from, err := net.Dial("udp4", to.LocalAddr().String())
	must(t, err)
	defer from.Close()
	_, err = from.Write([]byte("x"))
	must(t, err)
}

const lo = 1 // index of an interface

// TestAttachTargets attaches programs whose targets their sections do not name, and sees them run.
func TestAttachTargets(t *testing.T) {
	for name, tt := range map[string]struct {
		number int
		attach func(s *Hooks) error
		action func(t *testing.T)
	}{
		"xdp":        {0, func(s *Hooks) error { return s.Progs.OnXDP.Attach(lo, link.XDPGenericMode) }, talk},
		"tc":         {1, func(s *Hooks) error { return s.Progs.OnTc.Attach(lo) }, talk},
		"tcx/egress": {2, func(s *Hooks) error { return s.Progs.Egress.Attach(lo) }, talk},
		"tcx/egress, last": {2, func(s *Hooks) error {
			return s.Progs.Egress.AttachTo(link.TCXOptions{Interface: lo, Anchor: link.Tail()})
		}, talk},
		"cgroup/connect4": {3, func(s *Hooks) error { return s.Progs.Connect4.Attach(root(t)) }, talk},
		"cgroup/skb":      {4, func(s *Hooks) error { return s.Progs.CgroupSKB.Attach(root(t), ebpf.AttachCGroupInetEgress) }, talk},
		"sockops":         {5, func(s *Hooks) error { return s.Progs.SockOps.Attach(root(t)) }, connect},
		"sk_lookup":       {6, func(s *Hooks) error { return s.Progs.Lookup.Attach("/proc/self/ns/net") }, connect},
		"flow_dissector":  {24, func(s *Hooks) error { return s.Progs.Dissector.Attach("/proc/self/ns/net") }, nil},
		"netfilter": {11, func(s *Hooks) error {
			return s.Progs.Hook.Attach(link.NetfilterOptions{ProtocolFamily: link.NetfilterProtoIPv4, Hook: link.NetfilterInetLocalOut, Priority: 10})
		}, talk},
		"uprobe":       {12, func(s *Hooks) error { return s.Progs.AtFunction.Attach("libc.so.6", "getenv") }, environment},
		"uretprobe":    {13, func(s *Hooks) error { return s.Progs.AtReturn.Attach(libc(t), "getenv") }, environment},
		"uprobe.multi": {14, func(s *Hooks) error { return s.Progs.AtFunctions.Attach(libc(t), "getenv", "setlocale") }, environment},
		"tp":           {15, func(s *Hooks) error { return s.Progs.AtTracepoint.Attach("syscalls", "sys_enter_getpid") }, pid},
		"raw_tp":       {16, func(s *Hooks) error { return s.Progs.AtRawTracepoint.Attach("sys_enter") }, pid},
		"perf_event":   {10, func(s *Hooks) error { return s.Progs.Clock.Attach(clock(t)) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := loadHooks(t)
			must(t, tt.attach(s))
			if tt.action == nil {
				s.Detach()
				must(t, tt.attach(s)) // which it could not twice
				return
			}
			s.runs(t, tt.number, func() { tt.action(t) })
		})
	}
}

// TestAttachSockets attaches programs to sockets and to maps of them.
func TestAttachSockets(t *testing.T) {
	s := loadHooks(t)
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	must(t, err)
	defer c.Close()
	must(t, s.Progs.Filter.Attach(c.(*net.UDPConn)))
	before := s.hit(t, 8)
	from, err := net.Dial("udp4", c.LocalAddr().String())
	must(t, err)
	defer from.Close()
	_, err = from.Write([]byte("x"))
	must(t, err)
	if s.hit(t, 8) == before {
		t.Error("the filter of a socket has not run")
	}
	group := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
		return raw.Control(func(fd uintptr) { unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1) })
	}}
	one, err := group.ListenPacket(t.Context(), "udp4", "127.0.0.1:0")
	must(t, err)
	defer one.Close()
	must(t, s.Progs.Reuse.Attach(one.(*net.UDPConn)))
	to, err := net.Dial("udp4", one.LocalAddr().String())
	must(t, err)
	defer to.Close()
	_, err = to.Write([]byte("x"))
	must(t, err)
	if s.hit(t, 9) == 0 {
		t.Error("the program of a port has not run")
	}
	if err := s.Progs.Verdict.Attach(nil); err == nil || err.Error() != "program verdict: attach: no map" {
		t.Errorf("attached to nothing: %v", err)
	}
	must(t, s.Progs.Verdict.Attach(s.Maps.Sockets.Map))
	must(t, s.Progs.Verdict.Detach(s.Maps.Sockets.Map))
	if err := s.Progs.Verdict.Detach(s.Maps.Sockets.Map); err == nil || !strings.HasPrefix(err.Error(), "program verdict: detach: ") {
		t.Errorf("detached twice: %v", err)
	}
}

// TestAttachAll attaches what sections name.
func TestAttachAll(t *testing.T) {
	s := loadHooks(t)
	s.Progs.Typed.Autoattach = false
	must(t, s.Attach())
	if s.Links.AtGetpid == nil || s.Links.AtEnter == nil || s.Links.Libc == nil || s.Links.LibcMany == nil || s.Links.Maps == nil {
		t.Errorf("not all are attached: %+v", s.Links)
	}
	if s.Links.Typed != nil || s.Links.Later != nil || s.Links.OnXDP != nil || s.Links.Entries != nil {
		t.Errorf("more are attached than should be: %+v", s.Links)
	}
	pid(t)
	environment(t)
	for _, number := range []int{17, 18, 20} {
		if s.hit(t, number) == 0 {
			t.Errorf("program %d has not run", number)
		}
	}
	must(t, s.Progs.Typed.Attach())
	s.runs(t, 19, func() { pid(t) })
	must(t, s.Attach())
}

// TestAttachNothing has one program fail: none is attached then.
func TestAttachNothing(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	s, err := OpenHooks()
	must(t, err)
	defer s.Close()
	s.Progs.LibcMany.to = func(*ebpf.Program) (link.Link, error) { return nil, fmt.Errorf("no") }
	must(t, s.Load())
	must(t, s.Progs.OnTc.Attach(lo))
	if err := s.Attach(); err == nil || err.Error() != "program libc_many: attach: no" {
		t.Error(err)
	}
	for i, l := range s.links() {
		if *l != nil && l != &s.Links.OnTc {
			t.Errorf("link %d is left", i)
		}
	}
	if s.Links.OnTc == nil {
		t.Error("what was attached before is off")
	}
}

// TestIterators reads what iterators write.
func TestIterators(t *testing.T) {
	s := loadHooks(t)
	if _, err := s.Progs.Maps.Open(); err == nil || err.Error() != "program maps: not attached" {
		t.Errorf("opened before it is attached: %v", err)
	}
	must(t, s.Progs.Maps.Attach())
	if text := read(t, s.Progs.Maps.Open); !strings.HasPrefix(text, "map\nmap\n") {
		t.Errorf("of maps: %q", text)
	}
	must(t, s.Maps.Numbers.Update(1, 0x41424344))
	must(t, s.Progs.Entries.AttachTo(s.Maps.Numbers.Map))
	if text := read(t, s.Progs.Entries.Open); text != "DCBA" && text != "ABCD" {
		t.Errorf("of entries: %q", text)
	}
}

func read(t *testing.T, open func() (io.ReadCloser, error)) string {
	t.Helper()
	r, err := open()
	must(t, err)
	defer r.Close()
	b, err := io.ReadAll(r)
	must(t, err)
	return string(b)
}

// TestOptional loads a program that is not loaded by itself.
func TestOptional(t *testing.T) {
	s := loadHooks(t)
	if s.Progs.Later.Program != nil {
		t.Error("an optional program is loaded")
	}
	fixture.Need(t, fixture.Root)
	asked, err := OpenHooks()
	must(t, err)
	defer asked.Close()
	asked.Progs.Later.Autoload = true
	must(t, asked.Load())
	must(t, asked.Progs.Later.Attach())
	asked.runs(t, 22, func() { pid(t) })
	status, err := asked.Progs.Call.Run(&ebpf.RunOptions{})
	if status != 7 || err != nil {
		t.Errorf("the program without a place to attach to returns %d, %v", status, err)
	}
}

// root returns the cgroup that everything is in.
func root(t *testing.T) string {
	t.Helper()
	dir := fixture.Cgroup()
	must(t, os.WriteFile(dir+"/cgroup.procs", []byte("0"), 0))
	t.Cleanup(func() { os.WriteFile(dir+"/../cgroup.procs", []byte("0"), 0) })
	return dir
}

func libc(t *testing.T) string {
	t.Helper()
	path, err := hooksFile("libc.so.6")
	must(t, err)
	return path
}

// environment has a program ask for a variable of its environment.
func environment(t *testing.T) {
	t.Helper()
	must(t, exec.Command("bash", "-c", "exit 0").Run())
}

func pid(*testing.T) { unix.Getpid() }

// connect makes a connection to itself.
func connect(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	c, err := net.Dial("tcp4", l.Addr().String())
	must(t, err)
	c.Close()
}

// clock opens an event that counts time.
func clock(t *testing.T) int {
	t.Helper()
	fd, err := unix.PerfEventOpen(&unix.PerfEventAttr{Type: unix.PERF_TYPE_SOFTWARE, Config: unix.PERF_COUNT_SW_CPU_CLOCK, Sample: 100000}, 0, -1, -1, unix.PERF_FLAG_FD_CLOEXEC)
	must(t, err)
	t.Cleanup(func() { unix.Close(fd) })
	return fd
}
