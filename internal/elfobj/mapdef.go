package elfobj

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// readDefined reads the maps that types define.
func (r *reader) readDefined() error {
	s := r.find(definedRole)
	if s == nil {
		return nil
	}
	list, err := r.variables(s.name, s.index)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return fmt.Errorf("section %s: no types say what the maps are: was it compiled without -g?", s.name)
	}
	for _, v := range list {
		if err := v.within(s); err != nil {
			return err
		}
		m := &Map{Name: v.name, Section: s.name, Offset: uint64(v.Offset), Static: v.linkage == btf.Static}
		if err := r.define(m, v); err != nil {
			return fmt.Errorf("section %s: map %s: %w", s.name, v.name, err)
		}
		m.describe(r.byName[symbolKey{s.index, v.name}])
		if m.Def.Type == arenaType {
			r.fillArena(m)
		}
		r.addMap(m, s.index)
	}
	return nil
}

// fillArena makes m the map of variables that are in an arena.
func (r *reader) fillArena(m *Map) {
	if s := r.find(arenaRole); s != nil && r.areas[s.index] == nil {
		r.areas[s.index], m.Data = m, s.data
	}
}

func (r *reader) define(m *Map, v variable) error {
	if v.kind != btf.Var {
		return fmt.Errorf("type %d is no variable", v.id)
	}
	t, err := r.object.BTF.Resolve(v.target)
	if err != nil {
		return err
	}
	m.Type = t.ID
	return r.parseDef(&m.Def, t, true)
}

// parseDef reads a definition: a struct whose members stand for numbers and types.
// Only that of a map itself may have values that are maps again.
func (r *reader) parseDef(d *Def, t btf.Type, outer bool) error {
	if t.Kind != btf.Struct {
		return fmt.Errorf("type %d, which defines it, is no struct", t.ID)
	}
	var seen []string
	for i := range t.Len() {
		m := t.Member(i)
		if err := r.names.take(m.Name); err != nil {
			return err
		}
		// Else few structs could be read for very many maps.
		if slices.Contains(seen, m.Name) {
			return fmt.Errorf("two fields %q", m.Name)
		}
		seen = append(seen, m.Name)
		if m.Name == "values" && i != t.Len()-1 {
			return fmt.Errorf("field %q: not the last one", m.Name)
		}
		if err := r.parseField(d, m, outer); err != nil {
			return fmt.Errorf("field %q: %w", m.Name, err)
		}
	}
	return nil
}

// parseField reads one member of a definition.
func (r *reader) parseField(d *Def, m btf.Member, outer bool) (err error) {
	set := func(to *uint32) error {
		*to, err = r.number(m.Type)
		return err
	}
	switch m.Name {
	case "type":
		return set(&d.Type)
	case "max_entries":
		return set(&d.MaxEntries)
	case "map_flags":
		return set(&d.Flags)
	case "numa_node":
		return set(&d.NUMANode)
	case "pinning":
		return set(&d.Pinning)
	case "map_extra":
		d.Extra, err = r.wideNumber(m.Type)
		return err
	case "key_size":
		n, err := r.number(m.Type)
		return cmp.Or(err, agree(&d.KeySize, n))
	case "value_size":
		n, err := r.number(m.Type)
		return cmp.Or(err, agree(&d.ValueSize, n))
	case "key":
		return r.pointed(m.Type, &d.Key, &d.KeySize)
	case "value":
		return r.pointed(m.Type, &d.Value, &d.ValueSize)
	case "values":
		if !outer {
			return errors.New("maps within maps within maps")
		}
		return r.parseValues(d, m.Type)
	}
	return errors.New("unknown")
}

// agree sets a size in bytes that may be said twice.
func agree(to *uint32, n uint32) error {
	if *to != 0 && *to != n {
		return fmt.Errorf("%d bytes, but elsewhere %d", n, *to)
	}
	*to = n
	return nil
}

// number reads a number, which a definition has as the length of an array to which
// a member points.
func (r *reader) number(id btf.ID) (uint32, error) {
	t, err := r.target(id)
	if err != nil {
		return 0, err
	}
	if t.Kind != btf.Array {
		return 0, fmt.Errorf("type %d is no array", t.ID)
	}
	_, _, n := t.Array()
	return n, nil
}

// wideNumber reads a number that may as well be the value of an enumeration, for it
// can be longer.
func (r *reader) wideNumber(id btf.ID) (uint64, error) {
	t, err := r.object.BTF.Resolve(id)
	if err != nil {
		return 0, err
	}
	if t.Kind != btf.Enum && t.Kind != btf.Enum64 {
		n, err := r.number(id)
		return uint64(n), err
	}
	if t.Len() != 1 {
		return 0, fmt.Errorf("type %d: %d values, want 1", t.ID, t.Len())
	}
	value := uint64(t.Enumerator(0).Value)
	if t.Kind == btf.Enum && !t.Flag {
		value &= 1<<32 - 1 // which is not signed
	}
	return value, nil
}

// target returns the type to which a pointer points.
func (r *reader) target(id btf.ID) (btf.Type, error) {
	t, err := r.object.BTF.Resolve(id)
	if err != nil {
		return t, err
	}
	if t.Kind != btf.Pointer {
		return t, fmt.Errorf("type %d is no pointer", t.ID)
	}
	return r.object.BTF.Resolve(t.Ref())
}

// pointed reads the type of the keys or values, to which a member points.
func (r *reader) pointed(id btf.ID, to *btf.ID, size *uint32) error {
	t, err := r.object.BTF.Resolve(id)
	if err != nil {
		return err
	}
	if t.Kind != btf.Pointer {
		return fmt.Errorf("type %d is no pointer", t.ID)
	}
	n, err := r.object.BTF.SizeOf(t.Ref())
	if err != nil {
		return err
	}
	if n > maxValue {
		return fmt.Errorf("type %d: %d bytes", t.Ref(), n)
	}
	*to = t.Ref()
	return agree(size, uint32(n))
}

// maxValue bounds the size of keys and values in bytes.
const maxValue = 1<<32 - 1

// parseValues reads what maps or programs the values are: an array of pointers.
func (r *reader) parseValues(d *Def, id btf.ID) error {
	t, err := r.object.BTF.Resolve(id)
	if err != nil {
		return err
	}
	if t.Kind != btf.Array {
		return fmt.Errorf("type %d is no array", t.ID)
	}
	elem, _, _ := t.Array()
	if t, err = r.target(elem); err != nil {
		return err
	}
	if t.Kind == btf.FuncProto {
		d.Progs = true
	} else {
		d.Inner = new(Def)
		if err := r.parseDef(d.Inner, t, false); err != nil {
			return err
		}
	}
	// The kernel numbers the maps and programs that are values.
	return agree(&d.ValueSize, 4)
}
