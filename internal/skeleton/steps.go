package skeleton

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/adapt"
	"github.com/gobpftool/gobpftool/internal/usdt"
)

// writeChanges writes what is to be done to the spec once it is read.
func (s *Skeleton) writeChanges(b *strings.Builder) {
	for _, name := range slices.Sorted(maps.Keys(s.adapted.Catches)) {
		fmt.Fprintf(b, "\t%sAppendFunctions(spec.Programs[%q], spec.Programs[%q])\n", s.small, name, s.adapted.Catches[name])
	}
	if len(s.adapted.Functions) > 0 {
		b.WriteString("\t// What programs call is none itself.\n")
	}
	for _, name := range s.adapted.Functions {
		fmt.Fprintf(b, "\tdelete(spec.Programs, %q)\n", name)
	}
	for _, k := range s.adapted.Kinds {
		fmt.Fprintf(b, "\tif p := spec.Programs[%q]; p != nil {\n\t\tp.Type, p.AttachType, p.Flags, p.AttachTo = %d, %d, %#x, %q\n\t}\n",
			k.Program, k.Type, k.Attach, k.Flags, k.To)
	}
	for _, n := range s.adapted.NUMA {
		inner := ""
		if n.Inner {
			inner = ".InnerMap"
		}
		fmt.Fprintf(b, "\tif m := spec.Maps[%q]%s; m != nil {\n\t\tm.NumaNode, m.Flags = %d, m.Flags|1<<2 // BPF_F_NUMA_NODE\n\t}\n", n.Map, inner, n.Node)
	}
}

// isUSDT reports whether a program runs at user-space tracepoints.
func isUSDT(p *progField) bool { return p.known && strings.TrimSuffix(p.what.Name, ".s") == "usdt" }

// writeUSDT tells where programs find the arguments of user-space tracepoints.
func (s *Skeleton) writeUSDT(b *strings.Builder) {
	if !slices.ContainsFunc(s.progs, isUSDT) {
		return
	}
	fmt.Fprintf(b, "\tusdt := &%sUSDTMaps{}\n", s.small)
	for _, m := range s.maps {
		switch m.Name {
		case usdt.SpecsMap:
			fmt.Fprintf(b, "\tusdt.specs = %s\n", s.anyMap(m))
		case usdt.AddrsMap:
			fmt.Fprintf(b, "\tusdt.addrs = %s\n", s.anyMap(m))
		}
	}
}

// writeOps describes a struct of functions.
func (s *Skeleton) writeOps(b *strings.Builder, m *mapField) {
	fmt.Fprintf(b, "\ts.Maps.%s.describe(%q, %q, %q, %t, []%sMember{\n", m.field, m.Name, m.ops.Type, string(m.Data), m.ops.Link, s.small)
	for _, member := range m.ops.Members {
		fmt.Fprintf(b, "\t\t{%q, %d, %d, %q},\n", member.Name, member.Offset, member.Size, member.Program)
	}
	fmt.Fprintf(b, "\t})\n\ts.Maps.%[1]s.link, s.Maps.%[1]s.Autoload, s.Maps.%[1]s.Autoattach = &s.Links.%[2]s, %[3]t, true\n", m.field, m.link, !m.ops.Optional)
}

// writeSteps writes what is to be done to the spec before it is loaded.
func (s *Skeleton) writeSteps(b *strings.Builder) {
	a := s.adapted
	fails := fmt.Sprintf("; err != nil {\n\t\treturn fmt.Errorf(\"load %s: %%w\", err)\n\t}\n", oneLine(s.options.Name))
	for _, name := range a.Rings {
		fmt.Fprintf(b, "\t%sRoundRing(spec.Maps[%q])\n", s.small, name)
	}
	if len(a.Settings) > 0 {
		fmt.Fprintf(b, "\tif err := %[1]sSettle(&spec, []%[1]sSetting{\n", s.small)
		for _, setting := range a.Settings {
			fmt.Fprintf(b, "\t\t{%q, %q, %d, %t, %t},\n", setting.Name, settingKinds[setting.Kind], setting.Bits, setting.Signed, setting.Weak)
		}
		given := "nil"
		for _, area := range s.areas {
			if area.section == a.Settings[0].Section {
				given = fmt.Sprintf("s.%s.given", area.field)
			}
		}
		b.WriteString("\t}, " + given + ")" + fails)
	}
	if s.asksKernel() {
		b.WriteString("\tif options.Cache == nil {\n\t\toptions.Cache = btf.NewCache()\n\t}\n")
	}
	if len(a.Typed)+len(a.Zeroes) > 0 {
		b.WriteString("\tfor name, p := range spec.Programs {\n\t\tspec.Programs[name] = p.Copy()\n\t}\n")
	}
	for _, m := range s.ops() {
		fmt.Fprintf(b, "\ts.Maps.%s.target(spec.Programs)\n", m.field)
	}
	if len(a.Typed) > 0 {
		fmt.Fprintf(b, "\thandles, err := %[1]sLookUp(&spec, []%[1]sTyped{\n", s.small)
		for _, t := range a.Typed {
			fmt.Fprintf(b, "\t\t{%q, %q, %t, %q},\n", t.Reference, t.Name, t.Weak, t.Func)
		}
		fmt.Fprintf(b, "\t}, options.Cache)\n\tdefer func() {\n\t\tfor _, h := range handles {\n\t\t\th.Close()\n\t\t}\n\t}()\n\tif err != nil {\n\t\treturn fmt.Errorf(\"load %s: %%w\", err)\n\t}\n", oneLine(s.options.Name))
	}
	for _, p := range s.progs {
		if isUSDT(p) {
			fmt.Fprintf(b, "\t%sProbeMany(spec.Programs, %q)\n", s.small, p.Name)
		}
	}
	for _, name := range a.Zeroes {
		fmt.Fprintf(b, "\tif err := %sAnswerZero(spec.Programs[%q], spec.ByteOrder, options.Cache)%s", s.small, name, fails)
	}
}

// writeBinding has programs hold the constants of the object.
func (s *Skeleton) writeBinding(b *strings.Builder) {
	for _, m := range s.constants() {
		fmt.Fprintf(b, "\t%sBind(coll, %q)\n", s.small, m.key)
	}
}

// settingKinds are what support calls the kinds of settings.
var settingKinds = [...]string{adapt.Number: "number", adapt.Bool: "bool", adapt.Tristate: "tristate", adapt.Text: "text"}
