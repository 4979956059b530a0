package feature

import (
	"bufio"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/probe"
)

// Features are what "feature probe" reports. What is behind the first two sections is missing if there is no bpf(2).
//
// Field order is the order of keys in bpftool's JSON.
type Features struct {
	System  *System `json:"system_config,omitempty"` // nil of a device
	Syscall haves   `json:"syscall_config"`
	Progs   haves   `json:"program_types,omitempty"`
	Maps    haves   `json:"map_types,omitempty"`
	Helpers helpers `json:"helpers,omitempty"`
	Misc    haves   `json:"misc,omitempty"`
}

// A have is something that there is or is not.
type have struct {
	name string // such as xdp_prog_type: the key in JSON without "have_"
	able bool
}

type haves []have

// callable are the helpers that programs of a type may call.
type callable struct {
	typ   string   // of the programs
	tried []string // nil if only those are known that may be called
	able  []string
}

type helpers []callable

// The ends of the names of types.
const (
	progEnd = "_prog_type"
	mapEnd  = "_map_type"
)

// describe turns what the kernel said into a report.
func describe(system *System, found *probe.Findings) *Features {
	f := &Features{System: system, Syscall: haves{{"bpf_syscall", found.Syscall.Able}}}
	if !found.Syscall.Able {
		return f
	}
	for _, p := range found.Progs {
		f.Progs = append(f.Progs, have{p.Type.String() + progEnd, p.Able})
		c := callable{typ: p.Type.String(), able: []string{}}
		for _, h := range p.Helpers {
			c.tried = append(c.tried, h.Name)
			if h.Able {
				c.able = append(c.able, h.Name)
			}
		}
		f.Helpers = append(f.Helpers, c)
	}
	for _, m := range found.Maps {
		f.Maps = append(f.Maps, have{m.Type.String() + mapEnd, m.Able})
	}
	for _, a := range found.Abilities {
		f.Misc = append(f.Misc, have{a.Name, a.Able})
	}
	return f
}

// words returns how plain text calls it.
func (h have) words() string {
	if word, ok := strings.CutSuffix(h.name, progEnd); ok {
		return "eBPF program_type " + word
	}
	if word, ok := strings.CutSuffix(h.name, mapEnd); ok {
		return "eBPF map_type " + word
	}
	switch h.name {
	case "bpf_syscall":
		return "bpf() syscall"
	case "large_insn_limit":
		return "Large program size limit"
	case "bounded_loops":
		return "Bounded loop support"
	}
	version, _, _ := strings.Cut(h.name, "_")
	return "ISA extension " + version
}

// Plain implements [render.Fact].
func (f *Features) Plain(w *bufio.Writer) {
	if f.System != nil {
		w.WriteString("Scanning system configuration...\n")
		f.System.Plain(w)
		w.WriteString("\n")
	}
	f.Syscall.section(w, "Scanning system call availability...")
	if f.Progs == nil {
		return
	}
	f.Progs.section(w, "Scanning eBPF program types...")
	f.Maps.section(w, "Scanning eBPF map types...")
	w.WriteString("Scanning eBPF helper functions...\n")
	for _, c := range f.Helpers {
		c.plain(w, slices.Contains(f.Progs, have{c.typ + progEnd, true}))
	}
	w.WriteString("\n")
	f.Misc.section(w, "Scanning miscellaneous eBPF features...")
}

// section writes a part of the plain text.
func (list haves) section(w *bufio.Writer, title string) {
	fmt.Fprintln(w, title)
	for _, h := range list {
		not := "NOT "
		if h.able {
			not = ""
		}
		fmt.Fprintf(w, "%s is %savailable\n", h.words(), not)
	}
	w.WriteString("\n")
}

// plain writes the helpers. known is whether the kernel knows the type.
func (c callable) plain(w *bufio.Writer, known bool) {
	fmt.Fprintf(w, "eBPF helpers supported for program type %s:\n", c.typ)
	for _, name := range c.able {
		fmt.Fprintf(w, "\t- %s\n", name)
	}
	switch {
	case len(c.able) > 0:
	case !known:
		w.WriteString("\tProgram type not supported\n")
	default:
		w.WriteString("\tCould not determine which helpers are available\n")
	}
}

// object returns a JSON object with a member for each element of a list, in order.
func object[T any](list []T, member func(T) (string, any)) ([]byte, error) {
	out := []byte{'{'}
	for i, e := range list {
		if i > 0 {
			out = append(out, ',')
		}
		key, value := member(e)
		k, err := json.Marshal(key)
		if err != nil {
			return nil, err
		}
		v, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, k...), ':'), v...)
	}
	return append(out, '}'), nil
}

// MarshalJSON implements [json.Marshaler].
func (list haves) MarshalJSON() ([]byte, error) {
	return object(list, func(h have) (string, any) { return "have_" + h.name, h.able })
}

// UnmarshalJSON implements [json.Unmarshaler].
func (list *haves) UnmarshalJSON(b []byte) error {
	all, err := members(b)
	for _, m := range all {
		h := have{name: strings.TrimPrefix(m.key, "have_")}
		if err := json.Unmarshal(m.value, &h.able); err != nil {
			return err
		}
		*list = append(*list, h)
	}
	return err
}

const helpersEnd = "_available_helpers"

// MarshalJSON implements [json.Marshaler].
func (list helpers) MarshalJSON() ([]byte, error) {
	return object(list, func(c callable) (string, any) { return c.typ + helpersEnd, c.able })
}

// UnmarshalJSON implements [json.Unmarshaler].
func (list *helpers) UnmarshalJSON(b []byte) error {
	all, err := members(b)
	for _, m := range all {
		c := callable{typ: strings.TrimSuffix(m.key, helpersEnd)}
		if err := json.Unmarshal(m.value, &c.able); err != nil {
			return err
		}
		*list = append(*list, c)
	}
	return err
}

// A member is one of a JSON object.
type member struct {
	key   string
	value json.RawMessage
}

// members returns the members of a JSON object, in order.
func members(b []byte) (list []member, err error) {
	d := json.NewDecoder(strings.NewReader(string(b)))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, fmt.Errorf("%v, want an object: %w", t, err)
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		m := member{key: t.(string)} // keys are strings
		if err := d.Decode(&m.value); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}
