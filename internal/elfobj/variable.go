package elfobj

import (
	"cmp"
	"debug/elf"
	"fmt"
	"slices"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// A Variable is a variable or constant in the map of a section, or in an arena.
type Variable struct {
	Name    string
	Map     *Map
	Section string
	Offset  uint32 // in the section, and in Data of the map, in bytes
	Size    uint32 // bytes
	Type    btf.ID // void if nothing says it
	Linkage btf.Linkage
	Weak    bool
	Hidden  bool // other objects do not see it
}

// readVariables finds the variables by the types of their sections, and by
// symbols those without a type.
func (r *reader) readVariables() error {
	symbols := r.variableSymbols()
	for i := range r.sections {
		s := &r.sections[i]
		m := r.areas[i]
		if m == nil {
			continue
		}
		list, err := r.typedVariables(s, m)
		if err != nil {
			return err
		}
		known := make(map[uint32]bool, len(list))
		for _, v := range list {
			known[v.Offset] = true
		}
		for _, y := range symbols[i] {
			if end := y.value + y.size; end > s.size || end < y.size {
				return fmt.Errorf("section %s: variable %s: %d bytes at %d of %d", s.name, y.name, y.size, y.value, s.size)
			}
			if !known[uint32(y.value)] {
				list = append(list, plainVariable(s, m, y))
			}
		}
		slices.SortStableFunc(list, func(a, b *Variable) int { return cmp.Compare(a.Offset, b.Offset) })
		r.object.Variables = append(r.object.Variables, list...)
	}
	return nil
}

// variableSymbols returns the symbols of variables, by section.
func (r *reader) variableSymbols() map[int][]*symbol {
	found := make(map[int][]*symbol)
	for i := range r.symbols {
		if y := &r.symbols[i]; y.kind == elf.STT_OBJECT && r.areas[y.section] != nil {
			found[y.section] = append(found[y.section], y)
		}
	}
	return found
}

func (r *reader) typedVariables(s *section, m *Map) ([]*Variable, error) {
	typed, err := r.variables(s.name, s.index)
	if err != nil {
		return nil, err
	}
	var list []*Variable
	for _, v := range typed {
		if err := v.within(s); err != nil {
			return nil, err
		}
		if v.kind != btf.Var {
			return nil, fmt.Errorf("section %s: type %d is no variable", s.name, v.id)
		}
		to := &Variable{Name: v.name, Map: m, Section: s.name, Offset: v.Offset, Size: v.Size, Type: v.target, Linkage: v.linkage}
		if y := r.byName[symbolKey{s.index, v.name}]; y != nil {
			to.Weak, to.Hidden = y.bind == weakSymbol, y.hidden
		}
		list = append(list, to)
	}
	return list, nil
}

// plainVariable makes a variable of its symbol.
func plainVariable(s *section, m *Map, y *symbol) *Variable {
	v := &Variable{
		Name: y.name, Map: m, Section: s.name, Offset: uint32(y.value), Size: uint32(y.size),
		Linkage: btf.Global, Weak: y.bind == weakSymbol, Hidden: y.hidden,
	}
	if y.bind == localSymbol {
		v.Linkage = btf.Static
	}
	return v
}
