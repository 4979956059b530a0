package denied

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

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
	traces := slices.Contains(w.asked.needs, needs.Perfmon)
	switch mode := hides(name); {
	case !ok, c == needs.SysAdmin && !traces: // others never have it
		return nil
	case w.abroad():
		return cause(verdict.Denied, "the process is in a user namespace (%s): without %s in the initial one, or a token, the verifier does not know the helper %s", w.Namespace, c, name)
	case len(w.lacks([]needs.Capability{c})) > 0:
		return w.missing([]needs.Capability{c}, "without it the verifier does not know the helper "+name)
	case mode == "" || !traces:
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
		case line == "", statistics().MatchString(line):
		case trace().MatchString(line):
			return ""
		default:
			return line
		}
	}
	return ""
}

// Lines of the verifier's log: about its work, and about instructions, source lines and states.
var (
	statistics = pattern(`^(processed|verification time|stack depth|max_states_per_insn|mark_read) `)
	trace      = pattern(`^(\d+: |;|from \d+ to \d+|mark_precise: |R\d+_?\w*=|Func#|Validating )`)
)

// pattern compiles a pattern when it is first asked for: most commands do not.
func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
