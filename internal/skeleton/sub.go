package skeleton

import (
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
)

// describeSub finds the fields of what the object has by a name that others see once it is linked into a greater one.
func (s *Skeleton) describeSub() {
	s.adapted.Structs = nil // the whole makes them
	s.describeAreas()
	inMaps := newScope()
	for _, m := range s.object.Maps {
		if !s.seen(m) {
			continue
		}
		f := s.describeMap(m)
		f.key, f.field = m.Name, inMaps.claim(strings.TrimPrefix(m.Name, "."))
		s.maps = append(s.maps, f)
		if m.Kind == elfobj.StructOps {
			s.notes = append(s.notes, fmt.Sprintf("map %s: it is a struct of functions: what it starts with, and whether it is attached, is up to the skeleton of the whole", m.Name))
		}
	}
	inProgs := newScope()
	for _, p := range s.object.Programs {
		f := &progField{Func: p, field: inProgs.claim(p.Name), typ: s.name + "Program"}
		f.what, f.known = names.ParseSection(p.Section)
		s.progs = append(s.progs, f)
		s.uses("wholeprog")
	}
	s.uses("whole")
	if len(s.maps) > 0 {
		s.uses("wholemap")
	}
	if len(s.areas) > 0 {
		s.uses("wholearea")
	}
}

// seen reports whether a map is one of which others know. Those of sections are if a variable in them is.
func (s *Skeleton) seen(m *elfobj.Map) bool {
	switch m.Kind {
	case elfobj.Data, elfobj.Rodata, elfobj.BSS, elfobj.PerCPU, elfobj.Kconfig:
		return s.areaOf(m) != nil
	}
	if m.Static || m.Hidden {
		s.notes = append(s.notes, fmt.Sprintf("map %s: it is left out, as it is static, or hidden from other objects", m.Name))
		return false
	}
	return true
}

// areaOf returns the field of the variables that a map has, or nil.
func (s *Skeleton) areaOf(m *elfobj.Map) *areaField {
	for _, a := range s.areas {
		if a.name == m.Section {
			return a
		}
	}
	return nil
}

// subImports returns what the code of a subskeleton imports itself.
func (s *Skeleton) subImports() []string { return []string{"fmt", "github.com/cilium/ebpf"} }

// subLife declares the subskeleton itself, and the steps of its life.
func (s *Skeleton) subLife() string {
	var b strings.Builder
	fmt.Fprintf(&b, `
// %[1]s is what the object %[2]s has within the whole, a greater one into which it was linked: New%[1]s finds it
// there, and everything may be changed; once the whole is loaded, Bind takes over what there is then.
type %[1]s struct {
	Maps  %[1]sMaps
	Progs %[1]sProgs
`, s.name, oneLine(s.options.Name))
	for _, a := range s.areas {
		fmt.Fprintf(&b, "\n\t// %s has the variables of section %s.\n\t%s %s%s\n", a.field, oneLine(a.name), a.field, s.name, a.field)
	}
	fmt.Fprintf(&b, `}

// New%[1]s finds the maps, programs and variables of the object in the spec of the whole, and does nothing to the
// kernel. The error is about the first that is not there, or not as the object has it.
func New%[1]s(whole *ebpf.CollectionSpec) (*%[1]s, error) {
	s, w := new(%[1]s), &%[2]sWhole{spec: whole}
`, s.name, s.small)
	s.writeFinds(&b)
	fmt.Fprintf(&b, `	if w.err != nil {
		return nil, fmt.Errorf("find %s in the whole: %%w", w.err)
	}
	return s, nil
}
`, oneLine(s.options.Name))
	s.writeBind(&b)
	return b.String()
}

// writeFinds writes how everything is found in the spec of the whole.
func (s *Skeleton) writeFinds(b *strings.Builder) {
	l := &layouts{spec: s.object.BTF, known: make(map[btf.ID]uint64)}
	for _, m := range s.maps {
		switch a := s.areaOf(m.Map); {
		case m.Kind == elfobj.StructOps:
			fmt.Fprintf(b, "\ts.Maps.%s.open(whole, %q, 0, 0)\n", m.field, m.Name)
		case a == nil:
			fmt.Fprintf(b, "\tw.find(%s, %q, %s)\n", s.anyMap(m), m.key, s.shapeText(l, &m.Def))
		case m.Kind == elfobj.Kconfig:
			fmt.Fprintf(b, "\tw.settings(&s.%s.%sArea, &s.Maps.%s, %q)\n", a.field, s.small, m.field, a.section)
		case a.section == a.name:
			fmt.Fprintf(b, "\tw.section(&s.%s.%sArea, &s.Maps.%s, %q)\n", a.field, s.small, m.field, a.name)
		default: // as it is called if the whole was adapted
			fmt.Fprintf(b, "\tw.section(&s.%s.%sArea, &s.Maps.%s, %q, %q)\n", a.field, s.small, m.field, a.name, a.section)
		}
		if m.inner != "" {
			fmt.Fprintf(b, "\ts.Maps.%s.inner = %s\n", m.field, m.inner)
			if m.Def.Inner != nil {
				fmt.Fprintf(b, "\tw.inner(%s, %s)\n", s.anyMap(m), s.shapeText(l, m.Def.Inner))
			}
		}
	}
	for _, p := range s.progs {
		fmt.Fprintf(b, "\tw.program(&s.Progs.%s, %q, %d)\n", p.field, p.Name, p.what.Type)
	}
	for _, a := range s.areas {
		for _, v := range a.vars {
			fmt.Fprintf(b, "\tw.variable(&s.%[1]s.%[2]s.%[3]sPlace, &s.%[1]s.%[3]sArea, %[4]q, %[5]d, %[6]s)\n", a.field, v.field, s.small, v.name, v.size, l.text(v.id))
		}
	}
}

// shapeText returns what support calls the shape of a map.
func (s *Skeleton) shapeText(l *layouts, d *elfobj.Def) string {
	_, key, value := s.mapType(d)
	return fmt.Sprintf("%sShape{%d, %d, %d, %s, %s}", s.small, d.Type, key, value, l.text(d.Key), l.text(d.Value))
}

// writeBind declares the method that takes over what was loaded.
func (s *Skeleton) writeBind(b *strings.Builder) {
	name := oneLine(s.options.Name)
	fmt.Fprintf(b, `
// Bind takes over what was loaded of the spec, all or nothing: what Collection of the skeleton of the whole returns, or
// [ebpf.NewCollection]. Programs that were not loaded are nil. It may be bound again.
func (s *%[1]s) Bind(whole *ebpf.Collection) error {
	if whole == nil {
		return fmt.Errorf("bind %[2]s: not loaded")
	}
`, s.name, name)
	var maps, progs []string
	for _, m := range s.maps {
		if m.Kind != elfobj.StructOps {
			maps = append(maps, s.anyMap(m))
		}
	}
	for _, p := range s.progs {
		progs = append(progs, "&s.Progs."+p.field)
	}
	if len(maps) > 0 {
		fmt.Fprintf(b, `	for _, m := range s.maps() {
		if err := m.bound(whole); err != nil {
			return fmt.Errorf("bind %s: %%w", err)
		}
	}
	for _, m := range s.maps() {
		m.Map = whole.Maps[m.name]
	}
`, name)
	}
	for _, m := range s.maps {
		if m.Kind == elfobj.StructOps {
			fmt.Fprintf(b, "\ts.Maps.%s.Map = whole.Maps[%q]\n", m.field, m.Name)
		}
	}
	if len(progs) > 0 {
		b.WriteString("\tfor _, p := range s.programs() {\n\t\tp.Program = whole.Programs[p.name]\n\t}\n")
	}
	for _, a := range s.areas {
		fmt.Fprintf(b, "\ts.%s.%sArea.loaded(whole)\n", a.field, s.small)
	}
	b.WriteString("\treturn nil\n}\n")
	s.writeList(b, "maps", "AnyMap", maps)
	s.writeList(b, "programs", "Program", progs)
}
