package adapt

import (
	"debug/elf"
	"slices"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elffile"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// A Setting is an option of the kernel's configuration, or its like, that has become a variable.
//
// What is said of it in a configuration becomes its value as libbpf has it:
//
//   - of a Text, what is between the quotes, up to one byte less than its size;
//   - of a Tristate, "n", "y", "m" are 0, 1, 2;
//   - of a Bool, "n", "y", and 0 and 1;
//   - of a Number, a number that fits into its bits; of one byte, also "n", "y" and "m" as letters.
//
// What the configuration does not have is 0 if it is weak, and an error if it is not.
type Setting struct {
	Name    string
	Section string // of the variable in the adapted object
	Offset  uint32 // bytes
	Size    uint32 // bytes
	Weak    bool
	Kind    SettingKind
	Signed  bool   // of a number
	Bits    uint32 // of a number or bool
}

// A SettingKind says how a setting is to be read.
type SettingKind uint8

// The kinds of settings.
const (
	Number SettingKind = iota
	Bool
	Tristate
	Text
)

// kconfigSection is where types have settings, and settingsSection where they are in an adapted object.
const (
	kconfigSection  = ".kconfig"
	settingsSection = ".rodata.kconfig"
	ksymsSection    = ".ksyms"
)

// settings makes constants of settings.
func (a *adapter) settings() error {
	end := uint32(0)
	for _, e := range a.o.Externs {
		if e.Kind == elfobj.Setting {
			s, err := a.setting(e)
			if err != nil {
				return err
			}
			a.Settings = append(a.Settings, s)
			end = max(end, e.Offset+e.Size)
		}
	}
	if end == 0 {
		return nil
	}
	at := a.f.Add(&elffile.Section{
		Name: settingsSection, Type: elf.SHT_PROGBITS, Flags: elf.SHF_ALLOC, Data: make([]byte, end), Size: uint64(end), Align: 8,
	})
	a.at[settingsSection] = at
	a.Sections[kconfigSection] = settingsSection
	for _, e := range a.o.Externs {
		if e.Kind != elfobj.Setting {
			continue
		}
		for _, s := range a.f.Symbols {
			if s.Name == e.Name && s.Section == 0 {
				s.Section, s.Bind, s.Type, s.Value, s.Size = at, elf.STB_GLOBAL, elf.STT_OBJECT, uint64(e.Offset), uint64(e.Size)
			}
		}
		a.change(e.Name, "it is a constant in the section %s", settingsSection)
	}
	a.settingTypes(end)
	return nil
}

// setting describes a setting.
func (a *adapter) setting(e *elfobj.Extern) (Setting, error) {
	s := Setting{Name: e.Name, Section: settingsSection, Offset: e.Offset, Size: e.Size, Weak: e.Weak}
	t, err := a.o.BTF.Resolve(e.Type)
	if err != nil {
		return s, err
	}
	switch t.Kind {
	case btf.Array:
		s.Kind = Text
	case btf.Enum, btf.Enum64:
		s.Kind = Tristate
	default:
		encoding, _, bits := t.Int()
		s.Bits, s.Signed = bits, encoding&btf.Signed != 0
		if encoding&btf.Bool != 0 {
			s.Kind = Bool
		}
	}
	return s, nil
}

// settingTypes makes a section with variables of what types have as a section of externs.
func (a *adapter) settingTypes(size uint32) {
	section, ok := a.types.Section(kconfigSection)
	if !ok {
		return
	}
	var list []btf.Variable
	for i := range section.Len() {
		v := section.Variable(i)
		n := slices.IndexFunc(a.o.Externs, func(e *elfobj.Extern) bool { return e.Kind == elfobj.Setting && e.Decl == v.Type })
		if n < 0 {
			continue // which no instruction uses
		}
		e := a.o.Externs[n]
		a.types.SetLinkage(v.Type, btf.Global)
		list = append(list, btf.Variable{Type: v.Type, Offset: e.Offset, Size: e.Size})
	}
	slices.SortStableFunc(list, func(a, b btf.Variable) int { return int(int64(a.Offset) - int64(b.Offset)) })
	a.types.SetVariables(section.ID, list)
	a.types.SetSize(section.ID, size)
	a.types.Rename(section.ID, settingsSection)
}

// symbols adapts what programs want to know of the kernel by its name.
func (a *adapter) symbols() error {
	typed := make(map[btf.ID]bool)
	for _, e := range a.o.Externs {
		switch {
		case e.Kind == elfobj.Ksym && e.Type == 0:
			if a.types.Shape(e.Decl).Ref() != 0 {
				a.types.SetRef(e.Decl, 0)
				a.change(e.Name, "its type is void without a qualifier")
			}
		case e.Kind == elfobj.Ksym:
			a.Typed = append(a.Typed, Typed{Reference: e.Name, Name: essential(e.Name), Weak: e.Weak})
			typed[e.Decl] = true
			a.change(e.Name, "it is no symbol of the kernel, but looked up in its types")
		case e.Kind == elfobj.Kfunc:
			a.kfunc(e)
		}
	}
	if len(typed) == 0 {
		return nil
	}
	section, ok := a.types.Section(ksymsSection)
	if !ok {
		return nil
	}
	var list []btf.Variable
	for i := range section.Len() {
		if v := section.Variable(i); !typed[v.Type] {
			list = append(list, v)
		}
	}
	a.types.SetVariables(section.ID, list)
	return nil
}

// kfunc gives loads of the address of a function of the kernel a symbol of their own: cilium/ebpf
// loads the number of its type, and for one of a module what the kernel refuses. Nor does it know flavours of
// names.
func (a *adapter) kfunc(e *elfobj.Extern) {
	const suffix = ".address"
	used := false
	for _, f := range a.all() {
		for _, r := range f.Relocs {
			used = used || r.Kind == elfobj.ToExtern && r.Extern == e
		}
	}
	name := essential(e.Name)
	if !used && name == e.Name {
		return
	}
	a.Typed = append(a.Typed, Typed{Reference: e.Name + suffix, Name: name, Func: e.Name, Weak: e.Weak})
	if !used {
		return
	}
	s := &elffile.Symbol{Name: e.Name + suffix, Bind: elf.STB_GLOBAL, Type: elf.STT_NOTYPE}
	a.f.Symbols = append(a.f.Symbols, s)
	if a.addresses == nil {
		a.addresses = make(map[*elfobj.Extern]*elffile.Symbol)
	}
	a.addresses[e] = s
	a.change(e.Name, "loads of its address refer to %s, which is looked up in the types of the kernel", s.Name)
}
