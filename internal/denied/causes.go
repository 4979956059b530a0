package denied

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
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

// verifier looks for what the kernel says of the program or types itself.
func (w why) verifier() *Cause {
	line := lastWords(w.asked.Log)
	if line == "" {
		return nil
	}
	if c := w.helper(line); c != nil {
		return c
	}
	c := cause(verdict.No, "the kernel says: %s", line)
	if lack := w.lacks([]needs.Capability{needs.Perfmon, needs.BPF}); len(lack) > 0 {
		return c.hinted("the verifier asks more of programs of those who lack %s", and(lack))
	}
	return c
}

// helper looks for a helper that the verifier hides from those without rights.
func (w why) helper(line string) *Cause {
	name := helperIn(line)
	c, ok := needs.HelperNeeds(name)
	switch mode := hides(name); {
	case !ok:
		return nil
	case w.abroad():
		return cause(verdict.Denied, "the process is in a user namespace (%s): without %s in the initial one, or a token, the verifier does not know the helper %s", w.Namespace, c, name)
	case len(w.lacks([]needs.Capability{c})) > 0:
		return w.missing([]needs.Capability{c}, "without it the verifier does not know the helper "+name)
	case mode == "" || !slices.Contains(w.asked.needs, needs.Perfmon): // others never have it
		return nil
	case w.Lockdown == confidentiality || w.Lockdown == mode:
		return cause(verdict.Denied, "the kernel is locked down, which takes the helper %s away (/sys/kernel/security/lockdown: %s)", name, w.Lockdown)
	}
	return nil
}

// Modes of the lockdown of the kernel.
const (
	integrity       = "integrity"
	confidentiality = "confidentiality"
)

// hides returns the least mode of lockdown in which a helper does not exist, or nothing.
//
// Source: security_locked_down in kernel/trace/bpf_trace.c and kernel/bpf/helpers.c.
func hides(helper string) string {
	switch helper {
	case "bpf_probe_write_user":
		return integrity
	case "bpf_probe_read", "bpf_probe_read_str", "bpf_probe_read_kernel", "bpf_probe_read_kernel_str":
		return confidentiality
	}
	return ""
}

// helperIn returns the helper that a line of the verifier's log says not to be there, or nothing.
func helperIn(line string) string {
	for _, before := range []string{"cannot use helper ", "unknown func "} { // the latter before Linux 6.5
		if _, rest, ok := strings.Cut(line, before); ok {
			name, _, _ := strings.Cut(rest, "#")
			return name
		}
	}
	return ""
}

// lastWords returns the last line of a log if it says what is wrong, nothing if the log ends
// with what the verifier looked at.
func lastWords(log string) string {
	log, _, _ = strings.Cut(log, "\x00")
	log, _, _ = strings.Cut(log, "\nVerification failed: ") // since Linux 7.3, the same in many lines
	for _, line := range slices.Backward(strings.Split(log, "\n")) {
		line = strings.TrimSpace(line)
		switch {
		case line == "", statistics.MatchString(line):
		case trace.MatchString(line):
			return ""
		default:
			return line
		}
	}
	return ""
}

// Lines of the verifier's log: about its work, and about instructions, source lines and states.
var (
	statistics = regexp.MustCompile(`^(processed|verification time|stack depth|max_states_per_insn|mark_read) `)
	trace      = regexp.MustCompile(`^(\d+: |;|from \d+ to \d+|mark_precise: |R\d+_?\w*=|Func#|Validating )`)
)

// token looks for why no token could be made.
func (w why) token() *Cause {
	if !w.asked.is(bpf.TokenCreate) {
		return nil
	}
	dir := w.asked.Token
	old := w.Kernel.Compare(names.Version{Major: 6, Minor: 9}) < 0 && w.delegation() == nil
	switch e := w.errno; {
	case old && (e == unix.EINVAL || e == unix.EPERM): // the latter before it looks at the command
		return cause(verdict.No, "tokens came with Linux 6.9, and this is %s", w.Kernel)
	case e == unix.EOPNOTSUPP, e == unix.EPERM && w.Namespace == "":
		return cause(verdict.No, "the process is in the initial user namespace, where capabilities count and there are no tokens")
	case e == unix.ENOENT:
		return cause(verdict.Denied, "the BPF file system on %s delegates nothing: its mount has no option that starts with delegate_", dir)
	case e == unix.EINVAL:
		return cause(verdict.No, "no BPF file system is mounted on %s", dir)
	case e == unix.EPERM && w.Known && w.Effective.Has(needs.BPF):
		return cause(verdict.Denied, "the BPF file system on %s belongs to another user namespace than the process (%s)", dir, w.Namespace)
	}
	return nil
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

// namespace looks for a user namespace in which capabilities do not count.
func (w why) namespace() *Cause {
	needed, because := w.needed()
	if w.Namespace == "" || !w.ofRights() || w.asked.is(bpf.TokenCreate) || len(needed) == 0 {
		return nil
	}
	said := fmt.Sprintf("%s need %s%s", w.asked.what, and(needed), because)
	switch {
	case w.asked.delegated == nil:
		return cause(verdict.Denied, "the process is in a user namespace (%s), where capabilities do not count: %s", w.Namespace, said).
			hinted("run it outside of the namespace")
	case w.abroad():
		return cause(verdict.Denied, "the process is in a user namespace (%s), where capabilities do not count without a token: %s", w.Namespace, said).
			hinted("%s", w.delegate())
	}
	if lack := w.undelegated(); lack != "" {
		return cause(verdict.Denied, "the token of %s does not allow it: %s; without that, capabilities do not count in a user namespace (%s), and %s", w.asked.Token, lack, w.Namespace, said)
	}
	return nil // the token is as good as the initial namespace, but capabilities must be there
}

// delegation returns what the mount delegates of which the token of the request is, or nil if
// none is to be seen.
func (w why) delegation() *bpffs.Delegation {
	for i := range w.Delegations {
		if d := &w.Delegations[i]; d.Dir == w.asked.Token {
			return d
		}
	}
	return nil
}

// undelegated says what the token of the request is not allowed, or nothing.
func (w why) undelegated() string {
	d := w.delegation()
	if d == nil {
		return ""
	}
	if lack := lacking("delegate_cmds", d.Cmds, w.asked.command.String(), uint32(w.asked.command)); lack != "" {
		return lack
	}
	return w.asked.delegated(d)
}

// capability looks for capabilities that are missing.
func (w why) capability() *Cause {
	needed, because := w.needed()
	if missing := w.lacks(needed); w.ofRights() && len(missing) > 0 {
		it := "it"
		if len(missing) > 1 {
			it = "them"
		}
		if !slices.Contains(missing, needs.BPF) && w.asked.setting == unprivileged {
			because = "" // it is CAP_BPF that the setting asks for
		}
		c := w.missing(missing, fmt.Sprintf("%s need %s%s", w.asked.what, it, because))
		if because != "" && len(w.asked.free) == 0 {
			c.Hint += w.relax()
		}
		return c
	}
	return nil
}

// needed returns the capabilities that the request needs, and the setting because of which
// it does, in words to put behind them.
func (w why) needed() (list []needs.Capability, because string) {
	list = w.asked.needs
	value := w.Settings[w.asked.setting]
	if w.allows(value) {
		return w.old(w.asked.free), ""
	}
	if len(list) != len(w.asked.free) && value != "" {
		because = fmt.Sprintf(", as %s is %s", w.asked.setting, value)
		if len(w.asked.free) > 0 {
			because = fmt.Sprintf(", the last as %s is %s", w.asked.setting, value)
		}
	}
	return w.old(list), because
}

// allows reports whether with a value of the setting of the request everybody may do it.
func (w why) allows(value string) bool {
	if w.asked.setting == paranoid {
		return value == "-1"
	}
	return value == "0"
}

// old returns what Linux before 5.8 needs instead of some capabilities: it knows neither
// CAP_BPF nor CAP_PERFMON.
func (w why) old(list []needs.Capability) []needs.Capability {
	if w.Last == 0 || w.Last >= needs.BPF {
		return list
	}
	list = slices.Clone(list)
	for i, c := range list {
		if c > w.Last {
			list[i] = needs.SysAdmin
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// abroad reports whether the process is in a user namespace where its capabilities do not count.
func (w why) abroad() bool {
	return w.Namespace != "" && w.asked.Token == ""
}

// lacks returns those of some capabilities that the process does not have, nor another that
// is as good. Where capabilities cannot be read it lacks none that is known, and
// elsewhere than in the initial user namespace all, without a token.
func (w why) lacks(list []needs.Capability) (missing []needs.Capability) {
	for _, c := range list {
		if w.abroad() || w.Known && !w.Effective.Has(c) && !w.adminIsAsGood(c) {
			missing = append(missing, c)
		}
	}
	return missing
}

func (w why) adminIsAsGood(c needs.Capability) bool {
	strict := c == needs.NetAdmin && w.asked.alwaysNet && w.Kernel.Compare(names.Version{Major: 6, Minor: 9}) < 0
	return w.Effective.Has(needs.SysAdmin) && !strict && !w.asked.is(bpf.TokenCreate)
}

// missing says that capabilities are, and what for.
func (w why) missing(list []needs.Capability, why string) *Cause {
	is := "is"
	if len(list) > 1 {
		is = "are"
	}
	c := cause(verdict.Denied, "%s %s missing: %s (CapEff: %016x)", and(list), is, why, uint64(w.Effective))
	c.Missing = list
	c.Hint = w.obtain(list)
	return c
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
