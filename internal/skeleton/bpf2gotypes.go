package skeleton

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// faceTypes are types as bpf2go declares them: a union is its first member, bitfields are left out, and types
// without a name of their own there are written where they are used. What bpf2go refuses is more than it: pointers are
// uint64, and members of anonymous structs are members.
type faceTypes struct {
	spec    *btf.Spec
	names   map[btf.ID]string // in Go
	list    []faceType        // by their names in Go
	structs bool              // package structs is needed
}

type faceType struct{ name, text string }

// maxFaceDepth bounds how deep types are written into each other.
const maxFaceDepth = 32

// newFaceTypes declares the types that are asked for.
func newFaceTypes(o *elfobj.Object, f *face) (*faceTypes, error) {
	t := &faceTypes{spec: o.BTF, names: make(map[btf.ID]string)}
	if o.BTF == nil {
		if len(f.Types) > 0 {
			return nil, fmt.Errorf("type %s: the object has no types", f.Types[0])
		}
		return t, nil
	}
	var ids []btf.ID
	for _, name := range f.Types {
		id, err := t.find(name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	if f.Global {
		ids = t.global(o, ids)
	}
	for _, id := range ids {
		if t.names[id] != "" {
			continue
		}
		c := t.get(id).Name
		name := f.Ident + bpf2goName(c)
		if err := f.claim(name, "type "+c); err != nil {
			return nil, err
		}
		t.names[id] = name
	}
	for id, name := range t.names {
		text, err := t.declare(id, name)
		if err != nil {
			return nil, fmt.Errorf("type %s: %w", oneLine(t.get(id).Name), err)
		}
		t.list = append(t.list, faceType{name, text})
	}
	slices.SortFunc(t.list, func(a, b faceType) int { return cmp.Compare(a.name, b.name) })
	return t, nil
}

func (t *faceTypes) get(id btf.ID) btf.Type {
	typ, _ := t.spec.Type(id)
	return typ
}

// find returns the type of a name in C. Of a typedef and what it is of by the same name, it is the latter.
func (t *faceTypes) find(name string) (found btf.ID, err error) {
	for id := btf.ID(1); id < t.spec.Len(); id++ {
		typ := t.get(id)
		if typ.Name != name {
			continue
		}
		switch typ.Kind {
		case btf.Struct, btf.Union, btf.Enum, btf.Enum64, btf.Int, btf.Float:
			if found != 0 && t.get(found).Kind != btf.Typedef {
				return 0, fmt.Errorf("type %s: the object has several of that name", name)
			}
			found = id
		case btf.Typedef:
			if found == 0 {
				found = id
			}
		}
	}
	if found == 0 {
		return 0, fmt.Errorf("type %s: the object has none of that name", name)
	}
	return found, nil
}

// global appends the types of keys, values and variables that have a name, one of each name.
func (t *faceTypes) global(o *elfobj.Object, ids []btf.ID) []btf.ID {
	for _, m := range o.Maps {
		list := []btf.ID{m.Def.Key, m.Def.Value}
		if m.Kind == elfobj.StructOps {
			list = []btf.ID{m.Type}
		}
		for _, id := range list {
			if id != 0 && t.get(id).Name != "" {
				ids = t.add(ids, id)
			}
		}
	}
	for _, v := range o.Variables {
		if v.Type != 0 && isShown(v) {
			ids = t.add(ids, v.Type)
		}
	}
	return ids
}

// add appends a type if values of it are structs, unions or enumerations, or arrays of these.
func (t *faceTypes) add(ids []btf.ID, id btf.ID) []btf.ID {
	for range maxFaceDepth {
		typ, err := t.spec.Resolve(id)
		if err != nil || typ.Kind != btf.Array {
			break
		}
		id, _, _ = typ.Array()
	}
	id = t.plain(id)
	typ, err := t.spec.Resolve(id)
	name := t.get(id).Name
	if err != nil || name == "" || slices.ContainsFunc(ids, func(have btf.ID) bool { return t.get(have).Name == name }) {
		return ids
	}
	switch typ.Kind {
	case btf.Struct, btf.Union, btf.Enum, btf.Enum64:
		return append(ids, id)
	}
	return ids
}

// plain takes qualifiers off.
func (t *faceTypes) plain(id btf.ID) btf.ID {
	for range maxFaceDepth {
		switch typ := t.get(id); typ.Kind {
		case btf.Const, btf.Volatile, btf.Restrict, btf.TypeTag:
			id = typ.Ref()
		default:
			return id
		}
	}
	return id
}

// declare writes the declaration of a type, and of the names for its values.
func (t *faceTypes) declare(id btf.ID, name string) (string, error) {
	typ := t.get(id)
	text, err := t.literal(typ, "", 0)
	if err != nil {
		return "", err
	}
	text = fmt.Sprintf("\n// %s is %s in C.\ntype %s %s\n", name, oneLine(typ.Name), name, text)
	if typ.Kind != btf.Enum && typ.Kind != btf.Enum64 || typ.Len() == 0 {
		return text, nil
	}
	var rows []row
	for i := range typ.Len() {
		e := typ.Enumerator(i)
		value := fmt.Sprint(e.Value)
		if !typ.Flag {
			value = fmt.Sprint(uint64(e.Value) << (64 - 8*typ.Size()) >> (64 - 8*typ.Size()))
		}
		rows = append(rows, row{name + bpf2goName(e.Name), name + " = " + value})
	}
	return text + "\nconst (\n" + columns(rows, "\t") + ")\n", nil
}

// use returns how a type is written where it is used.
func (t *faceTypes) use(id btf.ID, indent string, depth int) (string, error) {
	id = t.plain(id)
	if name := t.names[id]; name != "" {
		return name, nil
	}
	return t.literal(t.get(id), indent, depth)
}

// literal writes a type without its name.
func (t *faceTypes) literal(typ btf.Type, indent string, depth int) (string, error) {
	if depth > maxFaceDepth {
		return "", fmt.Errorf("more than %d types within each other", maxFaceDepth)
	}
	switch typ.Kind {
	case btf.Int:
		return intText(typ), nil
	case btf.Float:
		if size := typ.Size(); size == 4 || size == 8 {
			return fmt.Sprintf("float%d", 8*size), nil
		}
		return fmt.Sprintf("[%d]byte", typ.Size()), nil
	case btf.Pointer:
		return "uint64", nil
	case btf.Enum, btf.Enum64:
		if size := typ.Size(); size == 0 || size > 8 || size&(size-1) != 0 {
			return "", fmt.Errorf("an enumeration of %d bytes", size)
		}
		return numberText(typ.Flag, typ.Size()), nil
	case btf.Typedef:
		return t.use(typ.Ref(), indent, depth+1)
	case btf.Array:
		elem, _, n := typ.Array()
		text, err := t.use(elem, indent, depth+1)
		return fmt.Sprintf("[%d]%s", n, text), err
	case btf.Struct, btf.Union:
		return t.composite(typ, indent, depth)
	}
	return "", fmt.Errorf("no type in Go is like %v", typ.Kind)
}

// composite writes a struct, or a union as the struct of its first member.
func (t *faceTypes) composite(typ btf.Type, indent string, depth int) (string, error) {
	t.structs = true
	rows := []row{{"_", "structs.HostLayout"}}
	taken := newScope()
	end := uint64(0)
	for _, m := range t.members(nil, typ, 0, depth) {
		size, err := t.spec.SizeOf(m.Type)
		if err != nil {
			return "", fmt.Errorf("member %s: %w", oneLine(m.Name), err)
		}
		offset := uint64(m.Offset) / 8
		if offset < end || offset+size > uint64(typ.Size()) {
			return "", fmt.Errorf("member %s: %d bytes at %d of %d do not fit behind what is before them", oneLine(m.Name), size, offset, typ.Size())
		}
		rows = pad(rows, offset-end)
		text, err := t.use(m.Type, indent+"\t", depth+1)
		if err != nil {
			return "", fmt.Errorf("member %s: %w", oneLine(m.Name), err)
		}
		name := fieldName(bpf2goName(m.Name))
		if taken[name] {
			return "", fmt.Errorf("member %s: another one is called %s in Go", oneLine(m.Name), name)
		}
		taken[name] = true
		rows = append(rows, row{name, text})
		end = offset + size
	}
	rows = pad(rows, uint64(typ.Size())-end)
	return "struct {\n" + columns(rows, indent+"\t") + indent + "}", nil
}

func pad(rows []row, bytes uint64) []row {
	if bytes == 0 {
		return rows
	}
	return append(rows, row{"_", fmt.Sprintf("[%d]byte", bytes)})
}

// members appends those that become fields, with their offsets in bits from the start of the whole.
func (t *faceTypes) members(list []btf.Member, typ btf.Type, at uint32, depth int) []btf.Member {
	n := typ.Len()
	if typ.Kind == btf.Union {
		n = min(n, 1)
	}
	for i := range n {
		m := typ.Member(i)
		if m.Bits > 0 || (at+m.Offset)%8 != 0 {
			continue
		}
		m.Offset += at
		inner, err := t.spec.Resolve(m.Type)
		isComposite := err == nil && (inner.Kind == btf.Struct || inner.Kind == btf.Union)
		switch {
		case m.Name != "":
			list = append(list, m)
		case isComposite && depth < maxFaceDepth:
			list = t.members(list, inner, m.Offset, depth+1)
		}
	}
	return list
}

// intText returns the type in Go of a number.
func intText(typ btf.Type) string {
	encoding, _, _ := typ.Int()
	size := typ.Size()
	switch {
	case size > 8 || size&(size-1) != 0:
		return fmt.Sprintf("[%d]byte", size)
	case encoding&btf.Bool != 0 && size == 1:
		return "bool"
	}
	return numberText(encoding&btf.Signed != 0, size)
}

func numberText(signed bool, size uint32) string {
	return strings.TrimPrefix(fmt.Sprintf("uint%d", 8*size), map[bool]string{true: "u"}[signed])
}
