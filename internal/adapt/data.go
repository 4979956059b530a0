package adapt

import (
	"debug/elf"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elffile"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// areas adapts sections with variables.
func (a *adapter) areas() error {
	used := make(map[*elfobj.Map]bool)
	for _, f := range a.all() {
		for _, r := range f.Relocs {
			if r.Kind == elfobj.ToValue {
				used[r.Map] = true
			}
		}
	}
	for _, m := range a.o.Maps {
		if m.Def.Value != 0 && m.Kind <= elfobj.PerCPU && m.Kind >= elfobj.Data && a.contains(m.Def.Value) {
			a.cannot(m.Name, "it has lists or trees: the kernel wants their types and those of programs in one BTF, cilium/ebpf makes several")
		}
		switch m.Kind {
		case elfobj.PerCPU:
			a.cannot(m.Name, "variables for each processor are unknown to cilium/ebpf")
		case elfobj.BSS:
			a.bss(m)
			fallthrough
		case elfobj.Data, elfobj.Rodata:
			if !used[m] {
				a.keep(m)
			}
		}
	}
	return nil
}

// bss makes a section with data of one without that has a name of its own.
func (a *adapter) bss(m *elfobj.Map) {
	at := a.at[m.Section]
	s := a.f.Sections[at]
	if m.Section == ".bss" || s.Type != elf.SHT_NOBITS {
		return
	}
	s.Type, s.Data = elf.SHT_PROGBITS, make([]byte, s.Size)
	a.renameSection(m.Section, ".data"+m.Section)
	a.Sections[m.Name] = ".data" + m.Section
	a.change(m.Section, "it is called .data%s, and its zeroes are in the file", m.Section)
}

// renameSection gives a section, and what its types say of it, another name.
func (a *adapter) renameSection(before, name string) {
	at := a.at[before]
	a.f.Sections[at].Name = name
	a.at[name] = at
	delete(a.at, before)
	if a.types != nil {
		if t, ok := a.types.Section(before); ok {
			a.types.Rename(t.ID, name)
		}
	}
}

// keep sees to it that a map is made of a section to which nothing refers, and that has no name that others
// see: cilium/ebpf leaves it out.
func (a *adapter) keep(m *elfobj.Map) {
	name := m.Section
	if other, ok := a.Sections[m.Name]; ok {
		name = other
	}
	at := a.at[name]
	for _, s := range a.f.Symbols {
		if s.Section == at && s.Name != "" && (s.Type == elf.STT_OBJECT || s.Type == elf.STT_NOTYPE) {
			return
		}
	}
	a.f.Symbols = append(a.f.Symbols, &elffile.Symbol{
		Name: strings.TrimPrefix(name, "."), Bind: elf.STB_LOCAL, Type: elf.STT_OBJECT, Section: at, Size: a.f.Sections[at].Size,
	})
	a.change(m.Section, "it has got a symbol, as nothing refers to it")
}

// contains reports whether a type has a tag that names a type of its own, as lists and trees have.
func (a *adapter) contains(id btf.ID) bool {
	if a.tagged == nil {
		a.tagged = a.findTagged()
	}
	return a.tagged[id]
}

// findTagged finds the types that have a list or tree: those that a tag is for, and those that have one of
// them as a part.
func (a *adapter) findTagged() map[btf.ID]bool {
	found := make(map[btf.ID]bool)
	spec := a.o.BTF
	if spec == nil {
		return found
	}
	users := make(map[btf.ID][]btf.ID)
	var todo []btf.ID
	for id := btf.ID(1); id < spec.Len(); id++ {
		t := spec.Shape(id)
		switch t.Kind {
		case btf.DeclTag:
			if t, err := spec.Type(id); err == nil && strings.HasPrefix(t.Name, "contains:") {
				todo = append(todo, t.Ref())
			}
		case btf.Struct, btf.Union:
			for i := range t.Len() {
				users[t.Place(i).Type] = append(users[t.Place(i).Type], id)
			}
		case btf.Datasec:
			for i := range t.Len() {
				users[t.Variable(i).Type] = append(users[t.Variable(i).Type], id)
			}
		case btf.Typedef, btf.Const, btf.Volatile, btf.TypeTag, btf.Var:
			users[t.Ref()] = append(users[t.Ref()], id)
		case btf.Array:
			elem, _, _ := t.Array()
			users[elem] = append(users[elem], id)
		}
	}
	for len(todo) > 0 {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !found[id] {
			found[id] = true
			todo = append(todo, users[id]...)
		}
	}
	return found
}
