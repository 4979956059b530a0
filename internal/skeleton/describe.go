package skeleton

import (
	"strings"

	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// describe finds the fields of everything.
func (s *Skeleton) describe() {
	inMaps := newScope()
	for _, m := range s.object.Maps {
		f := s.describeMap(m)
		f.field = inMaps.claim(strings.TrimPrefix(m.Name, "."))
		s.maps = append(s.maps, f)
	}
	inProgs := newScope()
	for _, p := range s.object.Programs {
		s.progs = append(s.progs, s.describeProg(p, inProgs))
	}
	inLinks := newScope()
	for _, p := range s.progs {
		if !linkless[strings.TrimPrefix(p.typ, s.name)] {
			p.link = inLinks.claim(p.Name)
		}
	}
	for _, m := range s.maps {
		if m.ops != nil {
			m.link = inLinks.claim(m.Name)
		}
	}
	s.describeAreas()
	s.describeSteps()
}

// describeSteps finds out which files of directory support the life of the object needs.
func (s *Skeleton) describeSteps() {
	a := s.adapted
	for _, step := range []struct {
		part string
		is   bool
	}{
		{"catches", len(a.Catches) > 0},
		{"rings", len(a.Rings) > 0},
		{"settings", len(a.Settings) > 0},
		{"typed", len(a.Typed) > 0},
		{"zeroes", len(a.Zeroes) > 0},
		{"bind", len(s.constants()) > 0},
	} {
		if step.is {
			s.uses(step.part)
		}
	}
}

// constants returns the maps of constants, which programs are to hold.
func (s *Skeleton) constants() (list []*mapField) {
	for _, m := range s.maps {
		if m.Kind == elfobj.Rodata && len(s.progs) > 0 {
			list = append(list, m)
		}
	}
	return list
}

// asksKernel reports whether the types of the kernel are read before the object is loaded.
func (s *Skeleton) asksKernel() bool {
	return len(s.adapted.Structs)+len(s.adapted.Typed)+len(s.adapted.Zeroes) > 0
}
