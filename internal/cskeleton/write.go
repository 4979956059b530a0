package cskeleton

import (
	"bufio"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// Sizes of what describes a map to libbpf, in bytes on machines with pointers of 64 bits: what a
// program may be compiled with can be older.
const (
	mapSize     = 24
	mapLinkSize = 32 // with a link
)

// text writes text that skeletons have in common.
func (s *Skeleton) text(w *bufio.Writer, text string) { s.names.WriteString(w, text) }

// writeWhole writes a skeleton.
func (s *Skeleton) writeWhole(w *bufio.Writer) {
	s.text(w, wholeHead)
	s.writeFields(w)
	s.writeLinks(w)
	s.writeAreas(w, "*")
	s.text(w, wholeOpen)
	s.writeShadowValues(w)
	s.text(w, wholeLife)
	s.describeMapsTo(w)
	s.describeProgsTo(w)
	s.text(w, wholeData)
	writeBytes(w, s.data)
	s.text(w, wholeMethods)
	s.writeAsserts(w)
	s.text(w, wholeTail)
}

// writeSub writes a subskeleton.
func (s *Skeleton) writeSub(w *bufio.Writer) {
	s.text(w, subHead)
	s.writeFields(w)
	s.writeAreas(w, "")
	s.text(w, subOpen)
	s.describeVarsTo(w)
	s.describeMapsTo(w)
	s.describeProgsTo(w)
	s.text(w, subFind)
	s.writeShadowValues(w)
	s.text(w, subTail)
}

// structs yields the maps that are structs of functions whose types are known.
func (s *Skeleton) structs(yield func(*mapField) bool) {
	for _, m := range s.maps {
		if m.Kind == elfobj.StructOps && s.typed && !yield(m) {
			return
		}
	}
}

// hasStructs reports whether there are any.
func (s *Skeleton) hasStructs() bool {
	for range s.structs {
		return true
	}
	return false
}

// writeFields writes the maps, structs of functions and programs of the object.
func (s *Skeleton) writeFields(w *bufio.Writer) {
	if len(s.maps) > 0 {
		fmt.Fprint(w, "\tstruct {\n")
		for _, m := range s.maps {
			fmt.Fprintf(w, "\t\tstruct bpf_map *%s;\n", m.ident)
		}
		fmt.Fprint(w, "\t} maps;\n")
	}
	if s.hasStructs() {
		fmt.Fprint(w, "\tstruct {\n")
		for m := range s.structs {
			t, _ := s.object.BTF.Type(m.Type)
			fmt.Fprintf(w, "\t\tstruct %s__%s__%s {\n%s\t\t} *%s;\n", s.name, m.ident, t.Name, m.shadow, m.ident)
		}
		fmt.Fprint(w, "\t} struct_ops;\n")
	}
	if len(s.progs) > 0 {
		fmt.Fprint(w, "\tstruct {\n")
		for _, name := range s.progs {
			fmt.Fprintf(w, "\t\tstruct bpf_program *%s;\n", name)
		}
		fmt.Fprint(w, "\t} progs;\n")
	}
}

// writeLinks writes the links of programs and structs of functions.
func (s *Skeleton) writeLinks(w *bufio.Writer) {
	if len(s.progs) == 0 && !s.hasStructs() {
		return
	}
	fmt.Fprint(w, "\tstruct {\n")
	for _, name := range s.progs {
		fmt.Fprintf(w, "\t\tstruct bpf_link *%s;\n", name)
	}
	for m := range s.structs {
		fmt.Fprintf(w, "\t\tstruct bpf_link *%s;\n", m.ident)
	}
	fmt.Fprint(w, "\t} links;\n")
}

// writeAreas writes the structs of variables. They are elsewhere if star is "*".
func (s *Skeleton) writeAreas(w *bufio.Writer, star string) {
	for _, m := range s.maps {
		if a := m.area; a != nil {
			fmt.Fprintf(w, "\tstruct %s__%s {\n%s\t} %s%s;\n", s.name, a.ident, a.members, star, a.ident)
		}
	}
}

// writeShadowValues writes what makes structs of functions accessible.
func (s *Skeleton) writeShadowValues(w *bufio.Writer) {
	for m := range s.structs {
		fmt.Fprintf(w, "\tobj->struct_ops.%[1]s = (__typeof__(obj->struct_ops.%[1]s))\n\t\tbpf_map__initial_value(obj->maps.%[1]s, NULL);\n\n", m.ident)
	}
}

// describeMapsTo writes what describes the maps to libbpf.
func (s *Skeleton) describeMapsTo(w *bufio.Writer) {
	if len(s.maps) == 0 {
		return
	}
	size := mapSize
	if s.hasStructs() && !s.sub {
		size = mapLinkSize
	}
	fmt.Fprintf(w, "\n\t/* maps */\n\ts->map_cnt = %d;\n\ts->map_skel_sz = %d;\n", len(s.maps), size)
	fmt.Fprintf(w, "\ts->maps = (struct bpf_map_skeleton *)calloc(s->map_cnt,\n\t\t\tsizeof(*s->maps) > %[1]d ? sizeof(*s->maps) : %[1]d);\n", size)
	fmt.Fprintf(w, allocated, "maps")
	for i, m := range s.maps {
		fmt.Fprintf(w, "\n\tmap = (struct bpf_map_skeleton *)((char *)s->maps + %d * s->map_skel_sz);\n", i)
		fmt.Fprintf(w, "\tmap->name = \"%s\";\n\tmap->map = &obj->maps.%s;\n", m.known, m.ident)
		if s.sub {
			continue
		}
		if m.area != nil {
			fmt.Fprintf(w, "\tmap->mmaped = (void **)&obj->%s;\n", m.area.ident)
		}
		if m.Kind == elfobj.StructOps {
			fmt.Fprintf(w, "\tmap->link = &obj->links.%s;\n", m.ident)
		}
	}
}

// describeProgsTo writes what describes the programs to libbpf.
func (s *Skeleton) describeProgsTo(w *bufio.Writer) {
	if len(s.progs) == 0 {
		return
	}
	fmt.Fprintf(w, "\n\t/* programs */\n\ts->prog_cnt = %d;\n\ts->prog_skel_sz = sizeof(*s->progs);\n", len(s.progs))
	fmt.Fprint(w, "\ts->progs = (struct bpf_prog_skeleton *)calloc(s->prog_cnt, s->prog_skel_sz);\n")
	fmt.Fprintf(w, allocated, "progs")
	for i, name := range s.progs {
		fmt.Fprintf(w, "\n\ts->progs[%[1]d].name = \"%[2]s\";\n\ts->progs[%[1]d].prog = &obj->progs.%[2]s;\n", i, name)
		if !s.sub {
			fmt.Fprintf(w, "\ts->progs[%d].link = &obj->links.%s;\n", i, name)
		}
	}
}

// describeVarsTo writes what describes the variables to libbpf.
func (s *Skeleton) describeVarsTo(w *bufio.Writer) {
	n := 0
	for _, m := range s.maps {
		if m.area != nil {
			n += len(m.area.vars)
		}
	}
	fmt.Fprintf(w, "\n\t/* vars */\n\ts->var_cnt = %[1]d;\n\ts->vars = (struct bpf_var_skeleton *)calloc(%[1]d, sizeof(*s->vars));\n", n)
	fmt.Fprintf(w, allocated, "vars")
	i := 0
	for _, m := range s.maps {
		if m.area == nil {
			continue
		}
		for _, v := range m.area.vars {
			fmt.Fprintf(w, "\n\ts->vars[%[1]d].name = \"%[2]s\";\n\ts->vars[%[1]d].map = &obj->maps.%[3]s;\n\ts->vars[%[1]d].addr = (void **) &obj->%[4]s.%[2]s;\n",
				i, v.name, m.ident, m.area.ident)
			i++
		}
	}
}

// writeAsserts writes what makes compilers tell if a variable has another size than in the object.
func (s *Skeleton) writeAsserts(w *bufio.Writer) {
	if !s.typed {
		return
	}
	s.text(w, assertHead)
	for _, m := range s.maps {
		if m.area == nil {
			continue
		}
		for _, v := range m.area.vars {
			if size, err := s.object.BTF.SizeOf(v.typ); err == nil {
				fmt.Fprintf(w, "\t_Static_assert(sizeof(s->%s->%s) == %d, \"unexpected size of '%s'\");\n", m.area.ident, v.ident, size, v.ident)
			}
		}
	}
	s.text(w, assertTail)
}
