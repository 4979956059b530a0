package survey

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/probe"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// The security rows.
const (
	lsmActive   = "bpf among the active security modules"
	readsKernel = "programs read the kernel's memory (lockdown)"
	tokens      = "tokens that delegate rights"
	writesUser  = "programs write to the memory of processes (lockdown)"
)

// lsm says whether programs of security modules are asked: they are only if the kernel was started so.
func (j judge) lsm() verdict.Verdict {
	list := strings.Join(j.Modules, ",")
	switch {
	case j.Modules == nil:
		return unknown("neither /sys/kernel/security/lsm can be read nor lsm_list_modules(2) is there")
	case slices.Contains(j.Modules, "bpf"):
		return yes("%s has it: %s", j.ModulesFrom, list)
	}
	return no("%s does not have it: %s", j.ModulesFrom, list)
}

// lsm says whether programs of security modules could be asked.
func (m *model) lsm() verdict.Verdict {
	const hook = "bpf_lsm_file_open"
	switch {
	case m.why != "":
		return unknown("%s", m.why)
	case m.funcs[hook]:
		return unknown("there is %s: whether the kernel was started with it (lsm=) is not told", hook)
	}
	return no("there is no %s: CONFIG_BPF_LSM is not set", hook)
}

// lockdown says whether the kernel allows something that it does not in some modes of its lockdown. Where the mode
// cannot be read, a helper tells that is not there in these.
func (j judge) lockdown(helper *probe.Outcome, modes ...string) verdict.Verdict {
	const file = "/sys/kernel/security/lockdown"
	switch {
	case slices.Contains(modes, j.Lockdown):
		return verdict.Verdict{Answer: verdict.Denied, Evidence: file + ": " + j.Lockdown}
	case j.Lockdown != "":
		return yes("%s: %s", file, j.Lockdown)
	case helper != nil && helper.Able && !refused(*helper):
		return yes("%s cannot be read, but the helper is there for programs of type kprobe", file)
	case helper != nil && helper.Said != "" && j.Known && j.Effective.Has(needs.SysAdmin) && j.Namespace == "":
		return verdict.Verdict{Answer: verdict.Denied, Evidence: fmt.Sprintf("%s cannot be read, but to programs of type kprobe the verifier says '%s', as if the kernel was locked down", file, helper.Said)}
	}
	return unknown("%s cannot be read", file)
}
