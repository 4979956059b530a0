package skeleton

import (
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// An areaField is the field of a section of variables.
type areaField struct {
	section string // in the adapted object
	name    string // in the object as it was
	field   string
	typ     string // of variables: the file of directory support, but for its first letter
	vars    []varField
}

// A varField is the field of a variable.
type varField struct {
	name   string
	field  string
	typ    string // of the value
	offset uint32 // bytes
	size   uint32 // bytes
	id     btf.ID // of the type
	doc    string
}

// nameAreas names the sections of variables, before there are types: their structs have names, too.
func (s *Skeleton) nameAreas() {
	taken := newScope("Spec", "Maps", "Progs", "Links", "Load", "LoadWithOptions", "Collection", "Attach", "Detach", "Close")
	s.areaNames = make(map[string]string)
	for _, m := range s.object.Maps {
		switch m.Kind {
		case elfobj.Data, elfobj.Rodata, elfobj.BSS, elfobj.Kconfig:
			s.areaNames[m.Section] = taken.claim(strings.TrimPrefix(m.Section, "."))
		}
	}
}

// describeAreas finds the sections of variables, in the order of their maps.
func (s *Skeleton) describeAreas() {
	for _, m := range s.object.Maps {
		switch m.Kind {
		case elfobj.Data, elfobj.Rodata, elfobj.BSS:
			s.describeArea(m)
		case elfobj.Kconfig:
			s.describeSettings(m)
		}
	}
}

func (s *Skeleton) describeArea(m *elfobj.Map) {
	a := &areaField{section: s.sectionName(m.Section), name: m.Section}
	fields := newScope()
	for _, v := range s.object.Variables {
		if v.Map != m || v.Size == 0 || strings.HasPrefix(v.Name, ".") {
			continue
		}
		s.pointee(v.Type)
		if s.options.Sub && (v.Linkage == btf.Static || v.Hidden) { // several parts of the whole may have such a name
			continue
		}
		doc := "variable"
		if m.Kind == elfobj.Rodata {
			doc = "constant"
		}
		a.vars = append(a.vars, varField{
			name: v.Name, field: fields.claim(v.Name), typ: s.sized(v.Type, v.Size), offset: v.Offset, size: v.Size, id: v.Type,
			doc: "the " + doc + " " + oneLine(v.Name),
		})
	}
	s.addArea(a)
}

// describeSettings is describeArea for what the kernel is configured with.
func (s *Skeleton) describeSettings(m *elfobj.Map) {
	a := &areaField{section: m.Section, name: m.Section}
	offsets := make(map[string]uint32)
	for _, setting := range s.adapted.Settings {
		a.section, offsets[setting.Name] = setting.Section, setting.Offset
	}
	fields := newScope()
	for _, e := range s.object.Externs {
		if e.Kind != elfobj.Setting {
			continue
		}
		offset, ok := offsets[e.Name]
		if !ok {
			offset = e.Offset
		}
		a.vars = append(a.vars, varField{
			name: e.Name, field: fields.claim(e.Name), typ: s.sized(e.Type, e.Size), offset: offset, size: e.Size, id: e.Type,
			doc: "the kernel's " + oneLine(e.Name),
		})
	}
	s.addArea(a)
}

func (s *Skeleton) addArea(a *areaField) {
	if len(a.vars) == 0 {
		return
	}
	a.field, a.typ = s.areaNames[a.name], "Var"
	s.areas = append(s.areas, a)
	if s.options.Sub && a.name == ".kconfig" {
		a.typ = "Setting" // only Load of the whole sets them
	}
	s.uses(strings.ToLower(a.typ))
}

// pointee has the type declared to which a variable points: objects keep the types of their records by such
// variables.
func (s *Skeleton) pointee(id btf.ID) {
	if s.types == nil || id == 0 {
		return
	}
	spec := s.object.BTF
	if t, err := spec.Resolve(id); err == nil && t.Kind == btf.Pointer {
		if to, err := spec.Resolve(t.Ref()); err == nil && (to.Kind == btf.Struct || to.Kind == btf.Union) {
			s.types.Type(to.ID)
		}
	}
}
