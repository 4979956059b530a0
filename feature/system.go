package feature

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/kconfig"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

// System is how BPF is configured. In JSON it is one object.
type System struct {
	*Settings         // nil without procfs
	Options   options // nil if the configuration of the kernel is not to be had
}

// Settings are sysctls, -1 where they cannot be read.
type Settings struct {
	Unprivileged int64 `json:"unprivileged_bpf_disabled"`
	Enable       int64 `json:"bpf_jit_enable"`
	Harden       int64 `json:"bpf_jit_harden"`
	Kallsyms     int64 `json:"bpf_jit_kallsyms"`
	Limit        int64 `json:"bpf_jit_limit"` // bytes
}

// An option is one of the kernel's configuration.
type option struct {
	name  string
	value *string // nil if it is not set
}

type options []option

// hz is the only option that C programs need as a number.
const hz = "CONFIG_HZ"

// optionNames are the options that matter to BPF, in bpftool's order.
const optionNames = "CONFIG_BPF CONFIG_BPF_SYSCALL CONFIG_HAVE_EBPF_JIT CONFIG_BPF_JIT CONFIG_BPF_JIT_ALWAYS_ON " +
	"CONFIG_DEBUG_INFO_BTF CONFIG_DEBUG_INFO_BTF_MODULES CONFIG_CGROUPS CONFIG_CGROUP_BPF CONFIG_CGROUP_NET_CLASSID " +
	"CONFIG_SOCK_CGROUP_DATA CONFIG_BPF_EVENTS CONFIG_KPROBE_EVENTS CONFIG_UPROBE_EVENTS CONFIG_TRACING " +
	"CONFIG_FTRACE_SYSCALLS CONFIG_FUNCTION_ERROR_INJECTION CONFIG_BPF_KPROBE_OVERRIDE CONFIG_NET CONFIG_XDP_SOCKETS " +
	"CONFIG_LWTUNNEL_BPF CONFIG_NET_ACT_BPF CONFIG_NET_CLS_BPF CONFIG_NET_CLS_ACT CONFIG_NET_SCH_INGRESS CONFIG_XFRM " +
	"CONFIG_IP_ROUTE_CLASSID CONFIG_IPV6_SEG6_BPF CONFIG_BPF_LIRC_MODE2 CONFIG_BPF_STREAM_PARSER " +
	"CONFIG_NETFILTER_XT_MATCH_BPF CONFIG_TEST_BPF " + hz

// readSystem reads how BPF is configured. trouble are the sentences about what could not be read. Macros
// have no settings.
func readSystem(macros bool) (s *System, trouble []string) {
	s = &System{}
	switch {
	case macros:
	case bpffs.HoldsType("/proc", unix.PROC_SUPER_MAGIC):
		s.Settings = &Settings{
			Unprivileged: setting("kernel/unprivileged_bpf_disabled"),
			Enable:       setting("net/core/bpf_jit_enable"), Harden: setting("net/core/bpf_jit_harden"),
			Kallsyms: setting("net/core/bpf_jit_kallsyms"), Limit: setting("net/core/bpf_jit_limit"),
		}
	default:
		trouble = append(trouble, "/* procfs not mounted, skipping related probes */")
	}
	config, err := kconfig.Read()
	if err != nil {
		return s, append(trouble, "skipping kernel config, "+unread(err))
	}
	s.Options = chosen(config)
	return s, trouble
}

// unread returns why the configuration of the kernel could not be read.
func unread(err error) string {
	switch {
	case errors.Is(err, kconfig.ErrOther):
		return "can't find correct file"
	case errors.Is(err, os.ErrNotExist):
		err = unix.ENOENT
	}
	return "can't open file: " + names.Reason(err)
}

// setting reads a sysctl, which is a number, or -1 if it cannot.
func setting(name string) int64 {
	text, err := os.ReadFile("/proc/sys/" + name)
	if err != nil {
		return -1
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(string(text), "\n"), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// chosen returns the options that matter of a configuration.
func chosen(config map[string]string) (list options) {
	for _, name := range strings.Fields(optionNames) {
		o := option{name: name}
		if value, ok := config[name]; ok {
			o.value = &value
		}
		list = append(list, o)
	}
	return list
}

// Plain implements [render.Fact].
func (s *System) Plain(w *bufio.Writer) {
	if s.Settings != nil {
		s.Settings.Plain(w)
	}
	for _, o := range s.Options {
		if o.value == nil {
			fmt.Fprintf(w, "%s is not set\n", o.name)
		} else {
			fmt.Fprintf(w, "%s is set to %s\n", o.name, *o.value)
		}
	}
}

// Plain writes the settings as sentences.
func (s *Settings) Plain(w *bufio.Writer) {
	sentence(w, s.Unprivileged, "Unable to retrieve required privileges for bpf() syscall", "bpf() syscall restriction has unknown value",
		"bpf() syscall for unprivileged users is enabled",
		"bpf() syscall restricted to privileged users (without recovery)",
		"bpf() syscall restricted to privileged users (admin can change)")
	sentence(w, s.Enable, "Unable to retrieve JIT-compiler status", "JIT-compiler status has unknown value",
		"JIT compiler is disabled", "JIT compiler is enabled", "JIT compiler is enabled with debugging traces in kernel logs")
	sentence(w, s.Harden, "Unable to retrieve JIT hardening status", "JIT hardening status has unknown value",
		"JIT compiler hardening is disabled", "JIT compiler hardening is enabled for unprivileged users", "JIT compiler hardening is enabled for all users")
	sentence(w, s.Kallsyms, "Unable to retrieve JIT kallsyms export status", "JIT kallsyms exports status has unknown value",
		"JIT compiler kallsyms exports are disabled", "JIT compiler kallsyms exports are enabled for root")
	const limit = "global memory limit for JIT compiler for unprivileged users"
	if s.Limit == -1 {
		w.WriteString("Unable to retrieve " + limit + "\n")
	} else {
		fmt.Fprintf(w, "G%s is %d bytes\n", limit[1:], s.Limit)
	}
}

// sentence writes what a value of a setting means: unread for -1, else one of meanings, or unknown and the number.
func sentence(w *bufio.Writer, value int64, unread, unknown string, meanings ...string) {
	switch {
	case value == -1:
		fmt.Fprintln(w, unread)
	case value >= 0 && value < int64(len(meanings)):
		fmt.Fprintln(w, meanings[value])
	default:
		fmt.Fprintf(w, "%s %d\n", unknown, value)
	}
}

// macros writes the options that C programs use.
func (s *System) macros(w *bufio.Writer, prefix string) {
	for _, o := range s.Options {
		switch {
		case o.name != hz:
		case o.value == nil:
			fmt.Fprintf(w, "/* %s%s is not set */\n", prefix, o.name)
		default:
			fmt.Fprintf(w, "#define %s%s %s\n", prefix, o.name, *o.value)
		}
	}
}

// MarshalJSON implements [json.Marshaler].
func (s *System) MarshalJSON() ([]byte, error) {
	if s.Settings == nil {
		return s.Options.MarshalJSON()
	}
	return render.Join(s.Settings, s.Options)
}

// UnmarshalJSON implements [json.Unmarshaler].
func (s *System) UnmarshalJSON(b []byte) error {
	keys, err := members(b)
	if err != nil {
		return err
	}
	s.Options = nil
	for _, m := range keys {
		switch {
		case !strings.HasPrefix(m.key, "CONFIG_"):
			s.Settings = &Settings{}
		default:
			o := option{name: m.key}
			if err := json.Unmarshal(m.value, &o.value); err != nil {
				return err
			}
			s.Options = append(s.Options, o)
		}
	}
	if s.Settings == nil {
		return nil
	}
	return json.Unmarshal(b, s.Settings)
}

// MarshalJSON implements [json.Marshaler].
func (list options) MarshalJSON() ([]byte, error) {
	return object(list, func(o option) (string, any) { return o.name, o.value })
}
