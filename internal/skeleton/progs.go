package skeleton

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A progField is the field of a program, and of the link that keeps it attached.
type progField struct {
	*elfobj.Func
	field string
	link  string // the field of what keeps it attached
	what  names.Section
	known bool // the section says what it is

	typ  string   // of the field, such as "TraceOpenXDP"
	init []string // fields of it and what they are set to
	auto bool     // Attach of the whole attaches it
	load bool     // Load loads it unless something else is said
}

// describeProg finds out what the field of a program is.
func (s *Skeleton) describeProg(p *elfobj.Func, taken scope) *progField {
	f := &progField{Func: p, field: taken.claim(p.Name)}
	f.what, f.known = names.ParseSection(p.Section)
	part, name, init := s.attaching(f)
	s.uses(part)
	f.typ, f.init = s.name+name, init
	f.auto = name == "Auto" || name == "Iter" && !aboutMap[f.what.Rest]
	f.load = p.Autoload() && !slices.Contains(s.adapted.Optional, p.Name)
	return f
}

// notAttached are sections whose programs libbpf attaches and a skeleton does not, and why.
var notAttached = map[string]string{
	"freplace":       "the section names a function, but not of which program",
	"fentry.multi":   "cilium/ebpf v0.22 cannot attach to many functions this way",
	"fexit.multi":    "cilium/ebpf v0.22 cannot attach to many functions this way",
	"fsession.multi": "cilium/ebpf v0.22 cannot attach to many functions this way",
	"uprobe.session": "cilium/ebpf v0.22 knows no sessions of uprobes",
}

// linkless are the types of programs that no link keeps attached.
var linkless = map[string]bool{"Prog": true, "OnMap": true, "Socket": true, "Reuseport": true, "LIRC": true}

// aboutMap are the iterators that have to be told which map they are about.
var aboutMap = map[string]bool{"bpf_map_elem": true, "bpf_sk_storage_map": true, "sockmap": true}

// at returns a constant of package ebpf for the attach type of a section.
func (f *progField) at() string { return "at = " + attachConstant(f.what) }

// attaching returns the file of directory support, the type there, and what its fields are set to, for the
// section that a program is in.
func (s *Skeleton) attaching(f *progField) (part, name string, init []string) {
	if !f.known {
		return "prog", "Prog", nil
	}
	kind := strings.TrimSuffix(f.what.Name, ".s")
	switch f.what.Type.String() {
	case "xdp":
		if f.what.Attach.String() == "xdp" {
			return "xdp", "XDP", nil
		}
	case "sched_cls":
		if strings.HasPrefix(kind, "netkit/") {
			return "netkit", "Netkit", []string{f.at()}
		}
		if f.what.Attaches {
			init = []string{f.at()}
		}
		return "tcx", "TCX", init
	case "cgroup_skb":
		if !f.what.Attaches {
			return "cgroupskb", "CgroupSKB", nil
		}
		return "cgroup", "Cgroup", []string{f.at()}
	case "cgroup_sock", "cgroup_sock_addr", "cgroup_sysctl", "cgroup_sockopt", "cgroup_device", "sock_ops":
		return "cgroup", "Cgroup", []string{f.at()}
	case "sk_lookup", "flow_dissector":
		return "netns", "NetNS", nil
	case "sk_skb", "sk_msg":
		if f.what.Attaches {
			return "onmap", "OnMap", []string{f.at()}
		}
	case "netfilter":
		return "netfilter", "Netfilter", nil
	case "socket_filter":
		return "socket", "Socket", nil
	case "sk_reuseport":
		return "reuseport", "Reuseport", nil
	case "perf_event":
		return "perfevent", "PerfEvent", nil
	case "lirc_mode2":
		return "lirc", "LIRC", nil
	case "ext":
		return "freplace", "Freplace", nil
	case "lsm":
		if kind == "lsm_cgroup" {
			return "cgroup", "Cgroup", []string{f.at()}
		}
		return s.auto("link.AttachLSM(link.LSMOptions{Program: p})")
	case "tracing":
		if kind == "iter" {
			return "iter", "Iter", nil
		}
		if strings.HasSuffix(kind, ".multi") {
			return "prog", "Prog", nil
		}
		return s.auto("link.AttachTracing(link.TracingOptions{Program: p})")
	case "raw_tracepoint", "raw_tracepoint_writable":
		if f.what.Rest == "" {
			return "rawtracepoint", "RawTracepoint", nil
		}
		return s.auto(fmt.Sprintf("link.AttachRawTracepoint(link.RawTracepointOptions{Name: %q, Program: p})", f.what.Rest))
	case "tracepoint":
		group, event, ok := strings.Cut(f.what.Rest, "/")
		if !ok {
			return "tracepoint", "Tracepoint", nil
		}
		return s.auto(fmt.Sprintf("link.Tracepoint(%q, %q, p, nil)", group, event))
	case "kprobe":
		return s.probing(f, kind)
	}
	return "prog", "Prog", nil
}

// auto is attaching for programs whose sections say all, by an expression.
func (s *Skeleton) auto(expression string) (part, name string, init []string) {
	return "auto", "Auto", []string{"to = func(p *ebpf.Program) (link.Link, error) {\n\t\treturn " + expression + "\n\t}"}
}
