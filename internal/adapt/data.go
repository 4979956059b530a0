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
		a.empty(m)
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

// empty leaves variables without bytes out of the types of a section: the kernel takes none that have any. libbpf goes
// on without types then, cilium/ebpf does not.
func (a *adapter) empty(m *elfobj.Map) {
	if a.types == nil || m.Kind != elfobj.Data && m.Kind != elfobj.Rodata && m.Kind != elfobj.BSS {
		return
	}
	section, ok := a.types.Section(m.Section)
	if !ok {
		return
	}
	var list []btf.Variable
	for i := range section.Len() {
		if v := section.Variable(i); v.Size > 0 {
			list = append(list, v)
		}
	}
	if len(list) < section.Len() {
		a.types.SetVariables(section.ID, list)
		a.change(m.Name, "its types have no variables without bytes")
	}
}

// maxZeroes bounds how many zeroes are written into a file, in bytes.
const maxZeroes = 1 << 24

// bss makes a section with data of one without that has a name of its own.
func (a *adapter) bss(m *elfobj.Map) {
	at := a.at[m.Section]
	s := a.f.Sections[at]
	if m.Section == ".bss" || s.Type != elf.SHT_NOBITS {
		return
	}
	if s.Size > maxZeroes {
		a.cannot(m.Name, "it has %d bytes, and cilium/ebpf wants the zeroes of a section with a name of its own in the file", s.Size)
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
