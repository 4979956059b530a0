package denied

import (
	"fmt"
	"slices"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
)

// A Request is what was asked of the kernel. The functions of this file make them.
type Request struct {
	// Token is the directory of the BPF file system of which the token was made that the request
	// had, or empty if it had none.
	Token string
	// Log is what the verifier said, or the kernel of types.
	Log string

	what    string // several of it, such as "programs of type xdp"
	command bpf.Command
	perf    bool // it is perf_event_open(2) instead

	needs   []needs.Capability
	free    []needs.Capability // instead, where the setting allows it to all
	setting string             // a name of sysctl(8), or empty

	delegated     func(*bpffs.Delegation) string // what a token of it is not allowed, or ""; nil if tokens are of no use
	alwaysNet     bool                           // before Linux 6.9, CAP_SYS_ADMIN was not as good as CAP_NET_ADMIN
	patchesKernel bool                           // what the kernel executes would be changed
}

// is reports whether the request is a command of bpf(2).
func (r *Request) is(c bpf.Command) bool { return !r.perf && r.command == c }

// The settings that decide whether rights are needed.
const (
	unprivileged = "kernel.unprivileged_bpf_disabled"
	paranoid     = "kernel.perf_event_paranoid"
)

// Map is to make a map of a type with flags BPF_F_*.
func Map(t names.MapType, flags uint32) Request {
	return Request{
		what: fmt.Sprintf("maps of type %s", t), command: bpf.MapCreate,
		needs: needs.ToCreate(t, flags, true), free: needs.ToCreate(t, flags, false), setting: unprivileged,
		alwaysNet: true,
		delegated: func(d *bpffs.Delegation) string {
			return lacking("delegate_maps", d.Maps, t.String(), uint32(t))
		},
	}
}

// Prog is to load a program of a type that expects to be attached as an attach type says.
func Prog(t names.ProgType, attach names.AttachType) Request {
	return Request{
		what: fmt.Sprintf("programs of type %s", t), command: bpf.ProgLoad,
		needs: needs.ToLoad(t, true), free: needs.ToLoad(t, false), setting: unprivileged,
		patchesKernel: patches(t, attach),
		delegated: func(d *bpffs.Delegation) string {
			if lack := lacking("delegate_progs", d.Progs, t.String(), uint32(t)); lack != "" {
				return lack
			}
			return lacking("delegate_attachs", d.Attachs, attach.String(), uint32(attach))
		},
	}
}

// patches reports whether programs are called by trampolines, for which the kernel changes its code
// while it loads them.
func patches(t names.ProgType, attach names.AttachType) bool {
	switch t.String() {
	case "ext", "lsm":
		return true
	case "tracing":
		return !slices.Contains([]string{"trace_raw_tp", "trace_iter"}, attach.String())
	}
	return false
}

// Types is to load BTF.
func Types() Request {
	return Request{
		what: "BTF objects", command: bpf.BTFLoad, needs: needs.ToLoadTypes(), free: needs.ToLoadTypes(),
		delegated: func(*bpffs.Delegation) string { return "" },
	}
}

// Link is to attach a program of a type by a link.
func Link(t names.ProgType) Request {
	return Request{
		what: fmt.Sprintf("links of programs of type %s", t), command: bpf.LinkCreate,
		needs: needs.ToAttach(t), free: needs.ToAttach(t), alwaysNet: true,
		delegated: func(*bpffs.Delegation) string { return "" },
	}
}

// Token is to make a token of the BPF file system that is mounted on a directory.
func Token(dir string) Request {
	list := []needs.Capability{needs.BPF}
	return Request{Token: dir, what: "tokens", command: bpf.TokenCreate, needs: list, free: list}
}

// ByID is to find programs, maps, links or BTF by their IDs, or IDs themselves.
func ByID() Request {
	list := []needs.Capability{needs.SysAdmin}
	return Request{what: "objects found by ID", command: bpf.ProgByID, needs: list, free: list}
}

// Query is to ask what is attached.
func Query() Request {
	list := []needs.Capability{needs.NetAdmin}
	return Request{what: "questions for what is attached", command: bpf.ProgQuery, needs: list, free: list, alwaysNet: true}
}

// PerfEvent is to open a perf event that sees the kernel or all tasks.
func PerfEvent() Request {
	return Request{what: "perf events", perf: true, needs: []needs.Capability{needs.Perfmon}, setting: paranoid}
}

// lacking says which option of a mount does not delegate a type, and what it is; or nothing.
func lacking(option string, set bpffs.Allowed, word string, number uint32) string {
	switch {
	case set.Has(word, number):
		return ""
	case set == nil:
		return fmt.Sprintf("the mount has no option %s", option)
	}
	return fmt.Sprintf("the mount's option %s=%s lacks %s", option, set, word)
}
