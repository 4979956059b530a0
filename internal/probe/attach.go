package probe

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// An Attach is a way to attach programs.
type Attach struct {
	Type names.AttachType
	Prog names.ProgType // the type of programs that it was tried with
	Outcome
}

// A Link is a type of links.
type Link struct {
	Type names.LinkType
	Outcome
}

// errIgnored says that the kernel loads programs without a look at how they will be attached.
var errIgnored = errors.New("the kernel does not look at the attach type")

// none is a descriptor that is not open, and the index of no network device.
const none = 1<<32 - 1

// attachTypes returns the ways that are asked about, each with the programs for it: as the names of sections
// say.
func attachTypes() (list []Attach) {
	progs := map[string]names.ProgType{"perf_event": 5, "struct_ops": 27}
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
	case "xdp_devmap":
		return wideMap("devmap")
	case "xdp_cpumap":
		return wideMap("cpumap")
	case "sk_skb_stream_parser", "sk_skb_stream_verdict", "sk_skb_verdict", "sk_msg_verdict":
		return attached(a)
	case "xdp":
		return q.link("xdp")
	case "perf_event", "struct_ops":
		return q.link(word)
	case "trace_kprobe_multi", "trace_kprobe_session":
		return linked(bpf.LinkTrial{Attach: uint32(a.Type), Rest: kprobesNowhere}, a.Prog, word, unix.EFAULT)
	case "trace_uprobe_multi", "trace_uprobe_session":
		return linked(bpf.LinkTrial{Attach: uint32(a.Type), Rest: uprobesNowhere}, a.Prog, word, unix.EFAULT)
	case "tcx_ingress", "tcx_egress", "netkit_primary", "netkit_peer":
		return queried(a.Type, unix.ENODEV)
	}
	if strings.HasPrefix(word, "trace_") || word == "modify_return" || strings.HasPrefix(word, "lsm_") {
		return q.place(word).Outcome
	}
	return queried(a.Type, unix.EBADF)
}

// What links to many functions of the kernel, or of a file, are said to be for: one that is named at an address where
// nothing is.
//
// Source: link_create.kprobe_multi and link_create.uprobe_multi, include/uapi/linux/bpf.h.
var (
	kprobesNowhere = [11]uint32{1: 1, 2: none, 3: none}
	uprobesNowhere = [11]uint32{0: none, 1: none, 2: none, 3: none, 8: 1}
)

// told is the outcome of a probe that is refused in one way if the kernel knows what is asked for, and in another if not.
func told(err error, known ...unix.Errno) Outcome {
	return Outcome{Able: slices.ContainsFunc(known, func(e unix.Errno) bool { return errors.Is(err, e) }), Err: err}
}

// queried asks what is attached to nothing.
func queried(a names.AttachType, known unix.Errno) Outcome {
	_, _, err := bpf.Query(none, uint32(a))
	return told(err, known)
}

// attached attaches a program to a map that is none.
func attached(a *Attach) Outcome {
	fd, err := simple(a.Prog, "")
	if err != nil {
		return Outcome{Err: err}
	}
	defer fd.Close()
	return told(bpf.AttachProg(fd, none, uint32(a.Type)), unix.EBADF)
}

// minded loads a program that is for an attach type, and another that is for none that fits: kernels that take both
// do not look at it.
func minded(a *Attach) Outcome {
	spec := bpf.ProgSpec{Type: uint32(a.Prog), AttachType: uint32(a.Type), License: "GPL", Insns: code(move(0), exit)}
	if err := tried(&spec, nil); err != nil {
		return Outcome{Err: err}
	}
	const egress = 1 // of cgroups
	spec.AttachType = egress
	if err := tried(&spec, nil); err == nil {
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

// simple loads a program that does nothing. It belongs to the caller.
func simple(t names.ProgType, attach string) (bpf.FD, error) {
	if attach == "" {
		attach = trialOf(t).attach
	}
	a, _ := names.ParseAttachType(attach)
	fd, _, err := bpf.LoadProg(&bpf.ProgSpec{
		Type: uint32(t), AttachType: uint32(a), License: "GPL", Insns: code(move(0), exit), Flags: trialOf(t).flags,
	}, nil)
	return fd, err
}

// linked asks for a link of a program that was loaded for an attach type. known are the errors of kernels that have
// such links.
func linked(try bpf.LinkTrial, t names.ProgType, attach string, known ...unix.Errno) Outcome {
	fd, err := simple(t, attach)
	if err != nil {
		return Outcome{Err: err}
	}
	defer fd.Close()
	try.Prog = fd
	return told(bpf.TryLink(try), known...)
}

// linkTypes returns the types of links that are asked about.
func linkTypes() (list []Link) {
	for i := range names.LinkTypes() {
		if i > 0 {
			list = append(list, Link{Type: names.LinkType(i)})
		}
	}
	return list
}

// link finds out whether the kernel has links of a type, by how it refuses one to nothing. The programs are of the
// first types that had such links.
func (q *question) link(word string) Outcome {
	// In the hardware of the loopback device, which has no such way to run programs, and never gets one. It has
	// the same index in each network namespace.
	const loopback, hardware = 1, 1 << 3
	switch word {
	case "raw_tracepoint":
		return rawLink()
	case "tracing":
		return extLink()
	case "cgroup":
		return linked(attachTo("cgroup_inet_ingress", none), 8, "cgroup_inet_ingress", unix.EBADF)
	case "iter":
		return q.iterLink()
	case "netns":
		return linked(attachTo("flow_dissector", none), 22, "", unix.EBADF)
	case "xdp":
		try := attachTo("xdp", loopback)
		try.Flags = hardware
		return linked(try, 6, "xdp", unix.EOPNOTSUPP)
	case "perf_event":
		return linked(attachTo("perf_event", none), 5, "", unix.EBADF)
	case "kprobe_multi", "uprobe_multi", "tracing_multi":
		return q.multiLink(word)
	case "struct_ops":
		return q.structLink()
	case "netfilter":
		return linked(attachTo("netfilter", 0), 32, "", unix.EAFNOSUPPORT)
	case "tcx":
		return linked(attachTo("tcx_ingress", none), 3, "", unix.ENODEV)
	case "netkit":
		return linked(attachTo("netkit_primary", none), 3, "", unix.ENODEV)
	case "sockmap":
		return linked(attachTo("sk_msg_verdict", none), 16, "", unix.EBADF)
	}
	return Outcome{Err: ErrUntold}
}

func attachTo(word string, target uint32) bpf.LinkTrial {
	a, _ := names.ParseAttachType(word)
	return bpf.LinkTrial{Attach: uint32(a), Target: target}
}

// multiLink asks for links to many functions.
func (q *question) multiLink(word string) Outcome {
	const kprobe = 2
	switch word {
	case "kprobe_multi":
		try := attachTo("trace_kprobe_multi", 0)
		try.Rest = kprobesNowhere
		return linked(try, kprobe, "trace_kprobe_multi", unix.EFAULT)
	case "uprobe_multi":
		try := attachTo("trace_uprobe_multi", 0)
		try.Rest = uprobesNowhere
		return linked(try, kprobe, "trace_uprobe_multi", unix.EFAULT)
	}
	fd, err := q.place("trace_fentry_multi").open()
	if err != nil {
		return Outcome{Err: err}
	}
	defer fd.Close()
	try := attachTo("trace_fentry_multi", 0)
	try.Prog = fd
	try.Rest = [11]uint32{0: none, 1: none, 4: 1} // an ID where nothing is
	return told(bpf.TryLink(try), unix.EFAULT)
}

// rawLink attaches a program to a tracepoint that does not exist. That is by links if the kernel has links at all.
func rawLink() Outcome {
	const rawTracepoint = 17
	fd, err := simple(rawTracepoint, "")
	if err != nil {
		return Outcome{Err: err}
	}
	defer fd.Close()
	for _, err := range bpf.IDs(bpf.Link) {
		if errors.Is(err, unix.EINVAL) {
			return Outcome{Err: err}
		}
		break
	}
	link, err := bpf.OpenRawTracepoint(fd, "no such tracepoint")
	if err == nil { // which cannot be
		link.Close()
	}
	return told(err, unix.ENOENT)
}

// iterLink asks for a link that goes over what is said at an address where nothing is.
func (q *question) iterLink() Outcome {
	fd, err := q.place("trace_iter").open()
	if err != nil {
		return Outcome{Err: err}
	}
	defer fd.Close()
	try := attachTo("trace_iter", 0)
	try.Prog = fd
	try.Rest = [11]uint32{none, none, 8}
	return told(bpf.TryLink(try), unix.EFAULT)
}

// structLink makes a map of functions that is attached by a link. The kernels that know the flag have the
// links.
func (q *question) structLink() Outcome {
	const flag = 1 << 13 // BPF_F_LINK
	return q.structMap(flag, 0)
}

// structMap makes a map of functions with some flags.
func (q *question) structMap(flags uint32, module bpf.FD) Outcome {
	if len(q.kernel.ops) == 0 {
		return Outcome{Err: fmt.Errorf("%w: the kernel's types have no struct of functions", ErrUntold)}
	}
	var o Outcome
	for _, t := range q.kernel.ops {
		spec := t.mapSpec()
		spec.Flags |= flags
		spec.StructObj = module
		if o = made(spec); o.Able {
			break
		}
	}
	return o
}

func (t structType) mapSpec() bpf.MapSpec {
	m, _ := names.ParseMapType("struct_ops")
	return bpf.MapSpec{Type: uint32(m), KeySize: 4, ValueSize: t.size, MaxEntries: 1, StructType: uint32(t.value)}
}

// extLink asks for a link of a program that replaces a function, instead of one in a program that is none.
func extLink() Outcome {
	target, ext, err := replacement()
	if err != nil {
		return Outcome{Err: err}
	}
	target.Close()
	defer ext.Close()
	return told(bpf.TryLink(bpf.LinkTrial{Prog: ext, Target: none, Rest: [11]uint32{replaced}}), unix.EBADF)
}

// replaced is the type of the function in the program of replacement.
const replaced = 5

// replacement loads a program for packets, and one that would replace it. They belong to the caller.
func replacement() (target, ext bpf.FD, err error) {
	const xdp, extension = 6, 28
	types, err := bpf.LoadBTF(packetTypes(), 0, nil)
	if err != nil {
		return 0, 0, err
	}
	defer types.Close()
	spec := bpf.ProgSpec{
		Type: xdp, License: "GPL", Insns: code(move(0), exit), BTF: types, Funcs: []bpf.FuncInfo{{Type: replaced}},
	}
	if target, _, err = bpf.LoadProg(&spec, nil); err != nil {
		return 0, 0, err
	}
	spec.Type, spec.AttachObj, spec.AttachID = extension, target, replaced
	if ext, _, err = bpf.LoadProg(&spec, nil); err != nil {
		target.Close()
	}
	return target, ext, err
}
