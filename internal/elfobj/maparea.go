package elfobj

import (
	"cmp"
	"debug/elf"
	"fmt"
	"math"
	"slices"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// legacyLen is the length of a definition without types in bytes, at least: the
// type, the sizes of keys and values, how many there are, and the flags.
const legacyLen = 20

// readLegacy reads the maps that are defined by numbers. Each has a symbol.
func (r *reader) readLegacy() error {
	s := r.find(legacyRole)
	if s == nil {
		return nil
	}
	var list []*symbol
	for i := range r.symbols {
		if y := &r.symbols[i]; y.section == s.index && (y.kind == elf.STT_OBJECT || y.kind == elf.STT_NOTYPE) {
			list = append(list, y)
		}
	}
	slices.SortStableFunc(list, func(a, b *symbol) int { return cmp.Compare(a.value, b.value) })
	for _, y := range list {
		size := y.size
		if size == 0 && len(list) > 0 { // of old compilers
			size = s.size / uint64(len(list))
		}
		if y.value > s.size || size > s.size-y.value || size < legacyLen {
			return fmt.Errorf("section %s: map %s: %d bytes at %d of %d, want at least %d", s.name, y.name, size, y.value, s.size, legacyLen)
		}
		b := s.data[y.value:][:size:size]
		m := &Map{Name: y.name, Kind: Legacy, Section: s.name, Offset: y.value, Static: y.bind == localSymbol, Data: b}
		m.describe(y)
		for i, to := range []*uint32{&m.Def.Type, &m.Def.KeySize, &m.Def.ValueSize, &m.Def.MaxEntries, &m.Def.Flags} {
			*to = r.order.Uint32(b[4*i:])
		}
		r.addMap(m, s.index)
	}
	return nil
}

// areaKinds are the kinds of maps that have all variables of a section.
var areaKinds = map[role]MapKind{dataRole: Data, rodataRole: Rodata, bssRole: BSS, percpuRole: PerCPU}

// readAreas makes a map of each section with variables.
func (r *reader) readAreas() error {
	for i := range r.sections {
		s := &r.sections[i]
		kind, ok := areaKinds[r.roles[i]]
		if !ok {
			continue
		}
		m, err := r.areaMap(kind, i, s.name, s.size)
		if err != nil {
			return err
		}
		m.Data = s.data
		r.areas[i] = m
	}
	return nil
}

// areaMap adds a map for variables that take size bytes. section is 0 if no section
// of the file has them.
func (r *reader) areaMap(kind MapKind, section int, name string, size uint64) (*Map, error) {
	if size > math.MaxUint32 {
		return nil, fmt.Errorf("section %s: %d bytes", name, size)
	}
	m := &Map{Name: name, Kind: kind, Section: name, section: section}
	m.Def = Def{Type: arrayType, KeySize: 4, ValueSize: uint32(size), MaxEntries: 1}
	switch kind {
	case Rodata, Kconfig:
		m.Def.Flags |= readOnlyFlag
	case PerCPU:
		m.Def.Type = perCPUType
	}
	m.Def.Value = r.datasecs[name].ID
	list, err := r.variables(name, section)
	if err != nil {
		return nil, err
	}
	// A process maps a section into its memory for what it can see there.
	if kind != PerCPU && slices.ContainsFunc(list, func(v variable) bool {
		y := r.byName[symbolKey{section, v.name}]
		return v.linkage != btf.Static && (y == nil || !y.hidden)
	}) {
		m.Def.Flags |= mappableFlag
	}
	r.object.Maps = append(r.object.Maps, m)
	return m, nil
}

// readStructOps makes a map of each struct of functions.
func (r *reader) readStructOps() error {
	for i := range r.sections {
		if r.roles[i] != structOpsRole {
			continue
		}
		s := &r.sections[i]
		list, err := r.variables(s.name, s.index)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return fmt.Errorf("section %s: no types say what the structs are: was it compiled without -g?", s.name)
		}
		for _, v := range list {
			if err := r.addStructOps(s, v); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *reader) addStructOps(s *section, v variable) error {
	if err := v.within(s); err != nil {
		return err
	}
	t, err := r.object.BTF.Resolve(v.target)
	if err == nil && (t.Kind != btf.Struct || v.kind != btf.Var) {
		err = fmt.Errorf("type %d is no struct", t.ID)
	}
	if err != nil {
		return fmt.Errorf("section %s: variable %s: %w", s.name, v.name, err)
	}
	m := &Map{
		Name: v.name, Kind: StructOps, Section: s.name, Offset: uint64(v.Offset), Static: v.linkage == btf.Static,
		Def:  Def{Type: structOpsType, KeySize: 4, ValueSize: t.Size(), MaxEntries: 1, Value: t.ID},
		Type: t.ID,
		Data: s.data[v.Offset:][:v.Size:v.Size],
	}
	if s.name[0] == '?' && s.name[1:] == linkSection || s.name == linkSection {
		m.Def.Flags = linkFlag
	}
	m.describe(r.byName[symbolKey{s.index, v.name}])
	r.addMap(m, s.index)
	return nil
}

// linkSection has structs that are attached by a link.
const linkSection = ".struct_ops.link"
