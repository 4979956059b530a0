package elfobj

import (
	"fmt"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// readBTF reads the types, and gives those of sections the sizes that compilers
// leave to linkers, and their variables the offsets.
func (r *reader) readBTF() error {
	s := r.find(typesRole)
	if s == nil {
		return nil
	}
	raw, err := r.placed(s)
	if err != nil {
		return err
	}
	spec, err := btf.Parse(raw, nil)
	if err != nil {
		return fmt.Errorf("section %s: %w", s.name, err)
	}
	if spec.ByteOrder() != r.order {
		return fmt.Errorf("section %s: %v in a file that is %v", s.name, spec.ByteOrder(), r.order)
	}
	sizes := make(map[string]uint32)
	for _, s := range r.sections {
		sizes[s.name] = uint32(s.size)
	}
	spec = spec.Sized(sizes)
	r.object.BTF = spec
	for id := btf.ID(1); id < spec.Len(); id++ {
		if spec.Kind(id) != btf.Datasec {
			continue
		}
		t, err := r.typ(id)
		if err != nil {
			return err
		}
		r.datasecs[t.Name] = t
	}
	return nil
}

// placed returns the bytes of a section, its relocations done. A compiler knows
// where a variable is only by its symbol: its offset in BTF is to be added to the
// symbol's value.
func (r *reader) placed(s *section) ([]byte, error) {
	raw := append([]byte(nil), s.data...)
	list, err := r.relocsOf(s)
	if err != nil {
		return nil, err
	}
	for i, rel := range list {
		if uint64(len(raw)) < 4 || rel.offset > uint64(len(raw))-4 {
			return nil, fmt.Errorf("section %s: relocation %d: at %d of %d bytes", s.name, i, rel.offset, len(raw))
		}
		word := raw[rel.offset:]
		r.order.PutUint32(word, r.order.Uint32(word)+uint32(rel.symbol.value))
	}
	return raw, nil
}

// typ returns the type with an ID, which exists, with its name.
func (r *reader) typ(id btf.ID) (btf.Type, error) {
	t, err := r.object.BTF.Type(id)
	if err != nil {
		return t, err
	}
	return t, r.names.take(t.Name)
}

// A variable is one of a section that has a type.
type variable struct {
	btf.Variable
	name    string
	id      btf.ID // of its Var, or its Func
	kind    btf.Kind
	linkage btf.Linkage
	target  btf.ID // its type
}

// variables returns the variables of a section, in the order of its type. The
// list is empty if there is none. index is 0 if the section is not in the file.
//
// Of several sections with one name, the first has what the types say: else few
// bytes of a file could be read many times.
func (r *reader) variables(section string, index int) ([]variable, error) {
	sec, ok := r.datasecs[section]
	if !ok || index != 0 && index != r.first[section] {
		return nil, nil
	}
	list := make([]variable, sec.Len())
	for i := range list {
		v := sec.Variable(i)
		t, err := r.typ(v.Type)
		if err != nil {
			return nil, err
		}
		if t.Kind != btf.Var && t.Kind != btf.Func {
			return nil, fmt.Errorf("section %s: variable %d: type %d has kind %d", section, i, t.ID, t.Kind)
		}
		list[i] = variable{v, t.Name, t.ID, t.Kind, t.Linkage(), t.Ref()}
	}
	return list, nil
}

// within makes sure that a variable lies in its section.
func (v variable) within(s *section) error {
	if end := uint64(v.Offset) + uint64(v.Size); end > s.size {
		return fmt.Errorf("section %s: variable %s: ends at %d of %d bytes", s.name, v.name, end, s.size)
	}
	return nil
}
