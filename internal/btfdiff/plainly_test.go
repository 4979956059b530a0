package btfdiff

import (
	"bytes"
	"debug/elf"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	cilium "github.com/cilium/ebpf/btf"

	"github.com/gobpftool/gobpftool/internal/unpack"
)

// A part is a field, or a value of an enumeration.
type part struct {
	off, bits  uint64
	typ, value string
	raw        uint64 // of a value, as far as it is known
	in         string // the path of the field that it is within
	inner      string // how fields are within it
}

// plainly is the content of a kernel as texts, by class and name.
type plainly struct {
	texts [Classes]map[string][]string
	parts [Classes]map[string][]map[string]part
}

// readPlainly reads the types of a kernel by another library.
func readPlainly(t *testing.T, path string) *plainly {
	f, err := unpack.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	raw, err := os.ReadFile(path)
	if f.IsELF() {
		var object *elf.File
		if object, err = elf.NewFile(f); err == nil {
			raw, err = object.Section(".BTF").Data()
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	spec, err := cilium.LoadSpecFromReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	p := new(plainly)
	for c := range Classes {
		p.texts[c], p.parts[c] = make(map[string][]string), make(map[string][]map[string]part)
	}
	var types []cilium.Type
	for typ, err := range spec.All() {
		if err != nil {
			t.Fatal(err)
		}
		types = append(types, typ)
	}
	for _, typ := range types {
		p.read(typ)
	}
	p.forwards(types)
	p.loose(types)
	return p
}

// read adds a type.
func (p *plainly) read(typ cilium.Type) {
	parts := make(map[string]part)
	c, text := Structs, ""
	switch t := typ.(type) {
	case *cilium.Struct:
		members(parts, "", "", 0, t.Members)
		text = fmt.Sprintf("struct %d", t.Size)
	case *cilium.Union:
		members(parts, "", "", 0, t.Members)
		text = fmt.Sprintf("union %d", t.Size)
	case *cilium.Enum:
		c = Enums
		values(parts, "", t)
		text = fmt.Sprint(t.Size)
	case *cilium.Typedef:
		c = Typedefs
		text = spell(t.Type)
		in := part{}
		inPlace(parts, "", "typedef", 0, t.Type, &in.inner)
		parts["typedef"] = in
		text += in.inner
	case *cilium.Int:
		c = Numbers
		text = fmt.Sprint(t.Size, t.Encoding&cilium.Signed)
	case *cilium.Float:
		c = Numbers
		text = fmt.Sprint(t.Size)
	case *cilium.Func:
		c = Functions
		text = fmt.Sprint(t.Linkage, spell(t.Type))
	case *cilium.Var:
		c = Variables
		text = fmt.Sprint(t.Linkage, spell(t.Type))
	case *cilium.Datasec:
		c = Sections
		text = fmt.Sprint(t.Size)
		for _, v := range t.Vars {
			parts[v.Type.TypeName()] = part{off: 8 * uint64(v.Offset)}
		}
	default:
		return
	}
	if name := typ.TypeName(); name != "" {
		p.texts[c][name] = append(p.texts[c][name], text+write(parts))
		p.parts[c][name] = append(p.parts[c][name], parts)
	}
}

// forwards adds what is declared and not defined.
func (p *plainly) forwards(types []cilium.Type) {
	found := make(map[string][]string)
	for _, typ := range types {
		if f, ok := typ.(*cilium.Fwd); ok && p.texts[Structs][f.Name] == nil {
			found[f.Name] = append(found[f.Name], fmt.Sprint("forward", f.Kind))
		}
	}
	for name, texts := range found {
		p.texts[Structs][name] = texts
	}
}

// loose adds the values of enumerations that have no name and that nothing has.
func (p *plainly) loose(types []cilium.Type) {
	used := make(map[cilium.Type]bool)
	for _, typ := range types {
		switch t := typ.(type) {
		case *cilium.Struct:
			for _, m := range t.Members {
				used[m.Type] = true
			}
		case *cilium.Union:
			for _, m := range t.Members {
				used[m.Type] = true
			}
		case *cilium.Array:
			used[t.Type] = true
		case *cilium.Pointer:
			used[t.Target] = true
		case *cilium.Typedef:
			used[t.Type] = true
		case *cilium.Const:
			used[t.Type] = true
		case *cilium.Volatile:
			used[t.Type] = true
		}
	}
	found := make(map[string][]string)
	for _, typ := range types {
		if e, ok := typ.(*cilium.Enum); ok && e.Name == "" && !used[typ] {
			for _, v := range e.Values {
				found[v.Name] = append(found[v.Name], fmt.Sprint(raw(e, v)))
			}
		}
	}
	var lines []string
	for name, values := range found {
		slices.Sort(values)
		lines = append(lines, name+fmt.Sprint(values))
	}
	slices.Sort(lines)
	p.texts[Enums]["(anon)"] = []string{strings.Join(lines, "\n")}
}

// twin follows the names of fields that several have.
const twin = "'"

// members adds the fields of a struct within another one.
func members(parts map[string]part, path, in string, base uint64, list []cilium.Member) {
	for _, m := range list {
		off := base + uint64(m.Offset)
		if m.Name == "" {
			switch t := cilium.UnderlyingType(m.Type).(type) {
			case *cilium.Struct:
				members(parts, path, in, off, t.Members)
				continue
			case *cilium.Union:
				members(parts, path, in, off, t.Members)
				continue
			}
		}
		name := path + m.Name
		if m.Name == "" {
			name += "(anon)"
		}
		for _, twice := parts[name]; twice; _, twice = parts[name] {
			name += twin
		}
		p := part{off: off, bits: uint64(m.BitfieldSize), typ: spell(m.Type), in: in}
		inPlace(parts, name, name, off, m.Type, &p.inner)
		parts[name] = p
	}
}

// inPlace adds what a field, or a typedef, is made of, if that has no name, and sets
// how to what kind of thing this is.
func inPlace(parts map[string]part, path, in string, off uint64, typ cilium.Type, how *string) {
	via := ""
	for {
		typ = unqualified(typ)
		if a, ok := typ.(*cilium.Array); ok {
			typ = a.Type
			via += "[]"
		} else if p, ok := typ.(*cilium.Pointer); ok {
			typ, off = p.Target, 0
			via += "->"
		} else if t, ok := typ.(*cilium.TypeTag); ok {
			typ = t.Type
		} else {
			break
		}
	}
	if typ.TypeName() != "" {
		return
	}
	if !strings.HasSuffix(via, "->") && path+via != "" {
		via += "."
	}
	var size uint32
	switch t := typ.(type) {
	case *cilium.Struct:
		*how += via + "struct"
		size = t.Size
		members(parts, path+via, in, off, t.Members)
	case *cilium.Union:
		*how += via + "union"
		size = t.Size
		members(parts, path+via, in, off, t.Members)
	case *cilium.Enum:
		*how += via + "enum"
		size = t.Size
		values(parts, in, t)
	}
	if path != "" || !strings.Contains(via, "->") {
		*how += fmt.Sprint(size)
	}
}

func values(parts map[string]part, in string, e *cilium.Enum) {
	for _, v := range e.Values {
		value := fmt.Sprint(v.Value)
		switch {
		case e.Signed:
			value = fmt.Sprint(int64(v.Value))
		case e.Size < 8:
			value = fmt.Sprint(uint32(v.Value))
		}
		parts[v.Name] = part{value: value, raw: raw(e, v), in: in}
	}
}

// raw returns what is known of a value: before Linux 6.1, its sign is not.
func raw(e *cilium.Enum, v cilium.EnumValue) uint64 {
	if e.Size < 8 {
		return uint64(uint32(v.Value))
	}
	return v.Value
}

// write writes parts as a text, in which values are as far as they are known.
func write(parts map[string]part) string {
	var lines []string
	for path, p := range parts {
		lines = append(lines, fmt.Sprintf("\n%s %d %d %s %d", path, p.off, p.bits, p.typ, p.raw))
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// unqualified takes off qualifiers.
func unqualified(typ cilium.Type) cilium.Type {
	switch t := typ.(type) {
	case *cilium.Const:
		return unqualified(t.Type)
	case *cilium.Volatile:
		return unqualified(t.Type)
	case *cilium.Restrict:
		return unqualified(t.Type)
	}
	return typ
}

// spell writes a type down to the next name.
func spell(typ cilium.Type) string {
	switch t := typ.(type) {
	case *cilium.Pointer:
		return "*" + spell(t.Target)
	case *cilium.Const:
		return qualify("const ", t.Type)
	case *cilium.Volatile:
		return qualify("volatile ", t.Type)
	case *cilium.Restrict:
		return qualify("restrict ", t.Type)
	case *cilium.TypeTag:
		return t.Value + " " + spell(t.Type)
	case *cilium.Array:
		return fmt.Sprintf("[%d]%s", t.Nelems, spell(t.Type))
	case *cilium.Struct, *cilium.Union:
		return fmt.Sprintf("%T %s", t, t.TypeName())
	case *cilium.Fwd:
		return map[cilium.FwdKind]string{cilium.FwdStruct: "*btf.Struct ", cilium.FwdUnion: "*btf.Union "}[t.Kind] + t.Name
	case *cilium.Enum:
		return "enum " + t.Name
	case *cilium.FuncProto:
		text := "("
		for _, p := range t.Params {
			text += p.Name + " " + spell(p.Type) + ","
		}
		return text + ")" + spell(t.Return)
	}
	return fmt.Sprintf("%T %s", typ, typ.TypeName())
}

// qualify writes a qualifier, but not for what needs none. GCC writes them in
// one order.
func qualify(word string, typ cilium.Type) string {
	switch unqualified(typ).(type) {
	case *cilium.Array, *cilium.FuncProto:
		return spell(unqualified(typ))
	}
	return word + spell(typ)
}
