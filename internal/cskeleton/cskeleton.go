// Package cskeleton writes skeletons in C: headers by which programs that use libbpf carry an
// object with them, load it, and work with its maps, variables and programs by their names. A
// subskeleton is for a library: it finds what the object has within one that somebody else opened.
//
// What it writes is what bpftool 7.8 writes, byte for byte.
package cskeleton

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/decl"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// A Skeleton is what is to be written for an object.
type Skeleton struct {
	name   string // of the skeleton
	sub    bool   // it is a subskeleton
	object *elfobj.Object
	data   []byte // of the file

	maps  []*mapField
	progs []string
	typed bool // the object has types

	sections []btf.Type // those that have types
	names    *strings.Replacer
}

// NotOpened is what bpftool says first of objects that libbpf does not open.
const NotOpened = "failed to open BPF object file: "

// A mapField is a map as the skeleton has it.
type mapField struct {
	*elfobj.Map
	known  string // the name by which libbpf knows it
	ident  string // its name in C
	shadow string // members of the struct of functions that a process may change before the load
	area   *area  // where its variables are, or nil

	misplaced bool // it is a struct of functions with bitfields
}

// An area is the memory of a map that holds variables.
type area struct {
	ident   string // the name of its struct in C
	members string
	vars    []areaVar
}

// An areaVar is a variable that a process can see.
type areaVar struct {
	name   string // in the object
	ident  string // in C
	typ    btf.ID
	offset uint64 // bytes
	size   uint64 // bytes
}

// New describes the skeleton of the object in data, or its subskeleton. name is a [IsName].
//
// The error is of an object that libbpf would not open, or of one that cannot be described in C.
func New(data []byte, name string, sub bool) (*Skeleton, error) {
	object, err := elfobj.Read(data)
	if err != nil {
		return nil, fmt.Errorf("%s%w", NotOpened, err)
	}
	s := &Skeleton{name: name, sub: sub, object: object, data: data, typed: object.BTF != nil}
	s.findSections()
	if err := s.refused(); err != nil {
		return nil, fmt.Errorf("%s%w", NotOpened, err)
	}
	if sub && !s.typed {
		return nil, fmt.Errorf("need btf type information for %s", name)
	}
	s.names = strings.NewReplacer("NAME", name, "GUARD", s.guard())
	for _, f := range object.Programs {
		s.progs = append(s.progs, f.Name)
	}
	if err := s.describeMaps(); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return s, nil
}

// Notes tell what of the object does not work by the skeleton, each by its name.
func (s *Skeleton) Notes() (list []string) {
	for _, m := range s.maps {
		switch {
		case s.sub && m.Def.Type == arenaType && m.Data != nil:
			list = append(list, fmt.Sprintf("map %s: its variables are left out, as libbpf finds none in arenas", m.Name))
		case m.misplaced:
			list = append(list, fmt.Sprintf("map %s: its bitfields, and all that follows, are not where its struct says, as in the skeletons of bpftool", m.Name))
		}
	}
	return list
}

// guard returns the macro that is defined by the header.
func (s *Skeleton) guard() string {
	end := "_SKEL_H__"
	if s.sub {
		end = "_SUBSKEL_H__"
	}
	return strings.ToUpper("__" + s.name + end)
}

// findSections finds the sections that have types.
func (s *Skeleton) findSections() {
	spec := s.object.BTF
	if spec == nil {
		return
	}
	for id := btf.ID(1); id < spec.Len(); id++ {
		if spec.Kind(id) != btf.Datasec {
			continue
		}
		if t, err := spec.Type(id); err == nil {
			s.sections = append(s.sections, t)
		}
	}
}

// describeMaps describes the maps, and their areas in the order in which they are written: which of
// two types with one name is met first decides what they are called.
func (s *Skeleton) describeMaps() error {
	var declarer decl.Declarer
	if s.typed {
		declarer = decl.NewDeclarer(s.object.BTF)
	}
	for _, m := range s.object.Maps {
		f := &mapField{Map: m, known: s.known(m)}
		if f.ident = identOf(f); f.ident == "" {
			continue
		}
		s.maps = append(s.maps, f)
		if m.Kind == elfobj.StructOps && s.typed {
			var err error
			if f.shadow, f.misplaced, err = shadow(s.object.BTF, m); err != nil {
				return err
			}
		}
	}
	for _, f := range s.maps {
		if err := s.describeArea(f, declarer); err != nil {
			return err
		}
	}
	return nil
}

// Write writes the skeleton.
func (s *Skeleton) Write(w *bufio.Writer) error {
	if s.sub {
		s.writeSub(w)
	} else {
		s.writeWhole(w)
	}
	return w.Flush()
}
