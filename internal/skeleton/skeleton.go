// Package skeleton writes skeletons: code by which another program carries an object
// with it, loads it, and works with its maps, variables and programs by their names and
// types.
//
// A skeleton in Go imports nothing but cilium/ebpf and the standard library. What all
// skeletons have in common is in the files of directory support, which are copied into
// those that use them; the rest is written here: what each name of the object becomes
// (describe.go), the life of the whole (life.go), maps, programs and variables.
//
// A subskeleton (sub.go) has no object: it works with what an object has within a greater one.
package skeleton

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/adapt"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/decl"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// Options say how a skeleton is written.
type Options struct {
	Name    string   // of the skeleton: an identifier in C
	Package string   // to which it belongs
	Types   []string // names in C of structs and unions that get a type in Go, even if nothing is of that type
	File    string   // with the object, beside the skeleton; "" if the skeleton holds the object itself
	Sub     bool     // it is a subskeleton: it has no object, but works with a greater one of which that is a part

	// Bpf2go asks for what bpf2go writes, too. The skeleton is then named after that; the file has the object as it
	// was compiled.
	Bpf2go *Bpf2go
}

// A Skeleton is what is to be written for an object.
type Skeleton struct {
	options Options
	object  *elfobj.Object
	adapted *adapt.Adapted

	name  string // what public names start with, such as "TraceOpen"
	small string // what others start with, such as "traceOpen"

	maps  []*mapField
	progs []*progField
	areas []*areaField

	areaNames map[string]string // fields by section
	types     *decl.GoTypes
	parts     map[string]bool // files of directory support that are used

	notes []string // about what a subskeleton leaves out

	face     *face  // nil unless it is asked for
	original []byte // the object as it was compiled, if the file has it
}

// New describes the skeleton of an object that was read from data.
func New(object *elfobj.Object, data []byte, options Options) (*Skeleton, error) {
	if options.Sub && object.BTF == nil {
		return nil, fmt.Errorf("need btf type information for %s", options.Name)
	}
	adapted, err := adapt.Object(data, object)
	if err != nil {
		return nil, err
	}
	s := &Skeleton{options: options, object: object, adapted: adapted, parts: make(map[string]bool)}
	if options.Bpf2go != nil {
		leave := make(map[string]bool)
		for _, name := range adapted.Functions {
			leave[name] = true
		}
		if s.face, err = newFace(object, leave, *options.Bpf2go); err != nil {
			return nil, err
		}
		s.face.shared = bytes.Equal(data, adapted.Data)
		s.options.Name = s.face.skeletonName()
		s.original = data
	}
	s.name, s.small = skeletonNames(s.options.Name)
	s.nameAreas()
	if object.BTF != nil {
		s.types = decl.NewGoTypes(object.BTF, s.name, s.reserved()...)
	}
	if options.Sub {
		s.describeSub()
	} else {
		s.describe()
	}
	for _, name := range options.Types {
		if err := s.declare(name); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// skeletonNames returns what the names of a skeleton begin with, public ones and others.
func skeletonNames(name string) (public, private string) {
	public = decl.GoName(name)
	return public, decl.GoPrivate(public)
}

// declare has the types of a name declared.
func (s *Skeleton) declare(name string) error {
	found := false
	if spec := s.object.BTF; spec != nil {
		for id := btf.ID(1); id < spec.Len(); id++ {
			switch spec.Kind(id) {
			case btf.Struct, btf.Union, btf.Enum, btf.Enum64, btf.Typedef:
				if t, err := spec.Type(id); err == nil && t.Name == name {
					_, _, ok := s.types.Type(id)
					found = found || ok
				}
			}
		}
	}
	if !found {
		return fmt.Errorf("type %s: the object has none of that name", name)
	}
	return nil
}

// FileName returns the name of the file that a skeleton is usually in, without what
// follows its dot: it tells the byte order.
func FileName(object *elfobj.Object, name string) string {
	if object.Order == binary.BigEndian {
		return name + "_bpfeb"
	}
	return name + "_bpfel"
}

// Where objects of each byte order can be used.
const (
	littleMachines = "386 || amd64 || arm || arm64 || loong64 || mips64le || mipsle || ppc64le || riscv64 || wasm"
	bigMachines    = "mips || mips64 || ppc64 || s390x"
)

// Cannot tells what of the object Load cannot load, each by its name, but for what it does not load by itself.
func (s *Skeleton) Cannot() (list []string) {
	for _, c := range s.adapted.Cannot {
		if !slices.Contains(s.adapted.Optional, c.Name) {
			list = append(list, cannot(c))
		}
	}
	return list
}

func cannot(c adapt.Cannot) string {
	return fmt.Sprintf("%s cannot be loaded by cilium/ebpf: %s", c.Name, c.Why)
}

// Notes tell what the skeleton cannot do that libbpf does, each by the name of a program or map.
func (s *Skeleton) Notes() (list []string) {
	if s.options.Sub {
		return s.notes
	}
	for _, c := range s.adapted.Cannot {
		list = append(list, cannot(c))
	}
	for _, p := range s.progs {
		if why := notAttached[strings.TrimSuffix(p.what.Name, ".s")]; why != "" && p.what.Rest != "" {
			list = append(list, fmt.Sprintf("program %s is not attached by Attach: %s", p.Name, why))
		}
		if p.what.Target && p.what.Rest == "" && p.what.Name != "freplace" {
			list = append(list, fmt.Sprintf("program %s: its section '%s' does not say where it runs: set Spec.AttachTo of it before Load", p.Name, p.Section))
		}
	}
	return list
}

// Object returns the object as the skeleton carries it, or the file has it.
func (s *Skeleton) Object() []byte {
	if s.face != nil {
		return s.original
	}
	return s.adapted.Data
}

// Write writes the skeleton.
func (s *Skeleton) Write(w io.Writer) error {
	life, own := s.life, s.imports
	if s.options.Sub {
		life, own = s.subLife, s.subImports
	}
	body := life() + s.mapsText() + s.progsText() + s.areasText()
	support, imports, err := s.support()
	if err != nil {
		return err
	}
	machines, command, faceText := littleMachines, "skeleton", ""
	if s.object.Order == binary.BigEndian {
		machines = bigMachines
	}
	if s.options.Sub {
		command = "subskeleton"
	}
	if s.face != nil {
		machines, command, faceText = s.face.Constraint, "go", s.face.text()
		imports = append(imports, s.face.imports()...)
	}
	imports = append(imports, own()...)
	if s.types != nil {
		imports = append(imports, s.types.Imports()...)
	}
	if machines != "" {
		machines = "//go:build " + machines + "\n\n"
	}
	if _, err := fmt.Fprintf(w, "// Code generated by gobpftool gen %s. DO NOT EDIT.\n\n%spackage %s\n\n%s%s%s%s",
		command, machines, s.options.Package, importText(imports), faceText, body, support); err != nil {
		return err
	}
	if s.types != nil {
		if err := s.types.Write(w); err != nil {
			return err
		}
	}
	if s.options.Sub {
		return nil
	}
	return s.writeObject(w)
}

// importText returns the imports, those of the standard library first.
func importText(list []string) string {
	slices.Sort(list)
	list = slices.Compact(list)
	var standard, other []string
	for _, path := range list {
		line := fmt.Sprintf("\t%q\n", path)
		switch {
		case path == "embed":
			standard = append(standard, "\t_ \"embed\"\n")
		case strings.Contains(path, "."):
			other = append(other, line)
		default:
			standard = append(standard, line)
		}
	}
	return "import (\n" + strings.Join(standard, "") + "\n" + strings.Join(other, "") + ")\n"
}
