package adapt

import (
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// A Struct is a struct of functions. cilium/ebpf puts those that it knows into force, or checks them at least, when it
// loads them, so that they are left to who loads the adapted object: the maps are made by ebpf.NewMap once the
// programs are there, and get their value when they are attached.
type Struct struct {
	Name     string // of the map
	Type     string // the name of the struct in the kernel
	Size     uint32 // of the struct in the object, in bytes
	Link     bool   // it is attached by a link, and its map has the flag BPF_F_LINK; if not, its value alone registers it
	Optional bool   // it is not loaded unless it is asked for
	Members  []Member
}

// A Member is a part of a struct that is not zero, or not a pointer. The kernel has it by its name, perhaps at
// another place; what it does not have must be zero.
type Member struct {
	Name    string
	Offset  uint32 // in the object's struct, in bytes
	Size    uint32 // bytes
	Program string // if it is a function; "" for none
	Value   []byte // if it is none, nil for zeroes
}

// structs describes the structs of functions, and hides them.
func (a *adapter) structs() error {
	for _, m := range a.o.Maps {
		if m.Kind != elfobj.StructOps {
			continue
		}
		s, err := a.structOf(m)
		if err != nil {
			return err
		}
		a.Structs = append(a.Structs, s)
		if s.Optional {
			a.Optional = append(a.Optional, s.Name)
		}
		if _, ok := a.at[m.Section]; ok && !s.Optional {
			a.change(m.Section, "it is called %s%s: its structs are made once there are programs", later, m.Section)
			a.renameSection(m.Section, later+m.Section)
		}
	}
	for i := range a.Structs {
		a.checkSlots(&a.Structs[i])
	}
	return nil
}

// later is the start of the name of a section of which cilium/ebpf is to know nothing.
const later = "later"

// structOf describes a struct.
func (a *adapter) structOf(m *elfobj.Map) (Struct, error) {
	t, err := a.o.BTF.Type(m.Type)
	if err != nil {
		return Struct{}, err
	}
	s := Struct{
		Name: m.Name, Type: essential(t.Name), Size: t.Size(),
		Link: strings.HasSuffix(m.Section, ".link"), Optional: m.Section[0] == '?',
	}
	for i := range t.Len() {
		member := t.Member(i)
		size, err := a.o.BTF.SizeOf(member.Type)
		if err != nil {
			return s, err
		}
		part, err := a.o.BTF.Resolve(member.Type)
		if err != nil {
			return s, err
		}
		to := Member{Name: essential(member.Name), Offset: member.Offset / 8, Size: uint32(size)}
		if n := slices.IndexFunc(m.Slots, func(s elfobj.Slot) bool { return s.Index == int(to.Offset) }); n >= 0 {
			to.Program = m.Slots[n].Func.Name
		} else if part.Kind == btf.Pointer {
			continue
		} else if end := uint64(to.Offset) + size; end <= uint64(len(m.Data)) {
			to.Value = m.Data[to.Offset:end]
			if isZero(to.Value) {
				to.Value = nil
			}
		}
		s.Members = append(s.Members, to)
	}
	return s, nil
}

// checkSlots makes sure that a program is for one member of one kind of struct.
func (a *adapter) checkSlots(s *Struct) {
	for _, m := range s.Members {
		if m.Program == "" {
			continue
		}
		for _, other := range a.Structs {
			for _, n := range other.Members {
				if n.Program == m.Program && (n.Name != m.Name || other.Type != s.Type) {
					a.cannot(m.Program, "it is a function of two kinds of structs, or for two members")
				}
			}
		}
	}
}
