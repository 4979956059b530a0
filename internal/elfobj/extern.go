package elfobj

import (
	"cmp"
	"debug/elf"
	"fmt"
	"slices"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// An ExternKind says what an object wants of the kernel.
type ExternKind uint8

// The kinds of externs.
const (
	Setting    ExternKind = iota // an option of the kernel's configuration, or its version: __kconfig
	Ksym                         // the address of something in the kernel: __ksym
	Kfunc                        // a function of the kernel: __ksym
	Undeclared                   // not known, as nothing says its type: libbpf refuses the object
)

// An Extern is what an object uses and does not have.
type Extern struct {
	Name string
	Kind ExternKind
	Weak bool // the object can be loaded without it

	Type btf.ID // of the variable, void if that says nothing; of a function the FuncProto
	Decl btf.ID // the Var or Func, or void without types

	Offset uint32 // of a setting in the map of all settings, in bytes
	Size   uint32 // of a setting, in bytes

	align uint32
}

// readExterns finds what the object does not have by symbols that are not
// defined.
func (r *reader) readExterns() error {
	declared, err := r.declared()
	if err != nil {
		return err
	}
	for _, s := range r.symbols {
		if s.section != 0 || s.bind == localSymbol || s.kind != elf.STT_NOTYPE || s.name == "" {
			continue
		}
		e := &Extern{Name: s.name, Kind: Undeclared, Weak: s.bind == weakSymbol}
		if d, ok := declared[s.name]; ok {
			if err := r.declare(e, d); err != nil {
				return fmt.Errorf("extern %s: %w", s.name, err)
			}
		}
		r.externs[s.name] = e
		r.object.Externs = append(r.object.Externs, e)
	}
	return r.placeSettings()
}

// A declaration is a variable or function that the object does not have.
type declaration struct {
	variable
	section string
}

// declared returns what the types declare, by name.
func (r *reader) declared() (map[string]declaration, error) {
	found := make(map[string]declaration)
	for _, section := range []string{kconfigSection, ksymsSection} {
		list, err := r.variables(section, 0)
		if err != nil {
			return nil, err
		}
		for _, v := range list {
			found[v.name] = declaration{v, section}
		}
	}
	return found, nil
}

func (r *reader) declare(e *Extern, d declaration) error {
	e.Decl, e.Type = d.id, d.target
	spec := r.object.BTF
	t, err := spec.Resolve(d.target)
	switch {
	case err != nil:
		return err
	case d.kind == btf.Func:
		e.Kind = Kfunc
		return nil
	case d.section == ksymsSection:
		e.Kind = Ksym
		if t.Kind == btf.Void {
			e.Type = 0
		}
		return nil
	}
	e.Kind = Setting
	size, err := spec.SizeOf(d.target)
	if err != nil {
		return err
	}
	if t.Kind == btf.Array {
		elem, _, _ := t.Array()
		if t, err = spec.Resolve(elem); err != nil {
			return err
		}
	}
	if e.align = t.Size(); t.Kind != btf.Int && t.Kind != btf.Enum && t.Kind != btf.Enum64 || e.align == 0 || size > maxSetting {
		return fmt.Errorf("type %d: settings are numbers, and strings of at most %d bytes", d.target, maxSetting)
	}
	e.Size = uint32(size)
	return nil
}

// What bounds the size of a setting, and of all of them, in bytes.
const (
	maxSetting  = 1 << 16
	maxSettings = 1 << 24
)

// placeSettings sorts the externs, and gives each setting its place in their map.
//
// Source: skeletons that bpftool 7.8 generates: those that are aligned most come
// first, of these the smallest, of these by name.
func (r *reader) placeSettings() error {
	list := r.object.Externs
	slices.SortStableFunc(list, func(a, b *Extern) int {
		return cmp.Or(cmp.Compare(min(a.Kind, Ksym), min(b.Kind, Ksym)), cmp.Compare(b.align, a.align), cmp.Compare(a.Size, b.Size), cmp.Compare(a.Name, b.Name))
	})
	end := uint32(0)
	for _, e := range list {
		if e.Kind != Setting {
			break
		}
		e.Offset = (end + e.align - 1) / e.align * e.align
		if end = e.Offset + e.Size; end > maxSettings {
			return fmt.Errorf("extern %s: settings of more than %d bytes", e.Name, maxSettings)
		}
	}
	return nil
}

// readKconfig makes the map of the settings.
func (r *reader) readKconfig() error {
	end := uint64(0)
	for _, e := range r.object.Externs {
		if e.Kind == Setting {
			end = uint64(e.Offset) + uint64(e.Size)
		}
	}
	if end == 0 {
		return nil
	}
	_, err := r.areaMap(Kconfig, 0, kconfigSection, end)
	return err
}
