package cskeleton

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/decl"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

const (
	arenaType     = 33      // BPF_MAP_TYPE_ARENA
	mappableFlag  = 1 << 10 // BPF_F_MMAPABLE
	maxIdent      = 255     // bytes of a name
	arenaIdent    = "arena"
	arenaSection  = ".addr_space.1"
	settings      = ".kconfig"
	symbols       = ".ksyms"
	smallestAlign = 4 // bytes, of pointers where they are smallest
)

// starts are how the names of those start in which variables are, in the order in which they are
// looked for.
var starts = []string{".data", ".rodata", ".bss", settings, ".percpu"}

// isSection reports whether a map is made of a section, and not defined by the object.
func isSection(m *elfobj.Map) bool {
	switch m.Kind {
	case elfobj.Data, elfobj.Rodata, elfobj.BSS, elfobj.PerCPU, elfobj.Kconfig:
		return true
	}
	return false
}

// known returns the name by which libbpf knows a map. Within a subskeleton, whose object has no
// name, sections keep theirs.
func (s *Skeleton) known(m *elfobj.Map) string {
	switch {
	case (m.Kind == elfobj.Data || m.Kind == elfobj.Rodata) && strings.Count(m.Name, ".") > 1:
		return m.Name
	case !isSection(m):
		return m.Name
	case s.sub:
		return m.KernelName("")
	}
	return m.KernelName(s.name)
}

// identOf returns what a map is called in C, or "" if it has no name there.
func identOf(f *mapField) string {
	if !isSection(f.Map) {
		return f.known
	}
	for _, start := range starts {
		if i := strings.Index(f.known, start); i >= 0 {
			return ident(f.known[i+1:])
		}
	}
	return ""
}

// sectionIdent returns what the section of some variables is called in C, or "".
func sectionIdent(name string) string {
	if name == arenaSection {
		return arenaIdent
	}
	for _, start := range starts {
		if strings.HasPrefix(name, start) {
			return ident(name[1:])
		}
	}
	return ""
}

// ident makes a name for C.
func ident(name string) string {
	b := []byte(name[:min(len(name), maxIdent)])
	for i, c := range b {
		if c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			b[i] = '_'
		}
	}
	return string(b)
}

// areaIdent returns what the variables of a map are called together, or "" if a process does not see them.
func (s *Skeleton) areaIdent(f *mapField) string {
	switch {
	case f.Def.Type == arenaType && f.Data != nil && !s.sub: // libbpf finds no variables in arenas
		return arenaIdent
	case f.Kind == elfobj.PerCPU && !s.sub, isSection(f.Map) && f.Def.Flags&mappableFlag != 0:
		return f.ident
	}
	return ""
}

// describeArea describes the variables of a map that a process can see.
func (s *Skeleton) describeArea(f *mapField, declarer decl.Declarer) error {
	name := s.areaIdent(f)
	if name == "" || !s.typed {
		return nil
	}
	section, ok := s.sectionOf(name)
	if !ok && s.sub {
		return nil
	}
	a := &area{ident: name, vars: s.varsOf(section)}
	f.area = a
	write := a.writeMember
	if s.sub {
		write = a.writePointer
	}
	aligner := decl.NewAligner(s.object.BTF)
	p := &pen{Declarer: declarer, Aligner: aligner, spec: s.object.BTF, bare: section != settings}
	for i := range a.vars {
		if err := write(p, &a.vars[i]); err != nil {
			return fmt.Errorf("section %s: variable %s: %w", section, a.vars[i].name, err)
		}
	}
	a.members = p.String()
	return nil
}

// sectionOf returns the name of the section that an area has the variables of.
func (s *Skeleton) sectionOf(name string) (string, bool) {
	for _, t := range s.sections {
		if sectionIdent(t.Name) == name {
			return t.Name, true
		}
	}
	return "", false
}

// varsOf returns the variables of a section that others may see, by their places.
func (s *Skeleton) varsOf(section string) (list []areaVar) {
	if section == settings {
		for _, e := range s.object.Externs {
			if e.Kind == elfobj.Setting {
				list = append(list, areaVar{e.Name, ident(e.Name), e.Type, uint64(e.Offset), uint64(e.Size)})
			}
		}
		return list
	}
	for _, v := range s.object.Variables {
		if v.Section == section && v.Type != 0 && v.Linkage != btf.Static && !v.Hidden {
			list = append(list, areaVar{v.Name, ident(v.Name), v.Type, uint64(v.Offset), uint64(v.Size)})
		}
	}
	slices.SortStableFunc(list, func(a, b areaVar) int { return cmp.Compare(a.offset, b.offset) })
	return list
}

// A pen writes the members of an area.
type pen struct {
	strings.Builder
	decl.Declarer
	decl.Aligner
	spec *btf.Spec
	bare bool
	end  uint64 // of the last variable, in bytes
	pads int
}

// writeMember writes a variable as it is in memory. Padding is as where pointers are aligned least,
// so that the layout holds everywhere.
func (a *area) writeMember(p *pen, v *areaVar) error {
	if v.offset < p.end {
		return fmt.Errorf("at %d, but the one before ends at %d", v.offset, p.end)
	}
	align := uint64(min(p.Align(v.typ), smallestAlign))
	if err := p.Err(); err != nil {
		return err
	}
	if (p.end+align-1)/align*align != v.offset {
		fmt.Fprintf(p, "\t\tchar __pad%d[%d];\n", p.pads, v.offset-p.end)
		p.pads++
	}
	text, err := p.Declare(v.typ, v.ident, 2, p.bare)
	p.WriteString("\t\t" + text + ";\n")
	p.end = v.offset + v.size
	return err
}

// writePointer writes where a variable is.
func (a *area) writePointer(p *pen, v *areaVar) error {
	text, err := p.Declare(v.typ, "", 2, p.bare)
	if err != nil {
		return err
	}
	t, err := p.spec.Resolve(v.typ)
	if err != nil {
		return err
	}
	// The star would be part of what such a type is made of.
	if t.Kind == btf.Array || t.Kind == btf.Pointer && p.spec.Kind(t.Ref()) == btf.FuncProto {
		text = "__typeof__(" + text + ")"
	}
	p.WriteString("\t\t" + text + " *" + v.name + ";\n")
	return nil
}
