package denied

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// notEstablished says what was looked at.
func (w why) notEstablished() Cause {
	var seen []string
	add := func(format string, a ...any) { seen = append(seen, fmt.Sprintf(format, a...)) }
	switch needed := w.needed(); {
	case !w.Known:
		add("which capabilities the process has cannot be read")
	case !w.ofRights():
		add("it is not by '%s' that the kernel asks for capabilities", names.Strerror(w.errno))
	case len(needed) == 0:
		add("it takes no capability")
	default:
		add("no capability that it takes is missing (CapEff: %016x)", uint64(w.Effective))
	}
	switch {
	case w.Namespace != "":
		add("the process is in a user namespace (%s)", w.Namespace)
	case w.Known:
		add("the process is in the initial user namespace")
	}
	if w.Known {
		add("%s", w.seccomp())
	} else {
		add("nor can whether it is in a user namespace, or a seccomp filter is active")
	}
	if w.asked.patchesKernel {
		add("the verifier says nothing, as where a kernel forbids to patch its functions")
	}
	if w.Modules == nil {
		add("which security modules are active cannot be read (/sys/kernel/security/lsm)")
	} else {
		add("a security module may forbid it (%s)", strings.Join(w.Modules, ", "))
	}
	return *cause(verdict.Denied, "the cause is not established: %s", strings.Join(seen, "; "))
}

// seccomp says how that stands where it is not the cause.
func (w why) seccomp() string {
	answer, tried := w.Reached[w.asked.command]
	switch {
	case !w.Filtered:
		return "no seccomp filter is active"
	case tried && !w.asked.perf && errors.Is(answer, unix.E2BIG):
		return fmt.Sprintf("the seccomp filter lets the command %s through", w.asked.command)
	}
	return "a seccomp filter is active, and may forbid it"
}

// delegate says how a process in a user namespace gets a token.
func (w why) delegate() string {
	if len(w.Delegations) > 0 {
		return fmt.Sprintf("the BPF file system on %s delegates: name it by LIBBPF_BPF_TOKEN_PATH", w.Delegations[0].Dir)
	}
	return "run it outside of the namespace, or mount a BPF file system with options such as delegate_cmds for it and name the directory by LIBBPF_BPF_TOKEN_PATH"
}

// Obtain says how a process gets capabilities that it has not.
func (s *Standing) Obtain(list []needs.Capability) string {
	var outside []needs.Capability // whoever started the process took them away for good
	for _, c := range list {
		if !s.Bounding.Has(c) {
			outside = append(outside, c)
		}
	}
	switch {
	case len(outside) > 0:
		return fmt.Sprintf("the process cannot get %s (CapBnd: %016x): what starts it must leave it that, such as docker run --cap-add or CapabilityBoundingSet= of systemd", and(outside), uint64(s.Bounding))
	case s.UID == 0:
		return fmt.Sprintf("the process is root, but was started without %s", and(list))
	case s.NoNewPrivs:
		return "run as root: files give no capabilities to this process (NoNewPrivs: 1)"
	}
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = strings.ToLower(c.String())
	}
	return fmt.Sprintf("run as root, or: setcap %s=ep FILE, for the file of the program", strings.Join(names, ","))
}

// relax says how to allow the request to all users, behind other advice.
func (w why) relax() string {
	switch value := w.Settings[w.asked.setting]; {
	case w.asked.setting == paranoid:
		return "; for all users: sysctl " + paranoid + "=-1"
	case value == "2":
		return "; for all users: sysctl " + unprivileged + "=0"
	default:
		return "; the setting stays " + value + " until the next boot"
	}
}

// and lists capabilities, as in "CAP_NET_ADMIN, CAP_PERFMON and CAP_BPF".
func and(list []needs.Capability) string {
	var b strings.Builder
	for i, c := range list {
		switch {
		case i > 0 && i == len(list)-1:
			b.WriteString(" and ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(c.String())
	}
	return b.String()
}

// reason spells what a filter answers, which may be nothing at all.
func reason(answer error) string {
	if answer == nil {
		return "success"
	}
	return names.Reason(answer)
}
