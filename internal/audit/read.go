package audit

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/denied"
	"github.com/gobpftool/gobpftool/internal/kconfig"
	"github.com/gobpftool/gobpftool/internal/names"
)

// Where things are.
const (
	procSelf    = "/proc/thread-self/status"
	osrelease   = "/proc/sys/kernel/osrelease"
	lockdown    = "/sys/kernel/security/lockdown"
	modulesList = "/sys/kernel/security/lsm"
	kernelTypes = "/sys/kernel/btf/vmlinux"
	loaded      = "/proc/modules"
	mountTable  = "/proc/mounts"
)

// settingNames are the settings that are looked at, in the order in which they are shown.
var settingNames = [...]string{
	jitEnable, jitHarden, jitKallsyms, jitLimit, unprivileged, perfParanoid, kptrRestrict, statsEnabled,
}

const (
	jitEnable    = "net.core.bpf_jit_enable"
	jitHarden    = "net.core.bpf_jit_harden"
	jitKallsyms  = "net.core.bpf_jit_kallsyms"
	jitLimit     = "net.core.bpf_jit_limit"
	unprivileged = "kernel.unprivileged_bpf_disabled"
	perfParanoid = "kernel.perf_event_paranoid"
	kptrRestrict = "kernel.kptr_restrict"
	statsEnabled = "kernel.bpf_stats_enabled"
)

// Read gathers how this system is set up. It changes nothing, loads nothing, and leaves nothing behind. The
// kernel is not asked for what it can do.
func Read() *State {
	standing := denied.Read()
	s := &State{
		Kernel:   release(),
		Lockdown: word(lockdown, standing.Lockdown),
		Modules:  modules(standing),
		Memlock:  memlock(standing),
		Types:    Types{kernelSize(), loadedModules()},
		Mounts:   mounted(),
		Caller:   caller(standing),
		Config:   config(),
	}
	for _, name := range settingNames {
		s.Settings = append(s.Settings, readSetting(name))
	}
	return s
}

// missing tells why a file cannot be read. It is absent if the file system is there that would have it, else
// nothing is known.
func missing(path string, err error) Source {
	s := Source{From: path}
	if !errors.Is(err, os.ErrNotExist) {
		s.Unread = names.Reason(err)
		if errors.Is(err, os.ErrPermission) {
			s.Help = "run the audit as root"
		}
		return s
	}
	for _, fs := range []struct {
		dir, typ, name string
		magic          uint32
	}{
		{"/sys/kernel/security", "securityfs", "securityfs", unix.SECURITYFS_MAGIC},
		{"/sys", "sysfs", "sysfs", unix.SYSFS_MAGIC},
		{"/proc", "proc", "procfs", unix.PROC_SUPER_MAGIC},
	} {
		if !strings.HasPrefix(path, fs.dir+"/") {
			continue
		}
		if s.Absent = bpffs.HoldsType(fs.dir, fs.magic); !s.Absent {
			s.Unread = fs.name + " is not mounted on " + fs.dir
			s.Help = fmt.Sprintf("mount -t %s %[1]s %s", fs.typ, fs.dir)
		}
		return s
	}
	s.Absent = true
	return s
}

// read returns what a file of the kernel has.
func read(path string) Text {
	text, err := os.ReadFile(path)
	if err != nil {
		return Text{Source: missing(path, err)}
	}
	return Text{Source{From: path}, strings.TrimSpace(string(text))}
}

// release returns what uname -r prints, also where there is no file that has it.
func release() Text {
	t := read(osrelease)
	var u unix.Utsname
	if !t.known() && unix.Uname(&u) == nil {
		return Text{Source{From: "uname(2)"}, unix.ByteSliceToString(u.Release[:])}
	}
	return t
}

// word returns what was read from a file already, or why that could not be done if it is nothing.
func word(path, value string) Text {
	if value != "" {
		return Text{Source{From: path}, value}
	}
	t := read(path)
	if t.known() {
		t.Unread, t.Value = fmt.Sprintf("it is not understood: %.100q", t.Value), ""
	}
	return t
}

// readSetting reads a setting. Those of the network that are the same for all are to be seen in the
// initial network namespace only, so they are absent nowhere else.
func readSetting(name string) Setting {
	t := read(settingPath(name))
	s := Setting{Name: name, Source: t.Source}
	if s.Absent && strings.HasPrefix(name, "net.") && !initialNetwork() {
		s.Absent, s.Unread = false, "it is to be seen in the initial network namespace only"
		s.Help = "run the audit in the initial network namespace: nsenter --net=/proc/1/ns/net, from its host"
	}
	if !s.known() {
		return s
	}
	n, err := strconv.ParseInt(t.Value, 10, 64)
	if err != nil {
		s.Unread = fmt.Sprintf("not a number: %.100q", t.Value)
		return s
	}
	s.Value = &n
	return s
}

func settingPath(name string) string { return "/proc/sys/" + strings.ReplaceAll(name, ".", "/") }

// initialNetwork reports whether the process is in the initial network namespace: another shows none of
// the settings of all networks, of which one is in every kernel.
func initialNetwork() bool {
	_, err := os.Stat("/proc/sys/net/core/dev_weight")
	return err == nil
}

// modules returns the active security modules.
func modules(s *denied.Standing) List {
	if s.Modules != nil {
		return List{Source{From: s.ModulesFrom}, s.Modules}
	}
	return List{Source: word(modulesList, "").Source}
}

// memlock returns how locked memory is limited.
func memlock(s *denied.Standing) Memlock {
	m := Memlock{Counts: s.Counts, Source: Source{From: "getrlimit(RLIMIT_MEMLOCK)"}}
	if s.Memlock != math.MaxUint64 {
		m.Limit = &s.Memlock
	}
	return m
}

// btfMagic is what BTF starts with: Documentation/bpf/btf.rst of the kernel.
const btfMagic = 0xeb9f

// kernelSize returns how long the types of the kernel are.
func kernelSize() Size {
	f, err := os.Open(kernelTypes)
	if err != nil {
		return Size{Source: missing(kernelTypes, err)}
	}
	defer f.Close()
	s := Size{Source: Source{From: kernelTypes}}
	var magic uint16
	info, err := f.Stat()
	if err == nil {
		err = binary.Read(f, binary.NativeEndian, &magic)
	}
	switch {
	case err != nil:
		s.Unread = names.Reason(err)
	case magic != btfMagic:
		s.Unread = "it is not BTF"
	default:
		s.Bytes = info.Size()
	}
	return s
}

// loadedModules returns the modules that are loaded, each with whether it has types.
func loadedModules() Modules {
	f, err := os.Open(loaded)
	if err != nil {
		return Modules{Source: missing(loaded, err)}
	}
	defer f.Close()
	m := Modules{Source: Source{From: loaded}}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		name, _, _ := strings.Cut(lines.Text(), " ")
		if _, err := os.Stat(filepath.Join(filepath.Dir(kernelTypes), name)); err == nil {
			m.With = append(m.With, name)
		} else {
			m.Without = append(m.Without, name)
		}
	}
	if err := lines.Err(); err != nil {
		m.Unread = names.Reason(err)
	}
	return m
}

// mounted returns where the file systems are mounted that BPF needs.
func mounted() Mounts {
	if t := read(mountTable); !t.known() {
		return Mounts{Source: t.Source}
	}
	m := Mounts{Source: Source{From: mountTable}, BPF: bpffs.Mounts(), Tracefs: bpffs.MountsOf("tracefs")}
	return m
}

// caller returns what the process may do that asks.
func caller(s *denied.Standing) Caller {
	c := Caller{
		Source: Source{From: procSelf}, UID: s.UID, Effective: hex(s.Effective), Bounding: hex(s.Bounding), Last: uint8(s.Last),
		Filtered: s.Filtered, NoNewPrivs: s.NoNewPrivs, Namespace: s.Namespace,
	}
	if !s.Known {
		c.Source = word(procSelf, "").Source
	}
	return c
}

func hex(s denied.Set) string { return fmt.Sprintf("%016x", uint64(s)) }

// config returns how the kernel was configured.
func config() Config {
	path, set, err := kconfig.Find()
	if err != nil {
		return Config{Source: Source{
			From: kconfig.Paths()[0], Unread: err.Error(), Help: "install it there, as distributions do, or build the kernel with CONFIG_IKCONFIG_PROC",
		}}
	}
	return Config{Source{From: path}, chosen(set)}
}

// chosen returns the options of the table, of all that are set.
func chosen(set map[string]string) (list []Value) {
	for _, o := range options {
		v := Value{Name: o.Name}
		if value, ok := set[o.Name]; ok {
			v.Value = &value
		}
		list = append(list, v)
	}
	return list
}
