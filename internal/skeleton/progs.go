package skeleton

import (
	"fmt"
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
}

// describeProg finds out what the field of a program is.
func (s *Skeleton) describeProg(p *elfobj.Func, taken scope) (*progField, error) {
	f := &progField{Func: p, field: taken.claim(p.Name)}
	f.what, f.known = names.ParseSection(p.Section)
	part, name, init, err := s.attaching(f)
	if err != nil {
		return nil, err
	}
	s.uses(part)
	f.typ, f.init = s.name+name, init
	f.auto = name == "Auto" || name == "Iter" && !strings.HasPrefix(f.what.Rest, "bpf_map_elem") && !strings.HasPrefix(f.what.Rest, "bpf_sk_storage_map") && !strings.HasPrefix(f.what.Rest, "sockmap")
	return f, nil
}

// at returns a constant of package ebpf for the attach type of a section.
func (f *progField) at() string { return "at = " + attachConstant(f.what) }

// attaching returns the file of directory support, the type there, and what its fields are set to, for the
// section that a program is in.
func (s *Skeleton) attaching(f *progField) (part, name string, init []string, err error) {
	if !f.known {
		return "prog", "Prog", nil, nil
	}
	kind := strings.TrimSuffix(f.what.Name, ".s")
	switch f.what.Type.String() {
	case "xdp":
		if f.what.Attach.String() == "xdp" {
			return "xdp", "XDP", nil, nil
		}
	case "sched_cls":
		if strings.HasPrefix(kind, "netkit/") {
			return "netkit", "Netkit", []string{f.at()}, nil
		}
		if f.what.Attaches {
			init = []string{f.at()}
		}
		return "tcx", "TCX", init, nil
	case "cgroup_skb":
		if !f.what.Attaches {
			return "cgroupskb", "CgroupSKB", nil, nil
		}
		return "cgroup", "Cgroup", []string{f.at()}, nil
	case "cgroup_sock", "cgroup_sock_addr", "cgroup_sysctl", "cgroup_sockopt", "cgroup_device", "sock_ops":
		return "cgroup", "Cgroup", []string{f.at()}, nil
	case "sk_lookup", "flow_dissector":
		return "netns", "NetNS", nil, nil
	case "sk_skb", "sk_msg":
		if f.what.Attaches {
			return "onmap", "OnMap", []string{f.at()}, nil
		}
	case "netfilter":
		return "netfilter", "Netfilter", nil, nil
	case "socket_filter":
		return "socket", "Socket", nil, nil
	case "sk_reuseport":
		return "reuseport", "Reuseport", nil, nil
	case "perf_event":
		return "perfevent", "PerfEvent", nil, nil
	case "lirc_mode2":
		return "lirc", "LIRC", nil, nil
	case "ext":
		return "freplace", "Freplace", nil, nil
	case "lsm":
		if kind == "lsm_cgroup" {
			return "cgroup", "Cgroup", []string{f.at()}, nil
		}
		return s.auto("link.AttachLSM(link.LSMOptions{Program: p})")
	case "tracing":
		if kind == "iter" {
			return "iter", "Iter", nil, nil
		}
		if strings.HasSuffix(kind, ".multi") {
			return "prog", "Prog", nil, nil
		}
		return s.auto("link.AttachTracing(link.TracingOptions{Program: p})")
	case "raw_tracepoint", "raw_tracepoint_writable":
		if f.what.Rest == "" {
			return "rawtracepoint", "RawTracepoint", nil, nil
		}
		return s.auto(fmt.Sprintf("link.AttachRawTracepoint(link.RawTracepointOptions{Name: %q, Program: p})", f.what.Rest))
	case "tracepoint":
		group, event, ok := strings.Cut(f.what.Rest, "/")
		if !ok {
			return "tracepoint", "Tracepoint", nil, nil
		}
		return s.auto(fmt.Sprintf("link.Tracepoint(%q, %q, p, nil)", group, event))
	case "kprobe":
		return s.probing(f, kind)
	}
	return "prog", "Prog", nil, nil
}

// auto is attaching for programs whose sections say all, by an expression.
func (s *Skeleton) auto(expression string) (part, name string, init []string, err error) {
	return "auto", "Auto", []string{"to = func(p *ebpf.Program) (link.Link, error) {\n\t\treturn " + expression + "\n\t}"}, nil
}

// describe finds the fields of everything.
func (s *Skeleton) describe() error {
	inMaps := newScope()
	for _, m := range s.object.Maps {
		f := s.describeMap(m)
		f.field = inMaps.claim(strings.TrimPrefix(f.key, "."))
		s.maps = append(s.maps, f)
	}
	inProgs := newScope()
	for _, p := range s.object.Programs {
		f, err := s.describeProg(p, inProgs)
		if err != nil {
			return fmt.Errorf("program %s: %w", p.Name, err)
		}
		s.progs = append(s.progs, f)
	}
	inLinks := newScope()
	for _, p := range s.progs {
		p.link = inLinks.claim(p.Name)
	}
	for _, m := range s.maps {
		if m.ops {
			m.link = inLinks.claim(m.Name)
		}
	}
	s.describeAreas(newScope("Spec", "Maps", "Progs", "Links", "Load", "LoadWithOptions", "Attach", "Detach", "Close"))
	return nil
}
