package survey

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/denied"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/probe"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// A judge tells what the outcomes of probes mean for those who asked.
type judge struct{ *denied.Standing }

// enotsupp is what the kernel says of what it cannot do. No header of user space has it.
//
// Source: ENOTSUPP, include/linux/errno.h of the kernel.
const enotsupp = unix.Errno(524)

// of returns what an outcome means. done is the evidence where it is able; asked is what would have been denied.
func (j judge) of(o probe.Outcome, asked denied.Request, done string) verdict.Verdict {
	switch {
	case o.Able && o.Err == nil:
		return yes("%s", done)
	case o.Able && o.Said != "":
		return yes("it is known: the verifier says '%s'", o.Said)
	case errors.Is(o.Err, probe.ErrUntold):
		return unknown("%s", o.Err)
	case refused(o), j.Stopped(asked):
		return j.denied(o, asked)
	case o.Able:
		return yes("it is known: the answer is '%s'", reason(o.Err))
	case isNo(o.Err) && o.Said != "":
		return no("the verifier says '%s'", o.Said)
	case isNo(o.Err):
		return no("the answer is '%s'", reason(o.Err))
	}
	return unknown("the answer is '%s', which does not tell", reason(o.Err))
}

// syscall says whether there is bpf(2).
func (j judge) syscall(o probe.Outcome) verdict.Verdict {
	asked := denied.Prog(0, 0)
	if o.Able && !j.Stopped(asked) {
		return yes("the answer to a program without instructions is '%s'", reason(o.Err))
	}
	return j.denied(o, asked)
}

// refused reports whether an outcome tells of who asks rather than of the kernel. With EACCES the verifier refuses programs, and
// says why; where nothing is said it was a security module, such as SELinux.
func refused(o probe.Outcome) bool {
	return errors.Is(o.Err, unix.EPERM) || errors.Is(o.Err, unix.ENOSYS) || errors.Is(o.Err, unix.EACCES) && o.Said == ""
}

// isNo reports whether an error is one with which the kernel refuses what it does not know, or cannot do.
func isNo(err error) bool {
	for _, e := range []unix.Errno{unix.EINVAL, unix.EOPNOTSUPP, enotsupp, unix.E2BIG, unix.EACCES} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// denied returns why something was refused.
func (j judge) denied(o probe.Outcome, asked denied.Request) verdict.Verdict {
	asked.Log = o.Said
	c := j.Why(asked, o.Err)
	v := c.Verdict
	if c.Answer != verdict.Unknown {
		v.Evidence = "the answer is '" + reason(o.Err) + "': " + v.Evidence
	}
	return v
}

// helper returns whether programs of a type may call a helper. The verifier does not know some of them where
// rights are missing, so that its no may be meant for whoever asks.
func (j judge) helper(t names.ProgType, o probe.Outcome) verdict.Verdict {
	asked := denied.Prog(t, 0)
	if !o.Able && o.Said != "" {
		asked.Log = o.Said
		if c := j.Why(asked, unix.EINVAL); c.Answer == verdict.Denied {
			return c.Verdict
		}
	}
	return j.of(o, asked, "a program that calls it was loaded")
}

// types says whether the kernel has types: one of the BTF objects that it has from the start.
func (j judge) types(id uint32, err error) verdict.Verdict {
	switch {
	case err != nil && refused(probe.Outcome{Err: err}):
		return unknown("who lacks CAP_SYS_ADMIN cannot look for it by ID: the answer is '%s'", reason(err))
	case err != nil:
		return unknown("the answer is '%s', which does not tell", reason(err))
	case id == 0 && !j.Kernel.IsZero() && j.Kernel.Compare(names.Version{Major: 5, Minor: 11}) < 0:
		return unknown("before Linux 5.11 the kernel's types have no ID")
	case id == 0:
		return no("no BTF object is called vmlinux")
	}
	return yes("the BTF object with ID %d is called vmlinux", id)
}

// capability says whether whoever asks has a capability that counts.
func (j judge) capability(c needs.Capability) verdict.Verdict {
	switch {
	case !j.Known:
		return unknown("which capabilities the process has cannot be read")
	case !j.Effective.Has(c) && c > needs.Syslog && j.Last < needs.BPF && j.Effective.Has(needs.SysAdmin):
		return yes("the kernel does not know it, and asks for CAP_SYS_ADMIN instead")
	case !j.Effective.Has(c):
		return verdict.Verdict{Answer: verdict.Denied, Evidence: fmt.Sprintf("the process does not have it (CapEff: %016x)", uint64(j.Effective))}
	case j.Namespace != "":
		return verdict.Verdict{Answer: verdict.Denied, Evidence: fmt.Sprintf("it does not count in a user namespace (%s)", j.Namespace)}
	}
	return yes("CapEff: %016x", uint64(j.Effective))
}

// reason spells an error, by the name of the kernel where user space has none.
func reason(err error) string {
	switch {
	case err == nil:
		return "nothing"
	case errors.Is(err, enotsupp):
		return "ENOTSUPP"
	}
	return names.Reason(err)
}
