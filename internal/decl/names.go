package decl

import (
	"strconv"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// names tell apart types that have one name: all but the first to be written get
// a number. Tags of structs, unions and enumerations are of one space of names,
// typedefs and enumerators of the other.
type names struct {
	versions     []uint32 // of types, by ID: 1 for the first with its name, 0 if not yet named
	tags, idents map[string]uint32
}

func newNames(types int) names {
	return names{make([]uint32, types), make(map[string]uint32), make(map[string]uint32)}
}

// tag returns the name of a struct, union, enumeration or forward. Those which
// only declare that there is such a type keep its name as it is.
func (p *printer) tag(t btf.Type) string {
	if t.Kind == btf.Forward || t.Kind == btf.Enum && t.Len() == 0 {
		return t.Name
	}
	return p.unique(t, p.names.tags)
}

// unique returns the name of a type, which it gets at its first use.
func (p *printer) unique(t btf.Type, space map[string]uint32) string {
	if p.brief {
		return t.Name
	}
	version := &p.names.versions[t.ID]
	if *version == 0 {
		space[t.Name]++
		*version = space[t.Name]
	}
	return versioned(t.Name, *version)
}

// enumerator returns the name of a value that is about to be written.
func (p *printer) enumerator(name string) string {
	p.names.idents[name]++
	return versioned(name, p.names.idents[name])
}

// versioned returns a name that is used for the nth time.
func versioned(name string, n uint32) string {
	if n < 2 {
		return name
	}
	return name + "___" + strconv.FormatUint(uint64(n), 10)
}
