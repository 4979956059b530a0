package denied

import (
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/verdict"
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

// namespace looks for a user namespace in which capabilities do not count.
func (w why) namespace() *Cause {
	needed := w.needed()
	if w.Namespace == "" || !w.ofRights() || w.asked.is(bpf.TokenCreate) || len(needed) == 0 {
		return nil
	}
	said := fmt.Sprintf("%s need %s%s", w.asked.what, and(needed), w.because(needed))
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

// abroad reports whether the process is in a user namespace where its capabilities do not count.
func (w why) abroad() bool {
	return w.Namespace != "" && w.asked.Token == ""
}
