package denied

import (
	"errors"
	"math"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// filter looks for what stands in front of bpf(2): with arguments that are too long for every
// kernel, it tells by an answer that no kernel gives.
func (w why) filter() *Cause {
	answer, tried := w.Reached[w.asked.command]
	if w.asked.perf || !tried || !w.Known || errors.Is(answer, unix.E2BIG) || w.turnedAway(answer) {
		return nil
	}
	if w.Filtered {
		return cause(verdict.Denied, "seccomp forbids bpf(2): a filter answers the command %s with '%s', whatever its arguments (Seccomp: 2)", w.asked.command, reason(answer)).
			hinted("what starts the process must allow bpf(2): SystemCallFilter= of systemd, or the seccomp profile of the container")
	}
	if errors.Is(answer, unix.ENOSYS) && w.Settings[unprivileged] == "" {
		return cause(verdict.No, "the kernel has no bpf(2): it is built without CONFIG_BPF_SYSCALL, for there is no setting %s", unprivileged)
	}
	return cause(verdict.Denied, "the command %s of bpf(2) does not reach the kernel: the answer is '%s', whatever its arguments, and no seccomp filter is active; it may be that a sandbox such as gVisor answers", w.asked.command, reason(answer))
}

// turnedAway reports whether an answer of [bpf.Reach] is what a kernel before Linux 6.5 says to who
// has no CAP_BPF.
func (w why) turnedAway(answer error) bool {
	early := w.Kernel.Compare(names.Version{Major: 6, Minor: 5}) < 0
	return early && errors.Is(answer, unix.EPERM) && w.Settings[unprivileged] != "0" && (w.Namespace != "" || len(w.lacks([]needs.Capability{needs.BPF})) > 0)
}

// elsewhere tells errors that have nothing to do with rights. Capabilities are asked for with EPERM,
// and for perf events with EACCES.
func (w why) elsewhere() *Cause {
	switch w.errno {
	case unix.EPERM, unix.EACCES, unix.ENOSYS:
		return nil
	case 0:
		return cause(verdict.Unknown, "the kernel was not asked")
	}
	return cause(verdict.Unknown, "'%s' is not about rights", names.Strerror(w.errno))
}

// ofRights reports whether the error is that with which the kernel asks for capabilities.
func (w why) ofRights() bool {
	return w.errno == unix.EPERM || w.errno == unix.EACCES && w.asked.perf
}

// memlock looks for the limit of locked memory. There is no other evidence than that nothing
// else is in the way, and that a limit is.
func (w why) memlock() *Cause {
	counted := w.asked.is(bpf.MapCreate) || w.asked.is(bpf.ProgLoad)
	if !counted || !w.Counts || w.Memlock == math.MaxUint64 || w.errno != unix.EPERM || !w.Known {
		return nil
	}
	return cause(verdict.Denied, "the limit of locked memory is %d bytes, against which Linux %s counts maps and programs, and this process may not raise it (RLIMIT_MEMLOCK)", w.Memlock, w.Kernel).
		hinted("ulimit -l unlimited, LimitMEMLOCK=infinity in a unit of systemd, or give the process CAP_SYS_RESOURCE")
}
