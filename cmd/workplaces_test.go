package cmd_test

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"
	"github.com/cilium/ebpf/link"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// A closing closes what it is, or undoes something.
type closing func() error

func (c closing) Close() error { return c() }

// linked attaches by a link, to what has a number: a file or a device.
func linked(at ebpf.AttachType, target func(w *worker) int) attachment {
	return func(w *worker) (io.Closer, error) {
		return link.AttachRawLink(link.RawLinkOptions{Target: target(w), Program: w.work(), Attach: at})
	}
}

// opened opens a file for the time of the test.
func opened(path func() string) func(w *worker) int {
	return func(w *worker) int {
		f, err := os.Open(path())
		check(w.t, err)
		w.t.Cleanup(func() { f.Close() })
		return int(f.Fd())
	}
}

// inCgroup attaches to the cgroup of the tests.
func inCgroup(at ebpf.AttachType) attachment { return linked(at, opened(fixture.Cgroup)) }

// inNetns attaches to the network namespace.
func inNetns(at ebpf.AttachType) attachment {
	return linked(at, opened(func() string { return "/proc/self/ns/net" }))
}

func loopback(w *worker) int {
	dev, err := net.InterfaceByName("lo")
	check(w.t, err)
	return dev.Index
}

// joined makes devices of a kind that are joined, and returns the index of the first.
func joined(kind string) func(w *worker) int {
	return func(w *worker) int {
		if w.one == nil {
			w.one, w.other = fixture.Pair(w.t, kind)
		}
		return w.one.Index
	}
}

// placed attaches without a link, at a place on a device.
func placed(index func(w *worker) int, place func(index int) fixture.Place) attachment {
	return func(w *worker) (io.Closer, error) { return place(index(w))(w.work().FD()) }
}

func routed(what string) attachment {
	return func(w *worker) (io.Closer, error) { return fixture.Route(what)(w.work().FD()) }
}

// redirected attaches the program "redirect" to a device, and puts "work" into its map, behind a first
// part of the value.
func redirected(first func(w *worker) int) attachment {
	return func(w *worker) (io.Closer, error) {
		value := append(words32(uint32(first(w))), words32(uint32(w.work().FD()))...)
		if err := w.table("slots").Put(uint32(0), value); err != nil {
			return nil, err
		}
		joined("veth")(w)
		p := w.program("redirect").FD()
		one, err := fixture.Express(w.one.Index, true)(p)
		if err != nil {
			return nil, err
		}
		other, err := fixture.Express(w.other.Index, true)(p) // or else it takes no frames that are redirected
		if err != nil {
			return nil, errors.Join(err, one.Close())
		}
		return closing(func() error { return errors.Join(one.Close(), other.Close()) }), nil
	}
}

// inSockmap attaches programs to the map "sockets", each in its way.
func inSockmap(programs map[string]ebpf.AttachType) attachment {
	return func(w *worker) (io.Closer, error) {
		var undo []link.RawDetachProgramOptions
		for name, at := range programs {
			o := link.RawAttachProgramOptions{Target: w.table("sockets").FD(), Program: w.program(name), Attach: at}
			if err := link.RawAttachProgram(o); err != nil {
				return nil, err
			}
			undo = append(undo, link.RawDetachProgramOptions(o))
		}
		return closing(func() error {
			for _, o := range undo {
				if err := link.RawDetachProgram(o); err != nil {
					return err
				}
			}
			return nil
		}), nil
	}
}

func filtering(w *worker) (io.Closer, error) {
	const localIn = 1 // NF_INET_LOCAL_IN
	return link.AttachNetfilter(link.NetfilterOptions{Program: w.work(), ProtocolFamily: link.NetfilterProtoIPv4, Hook: localIn, Priority: -128})
}

func tracepoint(group, name string) attachment {
	return func(w *worker) (io.Closer, error) { return link.Tracepoint(group, name, w.work(), nil) }
}

func rawTracepoint(w *worker) (io.Closer, error) {
	return link.AttachRawTracepoint(link.RawTracepointOptions{Name: "sys_enter", Program: w.work()})
}

// traced attaches to what the program was loaded for.
func traced(w *worker) (io.Closer, error) {
	return link.AttachTracing(link.TracingOptions{Program: w.work()})
}

func guarding(w *worker) (io.Closer, error) {
	return link.AttachLSM(link.LSMOptions{Program: w.work()})
}

const (
	openat   = "do_sys_openat2"
	getpgid  = "__x64_sys_getpgid"
	function = "target" // of gobpftool-target
)

func kprobe(symbol string) attachment {
	return func(w *worker) (io.Closer, error) { return link.Kprobe(symbol, w.work(), nil) }
}

func kretprobe(symbol string) attachment {
	return func(w *worker) (io.Closer, error) { return link.Kretprobe(symbol, w.work(), nil) }
}

func kprobes(session bool) attachment {
	return func(w *worker) (io.Closer, error) {
		return link.KprobeMulti(w.work(), link.KprobeMultiOptions{Symbols: []string{openat}, Session: session})
	}
}

func kretprobes(w *worker) (io.Closer, error) {
	return link.KretprobeMulti(w.work(), link.KprobeMultiOptions{Symbols: []string{openat}})
}

// targetPath is where the program is whose function is probed.
func targetPath(t *testing.T) string { return filepath.Join(workDir(t), "gobpftool-target") }

// uprobe attaches to a function of that program, in one of cilium/ebpf's ways.
func uprobe(way func(e *link.Executable, p *ebpf.Program) (link.Link, error)) attachment {
	return func(w *worker) (io.Closer, error) {
		e, err := link.OpenExecutable(targetPath(w.t))
		if err != nil {
			return nil, err
		}
		return way(e, w.work())
	}
}

var (
	uprobeEntry = uprobe(func(e *link.Executable, p *ebpf.Program) (link.Link, error) { return e.Uprobe(function, p, nil) })
	uprobeExit  = uprobe(func(e *link.Executable, p *ebpf.Program) (link.Link, error) { return e.Uretprobe(function, p, nil) })
	uprobes     = uprobe(func(e *link.Executable, p *ebpf.Program) (link.Link, error) {
		return e.UprobeMulti([]string{function}, p, nil)
	})
	uretprobes = uprobe(func(e *link.Executable, p *ebpf.Program) (link.Link, error) {
		return e.UretprobeMulti([]string{function}, p, nil)
	})
)

// uprobeSession attaches to the start and the end of that function at once.
func uprobeSession(w *worker) (io.Closer, error) {
	f, err := elf.Open(targetPath(w.t))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	symbols, err := f.Symbols()
	if err != nil {
		return nil, err
	}
	for _, s := range symbols {
		if s.Name == function {
			return fixture.UprobeSession(targetPath(w.t), offsetOf(f, s.Value))(w.work().FD())
		}
	}
	return nil, fmt.Errorf("no function %s", function)
}

// offsetOf returns where in a file code with an address is, in bytes.
func offsetOf(f *elf.File, address uint64) uint64 {
	for _, p := range f.Progs {
		if p.Type == elf.PT_LOAD && p.Flags&elf.PF_X != 0 {
			return address - p.Vaddr + p.Off
		}
	}
	return address
}

// Attach types of the library's future.
const (
	fentryMulti ebpf.AttachType = iota + 59
	fexitMulti
	fsessionMulti
)

// tracedMulti attaches to a list of functions.
func tracedMulti(at ebpf.AttachType) attachment {
	return func(w *worker) (io.Closer, error) { return fixture.TracingMulti(at, "do_getpgid")(w.work().FD()) }
}

// usdt attaches to the probe of that program, and tells of its argument, the constant 1, as libraries
// do: in the first of the map's specifications.
//
// Source: struct __bpf_usdt_spec of libbpf's usdt.bpf.h, and the format of the section .note.stapsdt.
func usdt(w *worker) (io.Closer, error) {
	const args, arg, cookie = 12, 16, 8 // how many, the size of each in bytes, and of what follows them
	f, err := elf.Open(targetPath(w.t))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	note, err := f.Section(".note.stapsdt").Data()
	if err != nil {
		return nil, err
	}
	at := offsetOf(f, binary.LittleEndian.Uint64(note[20:]))
	spec := make([]byte, w.table("__bpf_usdt_specs").ValueSize())
	spec[0] = 1               // the value
	spec[args*arg+cookie] = 1 // the number of arguments
	if err := w.table("__bpf_usdt_specs").Put(uint32(0), spec); err != nil {
		return nil, err
	}
	e, err := link.OpenExecutable(targetPath(w.t))
	if err != nil {
		return nil, err
	}
	return e.UprobeMulti(nil, w.work(), &link.UprobeMultiOptions{Addresses: []uint64{at}, Cookies: []uint64{0}})
}

// ticking attaches to the clock of the first CPU.
func ticking(w *worker) (io.Closer, error) {
	attr := &unix.PerfEventAttr{Type: unix.PERF_TYPE_SOFTWARE, Config: unix.PERF_COUNT_SW_CPU_CLOCK, Size: unix.PERF_ATTR_SIZE_VER5, Sample: 1e6}
	fd, err := unix.PerfEventOpen(attr, -1, 0, -1, unix.PERF_FLAG_FD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	event := os.NewFile(uintptr(fd), "perf event")
	return event, unix.IoctlSetInt(fd, unix.PERF_EVENT_IOC_SET_BPF, w.work().FD())
}

// registered puts the map of a struct of functions into force. With a link it takes one to do so.
func registered(table, structure string, members map[string]string, name string, byLink bool) attachment {
	return func(w *worker) (io.Closer, error) {
		value, err := w.structValue(structure, members, name)
		if err != nil {
			return nil, err
		}
		m := w.table(table)
		if err := m.Put(uint32(0), value); err != nil {
			return nil, err
		}
		if byLink {
			return link.AttachStructOps(link.StructOpsOptions{Map: m})
		}
		return closing(func() error { return m.Delete(uint32(0)) }), nil
	}
}

// structValue returns the value of a map of a struct of functions: programs by their members, and what
// it is called, by the member that says so.
func (w *worker) structValue(structure string, members map[string]string, name string) ([]byte, error) {
	spec, err := btf.LoadKernelSpec()
	if err != nil {
		return nil, err
	}
	var outer, inner *btf.Struct
	if err := spec.TypeByName("bpf_struct_ops_"+structure, &outer); err != nil {
		return nil, err
	}
	if err := spec.TypeByName(structure, &inner); err != nil {
		return nil, err
	}
	value := make([]byte, outer.Size)
	data := value[memberAt(outer, "data"):]
	for member, program := range members {
		at := memberAt(inner, member)
		if at < 0 {
			return nil, fmt.Errorf("struct %s has no member %s", structure, member)
		}
		if member == "name" || member == "id" {
			copy(data[at:], name)
			continue
		}
		binary.NativeEndian.PutUint64(data[at:], uint64(w.program(program).FD()))
	}
	return value, nil
}

// memberAt returns where a struct has a member, in bytes, or -1.
func memberAt(s *btf.Struct, name string) int {
	for _, m := range s.Members {
		if m.Name == name {
			return int(m.Offset.Bytes())
		}
	}
	return -1
}
