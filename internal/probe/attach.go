package probe

import (
	"errors"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// An Attach is a way to attach programs.
type Attach struct {
	Type names.AttachType
	Prog names.ProgType // the type of programs that it was tried with
	// Queried tells that the kernel was asked what is attached, instead of to load a program.
	Queried bool
	Outcome
}

// attachTypes returns the ways that are asked about, each with the programs for it: as the names of sections
// say.
func attachTypes() (list []Attach) {
	progs := map[string]names.ProgType{"perf_event": progType("tracepoint"), "struct_ops": progType("struct_ops")}
	for name := range names.SectionNames {
		if s, _ := names.ParseSection(name); s.Attaches && progs[s.Attach.String()] == 0 {
			progs[s.Attach.String()] = s.Type
		}
	}
	for i, word := range names.AttachTypes() {
		list = append(list, Attach{Type: names.AttachType(i), Prog: progs[word]})
	}
	return list
}

// attachType finds out whether the kernel knows a way to attach programs: by what it refuses to attach to
// nothing, or to load.
func (q *question) attachType(a *Attach) Outcome {
	word := a.Type.String()
	switch word {
	case "sk_lookup", "netfilter", "sk_reuseport_select", "sk_reuseport_select_or_migrate":
		return minded(a)
	case "xdp_devmap", "xdp_cpumap":
		return wideMap(strings.TrimPrefix(word, "xdp_"))
	case "sk_skb_stream_parser", "sk_skb_stream_verdict", "sk_skb_verdict", "sk_msg_verdict":
		return attached(a)
	case "xdp", "perf_event", "struct_ops":
		return q.link(word)
	case "trace_kprobe_multi", "trace_kprobe_session":
		return linkTrial{prog: "kprobe", expected: word, attach: word, rest: kprobesNowhere, known: unix.EFAULT}.outcome()
	case "trace_uprobe_multi", "trace_uprobe_session":
		return linkTrial{prog: "kprobe", expected: word, attach: word, rest: uprobesNowhere, known: unix.EFAULT}.outcome()
	case "tcx_ingress", "tcx_egress", "netkit_primary", "netkit_peer":
		return a.query(unix.ENODEV)
	}
	if strings.HasPrefix(word, "trace_") || word == "modify_return" || strings.HasPrefix(word, "lsm_") {
		return q.place(word).Outcome
	}
	return a.query(unix.EBADF)
}

// none is a descriptor that is not open, and the index of no network device.
const none = 1<<32 - 1

// told is the outcome of a probe that is refused with one error if the kernel knows what is asked for, and with another
// if not.
func told(err error, known unix.Errno) Outcome { return Outcome{Able: errors.Is(err, known), Err: err} }

// query asks what is attached to nothing.
func (a *Attach) query(known unix.Errno) Outcome {
	a.Queried = true
	_, _, err := bpf.Query(none, uint32(a.Type))
	return told(err, known)
}

// attached attaches a program to a map that is none.
func attached(a *Attach) Outcome {
	fd, err := simple(a.Prog, "")
	if err != nil {
		return Outcome{Err: err}
	}
	defer fd.Close()
	return told(bpf.AttachProg(fd, -1, uint32(a.Type)), unix.EBADF)
}

// errIgnored says that the kernel loads programs without a look at how they will be attached.
var errIgnored = errors.New("the kernel does not look at the attach type")

// minded loads a program that is for an attach type, and another that is for one that does not fit: kernels that take
// both do not look at it.
func minded(a *Attach) Outcome {
	fd, err := simple(a.Prog, a.Type.String())
	if err != nil {
		return Outcome{Err: err}
	}
	fd.Close()
	if fd, err = simple(a.Prog, "cgroup_inet_egress"); err == nil {
		fd.Close()
		return Outcome{Err: errIgnored}
	}
	return Outcome{Able: true}
}

// wideMap makes a map in which programs for packets can be.
func wideMap(word string) Outcome {
	t, _ := names.ParseMapType(word)
	spec := mapSpec(t)
	spec.ValueSize = 8 // also the descriptor of a program
	return made(spec)
}

// simple loads a program that does nothing, for an attach type or if that is "" for that which it must have. It belongs
// to the caller.
func simple(t names.ProgType, expected string) (bpf.FD, error) {
	try := trialOf(t)
	if expected == "" {
		expected = try.attach
	}
	fd, _, err := bpf.LoadProg(&bpf.ProgSpec{
		Type: uint32(t), AttachType: attachNumber(expected), License: "GPL", Insns: code(ret0...), Flags: try.flags,
	}, nil)
	return fd, err
}

// attachNumber returns the number of an attach type, 0 for "".
func attachNumber(word string) uint32 {
	a, _ := names.ParseAttachType(word)
	return uint32(a)
}

// progType returns the type of programs that a word is for.
func progType(word string) names.ProgType {
	t, _ := names.ParseProgType(word)
	return t
}
