package core

import (
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// text spells an access as C does: the type, and the way from it to the field.
func (s *spec) text(kind names.Relocation) string {
	if len(s.steps) == 0 || asksType(kind) {
		return title(s.types, s.root)
	}
	if asksValue(kind) {
		return title(s.types, s.root) + "::" + s.last().name
	}
	t, _ := s.types.Type(s.root)
	return nameOf(t) + s.way()
}

// way spells the steps of an access to a field.
func (s *spec) way() string {
	var b strings.Builder
	for i, step := range s.steps {
		switch {
		case step.name != "":
			b.WriteString("." + step.name)
		case i > 0 || step.index > 0:
			fmt.Fprintf(&b, "[%d]", step.index)
		}
	}
	return b.String()
}

// title returns the name of a type with the word that C puts before it.
func title(types *btf.Spec, id btf.ID) string {
	t, err := types.Type(id)
	if err != nil || id == 0 {
		return "void"
	}
	return keyword(t) + nameOf(t)
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

func nameOf(t btf.Type) string {
	if t.Name == "" {
		return "(anon)"
	}
	return t.Name
}
