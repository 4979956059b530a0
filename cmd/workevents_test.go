package cmd_test

import (
	"encoding/binary"
	"io"
	"net"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"strings"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// asks calls getpgid for this process.
func asks(*worker) string {
	_, err := unix.Getpgid(os.Getpid())
	return became(err, done)
}

// rests lets others run.
func rests(*worker) string { time.Sleep(50 * time.Millisecond); return done }

// opens opens a file.
func opens(*worker) string {
	f, err := os.Open("/dev/null")
	if err == nil {
		f.Close()
	}
	return became(err, done)
}

// runsTarget runs the program whose function is probed.
func runsTarget(w *worker) string { return became(exec.Command(targetPath(w.t)).Run(), done) }

// runs runs a program.
func runs(w *worker) string {
	c := tool("version")
	return became(c.Run(), done)
}

// reports reads what an iterator with a program says, over a map or not. visited makes something that
// it finds.
func reports(table string, visited func(w *worker)) func(w *worker) string {
	return func(w *worker) string {
		if !w.on {
			return ""
		}
		o := link.IterOptions{Program: w.work()}
		if table != "" {
			o.Map = w.table(table)
		}
		if visited != nil {
			visited(w)
		}
		it, err := link.AttachIter(o)
		check(w.t, err)
		defer it.Close()
		r, err := it.Open()
		check(w.t, err)
		return w.listens(r)
	}
}

// listens reads a line for each time that an iterator's program works.
func (w *worker) listens(r io.ReadCloser) string {
	w.t.Helper()
	defer r.Close()
	text, err := io.ReadAll(r)
	check(w.t, err)
	// The kernel asks anew for what did not fit into its buffer.
	if n, hits := uint64(strings.Count(string(text), "work\n")), w.hits(); n > hits || n < hits-hits/100 || n == 0 {
		w.t.Errorf("%d lines, but it has run %d times", n, hits)
	}
	return done
}

// reportsCgroup is reports, over cgroups.
func reportsCgroup(w *worker) string {
	if !w.on {
		return ""
	}
	r, err := fixture.CgroupIter(w.work().FD())
	check(w.t, err)
	return w.listens(r)
}

// listening opens a socket that an iterator finds.
func listening(network string) func(w *worker) {
	return func(w *worker) {
		if strings.HasPrefix(network, "udp") {
			c := packets(w, network)
			w.t.Cleanup(func() { c.Close() })
			return
		}
		listen(w, network)
	}
}

// storing lets a socket have something in the map "visited".
func storing(w *worker) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	check(w.t, err)
	w.t.Cleanup(func() { unix.Close(fd) })
	check(w.t, w.table("visited").Put(uint32(fd), uint32(1)))
}

// tried runs the program as the kernel lets one try it, with a context, and returns it changed.
func tried(w *worker, context []byte) []byte {
	w.t.Helper()
	out := make([]byte, len(context))
	_, err := w.work().Run(&ebpf.RunOptions{Context: context, ContextOut: out})
	check(w.t, err)
	return out
}

// answers asks the program "syscall" a question.
func answersQuestion(w *worker) string {
	if !w.on {
		return ""
	}
	const n = 21
	out := tried(w, append(words32(n, 0), words32(0, 0)...))
	if got := binary.NativeEndian.Uint64(out[8:]); got != 2*n {
		w.t.Errorf("twice %d is %d", n, got)
	}
	return done
}

// called calls a function of the struct for tests.
func called(w *worker) string {
	if !w.on {
		return ""
	}
	state := make([]int32, 1) // struct bpf_dummy_ops_state
	_, err := w.work().Run(&ebpf.RunOptions{Context: binary.NativeEndian.AppendUint64(nil, uint64(reflect.ValueOf(state).Pointer()))})
	runtime.KeepAlive(state)
	return became(err, done)
}

// congested makes a connection whose congestion is controlled by an algorithm.
func congested(name string) func(w *worker) string {
	return func(w *worker) string {
		l := listen(w, "tcp4")
		defer l.Close()
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		check(w.t, err)
		defer unix.Close(fd)
		if err := unix.SetsockoptString(fd, unix.IPPROTO_TCP, unix.TCP_CONGESTION, name); err != nil {
			return became(err, "")
		}
		addr := l.Addr().(*net.TCPAddr)
		return became(unix.Connect(fd, &unix.SockaddrInet4{Port: addr.Port, Addr: [4]byte(addr.IP.To4())}), done)
	}
}

// queued sends a datagram by a device with the queueing discipline, if there is one.
func queued(w *worker) string {
	d, err := fixture.Discipline(loopback(w), "gobpftool")
	if err == nil {
		defer d.Close()
	}
	return datagram("udp4")(w)
}

// buffer makes a buffer that devices can share.
func buffer(w *worker) {
	b, err := fixture.Buffer()
	check(w.t, err)
	w.t.Cleanup(func() { b.Close() })
}
