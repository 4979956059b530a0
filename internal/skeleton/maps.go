package skeleton

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gobpftool/gobpftool/internal/adapt"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A mapField is the field of a map.
type mapField struct {
	*elfobj.Map
	key   string // by which the collection knows it
	field string
	typ   string // of the field, such as "TraceOpenMap[uint32, uint64]"

	keySize, valueSize uint32        // of the types in Go, in bytes; 0 where there are none
	inner              string        // what wraps a map that is a value, or ""
	ops                *adapt.Struct // a struct of functions, or nil
	link               string        // the field of what keeps that attached
}

// A shape is what the maps of some types can do: the file of directory support, and its type there.
type shape struct{ part, name string }

// What maps are, by the words for their types. What is not here has a key and a value.
var shapes = map[string]shape{
	"prog_array":            {"progarray", "ProgArray"},
	"perf_event_array":      {"perf", "Perf"},
	"percpu_hash":           {"percpu", "PerCPUMap"},
	"percpu_array":          {"percpu", "PerCPUMap"},
	"lru_percpu_hash":       {"percpu", "PerCPUMap"},
	"percpu_cgroup_storage": {"percpu", "PerCPUMap"},
	"array_of_maps":         {"mapofmaps", "MapOfMaps"},
	"hash_of_maps":          {"mapofmaps", "MapOfMaps"},
	"queue":                 {"queue", "Queue"},
	"stack":                 {"queue", "Queue"},
	"bloom_filter":          {"bloom", "Bloom"},
	"ringbuf":               {"ringbuf", "Ringbuf"},
	"user_ringbuf":          {"anymap", "AnyMap"},
	"arena":                 {"anymap", "AnyMap"},
	"insn_array":            {"anymap", "AnyMap"},
	"unspec":                {"anymap", "AnyMap"},
}

// describeMap finds out what the field of a map is.
func (s *Skeleton) describeMap(m *elfobj.Map) *mapField {
	f := &mapField{Map: m, key: m.Name}
	switch m.Kind {
	case elfobj.StructOps:
		return s.describeOps(f)
	case elfobj.Data, elfobj.Rodata, elfobj.BSS, elfobj.PerCPU, elfobj.Kconfig:
		f.key = s.sectionName(m.Section)
		if m.Kind == elfobj.Kconfig && len(s.adapted.Settings) > 0 {
			f.key = s.adapted.Settings[0].Section
		}
		f.typ = s.name + "AnyMap"
		s.uses("anymap")
		return f
	}
	f.typ, f.keySize, f.valueSize = s.mapType(&m.Def)
	if strings.HasPrefix(f.typ, s.name+"MapOfMaps[") {
		f.inner = s.wrapper(m.Def.Inner)
	}
	return f
}

// sectionName returns the name that a section has in the adapted object.
func (s *Skeleton) sectionName(name string) string {
	if other := s.adapted.Sections[name]; other != "" {
		return other
	}
	return name
}

// mapType returns the type of maps with a definition, and the sizes of the types of their keys and values.
func (s *Skeleton) mapType(d *elfobj.Def) (typ string, keySize, valueSize uint32) {
	word := names.MapType(d.Type).String()
	sh, ok := shapes[word]
	if !ok {
		sh = shape{"map", "Map"}
	}
	s.uses(sh.part)
	typ = s.name + sh.name
	switch sh.name {
	case "Map", "PerCPUMap":
		return fmt.Sprintf("%s[%s, %s]", typ, s.sized(d.Key, d.KeySize), s.sized(d.Value, d.ValueSize)), d.KeySize, d.ValueSize
	case "Queue", "Bloom":
		return fmt.Sprintf("%s[%s]", typ, s.sized(d.Value, d.ValueSize)), 0, d.ValueSize
	case "MapOfMaps":
		return fmt.Sprintf("%s[%s, *%s]", typ, s.sized(d.Key, d.KeySize), s.innerType(d.Inner)), d.KeySize, 0
	}
	return typ, 0, 0
}

// innerType returns the type of maps that are values.
func (s *Skeleton) innerType(d *elfobj.Def) string {
	if d == nil {
		s.uses("anymap")
		return s.name + "AnyMap"
	}
	typ, _, _ := s.mapType(d)
	return typ
}

// wrapper returns a function that makes a map that is a value what innerType says.
func (s *Skeleton) wrapper(d *elfobj.Def) string {
	typ, key, value := "", uint32(0), uint32(0)
	if typ = s.name + "AnyMap"; d != nil {
		typ, key, value = s.mapType(d)
	}
	return fmt.Sprintf("func(m *ebpf.Map, spec *ebpf.MapSpec) (*%s, error) {\n"+
		"\t\tinner := new(%s)\n\t\tinner.Spec, inner.name, inner.key, inner.value = spec, \"inner\", %d, %d\n"+
		"\t\treturn inner, inner.loaded(m)\n\t}", typ, typ, key, value)
}

// describeOps is describeMap for a struct of functions.
func (s *Skeleton) describeOps(f *mapField) *mapField {
	for i := range s.adapted.Structs {
		if s.adapted.Structs[i].Name == f.Name {
			f.ops = &s.adapted.Structs[i]
		}
	}
	if f.ops == nil {
		f.typ = s.name + "AnyMap"
		s.uses("anymap")
		return f
	}
	s.uses("structops")
	f.typ = fmt.Sprintf("%sStructOps[%s]", s.name, s.sized(f.Type, f.ops.Size))
	return f
}

// sized returns the type that has a number of bytes: the one of BTF if it has that many.
func (s *Skeleton) sized(id btf.ID, size uint32) string {
	if id != 0 && s.types != nil {
		if text, n, ok := s.types.Type(id); ok && n == uint64(size) {
			return text
		}
	}
	switch size {
	case 1, 2, 4, 8:
		return "uint" + strconv.Itoa(int(8*size))
	}
	return "[" + strconv.Itoa(int(size)) + "]byte"
}

// doc says what a map is.
func (f *mapField) doc() string {
	switch {
	case f.ops != nil:
		return "a struct of functions, in section " + oneLine(f.Section)
	case f.Kind != elfobj.Defined && f.Kind != elfobj.Legacy:
		return "section " + oneLine(f.Section)
	}
	text := article(strings.ReplaceAll(names.MapType(f.Def.Type).String(), "_", " ")) + " map"
	switch n := f.Def.MaxEntries; {
	case n == 0:
	case strings.HasSuffix(f.typ, "Ringbuf"):
		text += fmt.Sprintf(" of %d bytes", n)
	case n == 1:
		text += " of one entry"
	default:
		text += fmt.Sprintf(" of %d entries", n)
	}
	return text
}
