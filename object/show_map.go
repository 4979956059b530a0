package object

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
)

// Map is a map of an object.
type Map struct {
	Name       string `json:"name"`
	Kind       string `json:"kind"` // how it is defined
	Section    string `json:"section"`
	KernelName string `json:"kernel_name"` // under which the kernel knows it
	Definition
	Weak   bool `json:"weak,omitempty"`
	Hidden bool `json:"hidden,omitempty"`
	Static bool `json:"static,omitempty"` // libbpf refuses it

	Struct string `json:"struct,omitempty"` // the type of a struct of functions
	Values []Slot `json:"values,omitempty"` // that it has from the start
}

// Definition is what a map is made by.
type Definition struct {
	Type       names.MapType `json:"type"`
	Key        string        `json:"key,omitempty"`   // the type in C
	Value      string        `json:"value,omitempty"` // the type in C
	KeySize    uint32        `json:"bytes_key"`
	ValueSize  uint32        `json:"bytes_value"`
	MaxEntries uint32        `json:"max_entries"`
	Flags      uint32        `json:"flags"`
	FlagNames  []string      `json:"flag_names,omitempty"`
	NUMANode   uint32        `json:"numa_node,omitempty"`
	Extra      uint64        `json:"map_extra,omitempty"`
	Pinning    string        `json:"pinning,omitempty"` // "by_name", or a number
	Inner      *Definition   `json:"inner,omitempty"`   // of the maps that are the values
}

// Slot is a value of a map, or a function of a struct, from the start.
type Slot struct {
	Index    int    `json:"index"`            // of a struct the offset in bytes
	Member   string `json:"member,omitempty"` // of the struct, that is there
	Map      string `json:"map,omitempty"`
	Function string `json:"function,omitempty"`
}

var mapKinds = [...]string{
	elfobj.Defined: "defined", elfobj.Legacy: "legacy", elfobj.Data: "data", elfobj.Rodata: "rodata", elfobj.BSS: "bss", elfobj.PerCPU: "percpu",
	elfobj.Kconfig: "kconfig", elfobj.StructOps: "struct_ops",
}

func describeMap(o *elfobj.Object, m *elfobj.Map, x memberIndex) Map {
	r := Map{
		Name: m.Name, Kind: mapKinds[m.Kind], Section: m.Section, KernelName: m.KernelName(o.Name),
		Definition: *describeDef(o, &m.Def), Weak: m.Weak, Hidden: m.Hidden, Static: m.Static,
	}
	if m.Kind == elfobj.StructOps {
		r.Struct = spell(o, m.Type)
	}
	for _, s := range m.Slots {
		slot := Slot{Index: s.Index, Member: x.at(o, m, s.Index)}
		if s.Map != nil {
			slot.Map = s.Map.Name
		} else {
			slot.Function = s.Func.Name
		}
		r.Values = append(r.Values, slot)
	}
	return r
}

// A memberIndex has the names of what structs have, by type and offset in bytes. Many maps may be
// of one struct.
type memberIndex map[btf.ID]map[int]string

// at returns the name of what a struct of functions has at an offset in bytes.
func (x memberIndex) at(o *elfobj.Object, m *elfobj.Map, offset int) string {
	if m.Kind != elfobj.StructOps || o.BTF == nil {
		return ""
	}
	members, ok := x[m.Type]
	if !ok {
		members = make(map[int]string)
		x[m.Type] = members
		if t, err := o.BTF.Resolve(m.Type); err == nil && t.Kind == btf.Struct {
			for i := range t.Len() {
				member := t.Member(i)
				members[int(member.Offset/8)] = member.Name
			}
		}
	}
	return members[offset]
}

func describeDef(o *elfobj.Object, d *elfobj.Def) *Definition {
	r := &Definition{
		Type: names.MapType(d.Type), Key: spell(o, d.Key), Value: spell(o, d.Value),
		KeySize: d.KeySize, ValueSize: d.ValueSize, MaxEntries: d.MaxEntries, Flags: d.Flags, NUMANode: d.NUMANode, Extra: d.Extra,
	}
	for _, f := range names.MapFlags(d.Flags) {
		if f.Name != "" {
			r.FlagNames = append(r.FlagNames, f.Name)
		}
	}
	switch d.Pinning {
	case 0:
	case 1:
		r.Pinning = "by_name"
	default:
		r.Pinning = fmt.Sprint(d.Pinning)
	}
	if d.Inner != nil {
		r.Inner = describeDef(o, d.Inner)
	}
	return r
}

func (m Map) plain(w *bufio.Writer) {
	fmt.Fprintf(w, "%s: %s", m.Name, m.Type.Heading())
	if m.Kind != mapKinds[elfobj.Defined] && m.Kind != m.Type.String() {
		fmt.Fprintf(w, "  %s", m.Kind)
	}
	m.Definition.plain(w)
	for _, word := range []struct {
		is   bool
		name string
	}{{m.Weak, "weak"}, {m.Hidden, "hidden"}, {m.Static, "static"}} {
		if word.is {
			fmt.Fprintf(w, "  %s", word.name)
		}
	}
	fmt.Fprintln(w)
	switch {
	case m.Struct != "":
		fmt.Fprintf(w, "\t\t\t%s\n", m.Struct)
	case m.Key != "" && m.Value != "":
		fmt.Fprintf(w, "\t\t\t%s -> %s\n", m.Key, m.Value)
	case m.Key+m.Value != "":
		fmt.Fprintf(w, "\t\t\t%s\n", m.Key+m.Value)
	}
	if m.Inner != nil {
		fmt.Fprintf(w, "\t\t\tof %s", m.Inner.Type.Heading())
		m.Inner.plain(w)
		fmt.Fprintln(w)
	}
	for _, s := range m.Values {
		place := fmt.Sprintf("[%d]", s.Index)
		if s.Member != "" {
			place = "." + s.Member
		}
		fmt.Fprintf(w, "\t\t\t%s = %s%s\n", place, s.Map, s.Function)
	}
}

func (d *Definition) plain(w *bufio.Writer) {
	fmt.Fprintf(w, "  key %dB  value %dB  max_entries %d", d.KeySize, d.ValueSize, d.MaxEntries)
	if d.Flags != 0 {
		fmt.Fprintf(w, "  flags %#x", d.Flags)
	}
	if len(d.FlagNames) > 0 {
		fmt.Fprintf(w, " (%s)", strings.Join(d.FlagNames, ", "))
	}
	if d.NUMANode != 0 {
		fmt.Fprintf(w, "  numa_node %d", d.NUMANode)
	}
	if d.Extra != 0 {
		fmt.Fprintf(w, "  map_extra %#x", d.Extra)
	}
	if d.Pinning != "" {
		fmt.Fprintf(w, "  pinning %s", d.Pinning)
	}
}
