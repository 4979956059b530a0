package elfobj

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// readSlots finds the maps and functions that maps have from the start.
func (r *reader) readSlots() error {
	maps := make(map[int][]*Map)
	for _, m := range r.object.Maps {
		if m.Kind == Defined || m.Kind == StructOps {
			maps[m.section] = append(maps[m.section], m)
		}
	}
	for i := range r.sections {
		if list := maps[i]; list != nil {
			if err := r.readSlotsOf(&r.sections[i], list); err != nil {
				return err
			}
		}
	}
	return nil
}

// readSlotsOf reads the relocations of a section with some maps.
func (r *reader) readSlotsOf(s *section, maps []*Map) error {
	rels, err := r.relocsOf(s)
	if err != nil {
		return err
	}
	slices.SortStableFunc(maps, func(a, b *Map) int { return cmp.Compare(a.Offset, b.Offset) })
	for _, x := range rels {
		n, found := slices.BinarySearchFunc(maps, x.offset, func(m *Map, off uint64) int { return cmp.Compare(m.Offset, off) })
		if !found {
			n--
		}
		if n < 0 {
			return fmt.Errorf("section %s: relocation at %d: no map is there", s.name, x.offset)
		}
		if err := r.addSlot(s, maps[n], x); err != nil {
			return fmt.Errorf("section %s: relocation at %d: map %s: symbol %s: %w", s.name, x.offset, maps[n].Name, r.title(*x.symbol), err)
		}
	}
	return nil
}

// addSlot adds the map or function that a relocation in the definition of a map is
// for.
func (r *reader) addSlot(s *section, m *Map, x rel) error {
	if x.offset > s.size || s.size-x.offset < pointerLen {
		return errors.New("ends beyond the section")
	}
	at := place{x.symbol.section, x.symbol.value + r.order.Uint64(s.data[x.offset:])}
	index := int(x.offset - m.Offset)
	slot := Slot{Map: r.defs[at], Func: r.funcs[at], Index: index}
	if slot.Map == nil && slot.Func == nil {
		return errors.New("neither a map nor a function")
	}
	if m.Kind == StructOps {
		if slot.Func == nil {
			return errors.New("not a function")
		}
		m.Slots = append(m.Slots, slot)
		return nil
	}
	start, err := r.valuesAt(m)
	if err != nil {
		return err
	}
	if index < start || (index-start)%pointerLen != 0 {
		return errors.New("not one of the values")
	}
	slot.Index = (index - start) / pointerLen
	if m.Def.Progs != (slot.Func != nil) {
		return errors.New("not what the values are")
	}
	m.Slots = append(m.Slots, slot)
	return nil
}

// valuesAt returns where the struct that defines a map has its values, in bytes.
func (r *reader) valuesAt(m *Map) (int, error) {
	t := r.object.BTF.Shape(m.Type)
	if n := t.Len(); m.Def.Inner != nil || m.Def.Progs {
		// Each other field is a pointer, and after the values nothing can be.
		return int(t.Place(n-1).Offset / 8), nil
	}
	return 0, errors.New("it has no values")
}
