package probe

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A Link is a type of links.
type Link struct {
	Type   names.LinkType
	Prog   names.ProgType   // of the program that it was tried with, 0 if it was a map of functions
	Attach names.AttachType // of the program, or 0
	Outcome
}

// linkTypes returns the types of links that are asked about.
func linkTypes() (list []Link) {
	for i, word := range names.LinkTypes() {
		if i == 0 {
			continue
		}
		l := Link{Type: names.LinkType(i)}
		if try, ok := linkTrials[word]; ok {
			l.Prog, l.Attach = progType(try.prog), names.AttachType(attachNumber(try.attach))
		} else if p, ok := linkPrograms[word]; ok {
			l.Prog, l.Attach = progType(p[0]), names.AttachType(attachNumber(p[1]))
		}
		list = append(list, l)
	}
	return list
}

// linkPrograms are the types and attach types of programs with which links are tried that have no [linkTrial].
var linkPrograms = map[string][2]string{
	"raw_tracepoint": {"raw_tracepoint", ""}, "tracing": {"ext", ""}, "iter": {"tracing", iterAttach}, "tracing_multi": {"tracing", multiAttach},
}

const iterAttach, multiAttach = "trace_iter", "trace_fentry_multi"

// A linkTrial is a link to nothing. The kernel minds the target if it has such links, and else how the program is to
// be attached.
type linkTrial struct {
	prog     string // its type
	expected string // what it is loaded for, or ""
	attach   string
	target   uint32
	flags    uint32
	rest     [11]uint32
	known    unix.Errno // the error of kernels that have such links
}

// The loopback device, which has the same index in each network namespace, has no such way to run programs, and never
// gets one: in its hardware.
const loopback, inHardware = 1, 1 << 3 // XDP_FLAGS_HW_MODE

// What links to many functions of the kernel, or of a file, are said to be for: one that is named at an address where
// nothing is.
//
// Source: link_create.kprobe_multi, uprobe_multi and tracing_multi, include/uapi/linux/bpf.h.
var (
	kprobesNowhere = [11]uint32{1: 1, 2: none, 3: none}
	uprobesNowhere = [11]uint32{0: none, 1: none, 2: none, 3: none, 8: 1}
	funcsNowhere   = [11]uint32{0: none, 1: none, 4: 1}
	iterNowhere    = [11]uint32{none, none, 8}
)

// linkTrials are by the words for types of links. The programs are such as had those links first, and take no
// other rights to be loaded than to be attached.
var linkTrials = map[string]linkTrial{
	"cgroup":       {prog: "cgroup_sock", expected: "cgroup_inet_sock_create", attach: "cgroup_inet_sock_create", target: none, known: unix.EBADF},
	"netns":        {prog: "flow_dissector", attach: "flow_dissector", target: none, known: unix.EBADF},
	"xdp":          {prog: "xdp", expected: "xdp", attach: "xdp", target: loopback, flags: inHardware, known: unix.EOPNOTSUPP},
	"perf_event":   {prog: "tracepoint", attach: "perf_event", target: none, known: unix.EBADF},
	"kprobe_multi": {prog: "kprobe", expected: "trace_kprobe_multi", attach: "trace_kprobe_multi", rest: kprobesNowhere, known: unix.EFAULT},
	"netfilter":    {prog: "netfilter", attach: "netfilter", known: unix.EAFNOSUPPORT},
	"tcx":          {prog: "sched_cls", attach: "tcx_ingress", target: none, known: unix.ENODEV},
	"uprobe_multi": {prog: "kprobe", expected: "trace_uprobe_multi", attach: "trace_uprobe_multi", rest: uprobesNowhere, known: unix.EFAULT},
	"netkit":       {prog: "sched_cls", attach: "netkit_primary", target: none, known: unix.ENODEV},
	"sockmap":      {prog: "sk_msg", attach: "sk_msg_verdict", target: none, known: unix.EBADF},
}

// link finds out whether the kernel has links of a type, by how it refuses one to nothing.
func (q *question) link(word string) Outcome {
	switch word {
	case "raw_tracepoint":
		return rawLink()
	case "tracing":
		return extLink()
	case "iter":
		return q.placedLink(iterAttach, iterNowhere)
	case "struct_ops": // kernels have them that know maps for them
		return q.structMap(structLink, 0)
	case "tracing_multi":
		return q.placedLink(multiAttach, funcsNowhere)
	}
	if try, ok := linkTrials[word]; ok {
		return try.outcome()
	}
	return Outcome{Err: ErrUntold}
}

func (try linkTrial) outcome() Outcome {
	fd, err := simple(progType(try.prog), try.expected)
	if err != nil {
		return Outcome{Err: err}
	}
	defer fd.Close()
	return told(bpf.TryLink(bpf.LinkTrial{
		Prog: fd, Target: try.target, Attach: attachNumber(try.attach), Flags: try.flags, Rest: try.rest,
	}), try.known)
}

// placedLink asks for a link of a program in a place in the kernel's types, to what is said at an address where nothing
// is.
func (q *question) placedLink(attach string, rest [11]uint32) Outcome {
	fd, err := q.place(attach).open()
	if err != nil {
		return Outcome{Err: err}
	}
	defer fd.Close()
	return told(bpf.TryLink(bpf.LinkTrial{Prog: fd, Attach: attachNumber(attach), Rest: rest}), unix.EFAULT)
}

// rawLink attaches a program to a tracepoint that does not exist. That is by a link if the kernel has links at all.
func rawLink() Outcome {
	fd, err := simple(progType("raw_tracepoint"), "")
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

// structLink is BPF_F_LINK of include/uapi/linux/bpf.h: the map is attached by a link.
const structLink = 1 << 13

// structMap makes a map of functions with some flags.
func (q *question) structMap(flags uint32, module bpf.FD) (o Outcome) {
	o.Err = fmt.Errorf("%w: the kernel's types have no struct of functions", ErrUntold)
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

// extLink asks for a link of a program that replaces a function, to one in a program that is none.
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
	types, err := bpf.LoadBTF(packetTypes(), 0, nil)
	if err != nil {
		return 0, 0, err
	}
	defer types.Close()
	spec := bpf.ProgSpec{
		Type: uint32(progType("xdp")), License: "GPL", Insns: code(ret0...), BTF: types, Funcs: []bpf.FuncInfo{{Type: replaced}},
	}
	if target, _, err = bpf.LoadProg(&spec, nil); err != nil {
		return 0, 0, err
	}
	spec.Type, spec.AttachObj, spec.AttachID = uint32(progType("ext")), target, replaced
	if ext, _, err = bpf.LoadProg(&spec, nil); err != nil {
		target.Close()
	}
	return target, ext, err
}
