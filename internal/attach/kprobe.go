package attach

import (
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

func attachKprobe(_ *Attacher, p Program, s names.Section) (*Link, error) {
	at, err := parseKernelPlace(s.Rest)
	if err != nil {
		return nil, err
	}
	if returns(s) && at.offset != 0 {
		return nil, fmt.Errorf("%s: an offset has no meaning at the end of a function", at)
	}
	return kprobe(p.FD, at, returns(s))
}

// kprobe attaches a program to a place in the kernel.
func kprobe(prog bpf.FD, at place, onReturn bool) (*Link, error) {
	event, undo, err := kprobes.open(bpf.Probe{Name: at.function, Offset: at.offset}, onReturn)
	if noFunction(err) {
		err = render.Hinted{
			Err:  fmt.Errorf("no function that could be probed: %w", err),
			Hint: "it may be inline, have another name on this kernel, or be kept from probes; available_filter_functions in tracefs lists nearly all that may be probed",
		}
	}
	if err != nil {
		return nil, fmt.Errorf("kprobe at %s: %w", at, err)
	}
	return attachEvent(prog, event, 0, undo)
}

// noFunction reports whether the kernel does not know a function, or lets no one probe it.
func noFunction(err error) bool {
	var errno bpf.Errno
	return errors.As(err, &errno) &&
		(errors.Is(err, unix.ENOENT) || errors.Is(err, unix.EINVAL) || errors.Is(err, unix.EADDRNOTAVAIL))
}

func attachSyscall(_ *Attacher, p Program, s names.Section) (*Link, error) {
	var first error
	for _, function := range syscallFunctions(s.Rest) {
		l, err := kprobe(p.FD, place{function: function}, returns(s))
		if err == nil || !noFunction(err) {
			return l, err
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// syscallFunctions returns what the function of a system call may be called: kernels that hand over all
// registers have another for each set of calls.
//
// Source: arch/*/include/asm/syscall_wrapper.h and include/linux/syscalls.h of the kernel.
func syscallFunctions(name string) []string {
	plain := []string{"__se_sys_" + name, "sys_" + name}
	arch := map[string]string{"amd64": "x64", "386": "ia32", "arm64": "arm64", "riscv64": "riscv", "s390x": "s390x"}[runtime.GOARCH]
	if arch == "" {
		return plain
	}
	return append([]string{"__" + arch + "_sys_" + name}, plain...)
}
