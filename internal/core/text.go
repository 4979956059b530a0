package core

import (
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/decl"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
)

// text spells an access as C does: the type, and the way from it to the field.
func (s *spec) text(kind names.Relocation) string {
	if len(s.steps) == 0 || asksType(kind) {
		return Title(s.types, s.root)
	}
	if asksValue(kind) {
		return Title(s.types, s.root) + "::" + short(s.last().name)
	}
	if t, err := s.types.Type(s.root); err == nil && t.Name != "" {
		return short(t.Name) + s.way()
	}
	return Title(s.types, s.root) + s.way()
}

// way spells the steps of an access to a field.
func (s *spec) way() string {
	var b strings.Builder
	for i, step := range s.steps {
		switch {
		case step.name != "":
			b.WriteString("." + short(step.name))
		case i > 0 || step.index > 0:
			fmt.Fprintf(&b, "[%d]", step.index)
		}
	}
	return b.String()
}

// Title returns the name of a type with the word that C puts before it.
func Title(types *btf.Spec, id btf.ID) string {
	t, err := types.Type(id)
	if err != nil || id == 0 {
		return "void"
	}
	if t.Name == "" {
		return decl.Spell(types, id)
	}
	return keyword(t) + short(t.Name)
}

// maxName is how long a name may be that is shown as it is, in bytes: those of the kernel are
// shorter, and one long string may be the name of very much.
const maxName = 512

func short(name string) string {
	if len(name) > maxName {
		return name[:maxName] + "..."
	}
	return name
}

func keyword(t btf.Type) string {
	switch t.Kind {
	case btf.Struct:
		return "struct "
	case btf.Union:
		return "union "
	case btf.Enum, btf.Enum64:
		return "enum "
	case btf.Forward:
		if t.Flag {
			return "union "
		}
		return "struct "
	}
	return ""
}

// path spells the access of a relocation, and the steps from the type to a field.
func (r *resolution) path(relo elfobj.CORERelo, access *spec) (path, way string) {
	kind := names.Relocation(relo.Kind)
	switch {
	case access == nil || len(access.steps) == 0 && !asksType(kind):
		return Title(r.object.BTF, relo.Type), ""
	case AsksField(kind):
		way = access.way()
	}
	return access.text(kind), way
}

// maxWay is how many fields one path may have: BPF_CORE_READ follows nine pointers.
const maxWay = 10

// follow completes the paths of the fields of a function that pointers in other fields lead
// to.
func (r *resolution) follow(f *elfobj.Func, results []Result) {
	chain(f.Code, r.object.Order, results)
	for i := range results {
		res := &results[i]
		first, way := res, ""
		for range maxWay {
			if first.before == nil || !r.leads(first.before, first) {
				break
			}
			way = "->" + strings.TrimPrefix(first.way, ".") + way
			first = first.before
		}
		if way != "" {
			res.whole = first.Field + way
		}
	}
	for i := range results {
		if res := &results[i]; res.whole != "" {
			res.Path = res.whole
		}
	}
}

// leads reports whether a field is a pointer to the type in which another field is.
func (r *resolution) leads(from, to *Result) bool {
	at := r.find(elfobj.CORERelo{Type: from.Local, Access: from.Access, Kind: uint32(from.Kind)}).access
	if at == nil || to.way == "" {
		return false
	}
	t, err := at.field()
	if err != nil || t.Kind != btf.Pointer {
		return false
	}
	a, err1 := r.object.BTF.Resolve(t.Ref())
	b, err2 := r.object.BTF.Resolve(to.Local)
	return err1 == nil && err2 == nil && essential(a.Name) == essential(b.Name)
}

// field returns the type of the field that an access leads to.
func (s *spec) field() (btf.Type, error) {
	last := s.last()
	if last.name == "" {
		return s.types.Resolve(last.in)
	}
	return s.types.Resolve(s.types.Shape(last.in).Place(last.index).Type)
}
