package denied

import (
	"errors"
	"math"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
)

// A Standing is what this process may do, and what may stand in its way.
type Standing struct {
	Process
	Namespace string // of users, such as "user:[4026532448]"; empty in the initial one

	Lockdown    string   // none, integrity or confidentiality; empty if it cannot be read
	Modules     []string // the active security modules, in their order; nil if they cannot be read
	ModulesFrom string   // a file or system call, or empty
	Settings    map[string]string

	Memlock uint64 // the limit of locked memory in bytes; [math.MaxUint64] if there is none
	Counts  bool   // whether the kernel counts maps and programs against it
	Kernel  names.Version

	// Delegations are the BPF file systems of which tokens could be made.
	Delegations []bpffs.Delegation
	// Reached is what the kernel, or a filter in front of it, says to commands: see [bpf.Reach].
	Reached map[bpf.Command]error
}

// A Process is what /proc/thread-self/status tells of it.
type Process struct {
	Known               bool // it could be read
	UID                 int  // the effective one
	Effective, Bounding Set
	Last                needs.Capability // the highest that the kernel knows
	Filtered            bool             // by seccomp
	NoNewPrivs          bool
}

// A Set is one of capabilities, a bit for each.
type Set uint64

// Has reports whether a capability is in the set.
func (s Set) Has(c needs.Capability) bool { return s>>c&1 != 0 }

// Read looks at how things stand. asked are requests that the kernel refused or that are made in any
// case: whether it is reached is tried for these only, since there are filters that end a process.
// Nothing is changed, mounted or left behind.
func Read(asked ...Request) *Standing {
	s := &Standing{
		Namespace: namespace(),
		Lockdown:  chosen(contents("/sys/kernel/security/lockdown")),
		Settings:  make(map[string]string),
		Memlock:   memlock(), Counts: bpf.CountsMemlock(),
		Delegations: bpffs.Delegations(),
		Reached:     make(map[bpf.Command]error),
	}
	s.Process = process(contents("/proc/thread-self/status")) // threads may have given up rights
	if n, err := strconv.ParseUint(contents("/proc/sys/kernel/cap_last_cap"), 10, 8); err == nil {
		s.Last = needs.Capability(n)
	}
	s.Modules, s.ModulesFrom = modules()
	for _, name := range []string{unprivileged, paranoid} {
		if value := contents("/proc/sys/" + strings.ReplaceAll(name, ".", "/")); value != "" {
			s.Settings[name] = value
		}
	}
	s.Kernel = version()
	for _, r := range asked {
		if !r.perf {
			s.Reached[r.command] = bpf.Reach(r.command)
		}
	}
	return s
}

// version returns that of the running kernel, which needs no file to be there.
func version() names.Version {
	var u unix.Utsname
	if unix.Uname(&u) != nil { // which cannot be
		return names.Version{}
	}
	v, _ := names.ParseVersion(unix.ByteSliceToString(u.Release[:]))
	return v
}

// contents returns what a file of the kernel has, without white space around it; nothing if it
// cannot be read.
func contents(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// initial is the inode number of the initial user namespace: PROC_USER_INIT_INO of
// include/linux/proc_ns.h.
const initial = "user:[4026531837]"

// namespace returns the user namespace of the process, or nothing if it is the initial one or
// there are none.
func namespace() string {
	name, err := os.Readlink("/proc/self/ns/user")
	if err != nil || name == initial {
		return ""
	}
	return name
}

// memlock returns the limit of locked memory in bytes.
func memlock() uint64 {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_MEMLOCK, &limit); err != nil {
		return math.MaxUint64
	}
	return limit.Cur
}

// chosen returns the word in brackets.
func chosen(text string) string {
	_, rest, _ := strings.Cut(text, "[")
	word, _, _ := strings.Cut(rest, "]")
	return word
}

// process reads /proc/PID/status, see proc_pid_status(5).
func process(status string) (p Process) {
	fields := make(map[string]string)
	for line := range strings.Lines(status) {
		name, value, _ := strings.Cut(line, ":")
		fields[name] = strings.TrimSpace(value)
	}
	effective, err1 := strconv.ParseUint(fields["CapEff"], 16, 64)
	bounding, err2 := strconv.ParseUint(fields["CapBnd"], 16, 64)
	p.Known = errors.Join(err1, err2) == nil
	p.Effective, p.Bounding = Set(effective), Set(bounding)
	if ids := strings.Fields(fields["Uid"]); len(ids) > 1 {
		p.UID, _ = strconv.Atoi(ids[1])
	}
	p.Filtered = fields["Seccomp"] == "2"
	p.NoNewPrivs = fields["NoNewPrivs"] == "1"
	return p
}
