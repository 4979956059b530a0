package elfobj

import (
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// A MapKind says how an object defines a map.
type MapKind uint8

// The kinds of maps.
const (
	Defined   MapKind = iota // by its type, in the section ".maps"
	Legacy                   // by numbers, in the section "maps", which libbpf refuses since 1.0
	Data                     // by variables: ".data" and ".data.*"
	Rodata                   // by constants: ".rodata" and ".rodata.*"
	BSS                      // by variables that start as zero: ".bss" and ".bss.*"
	PerCPU                   // by variables that each processor has of its own: ".percpu" and ".percpu.*", since libbpf 1.8
	Kconfig                  // by what is to be known of the kernel's configuration
	StructOps                // by a struct, in ".struct_ops" and its like
)

// A Map is a map that is made when an object is loaded.
//
// libbpf refuses to load an object with maps in the section ".maps" that are
// static or hidden.
type Map struct {
	Name    string // that of its variable, or of its section
	Kind    MapKind
	Section string // where it is defined; ".kconfig", which no file has, for settings
	Offset  uint64 // in the section, in bytes
	Weak    bool
	Hidden  bool // other objects do not see it
	Static  bool

	Def  Def
	Type btf.ID // of the variable that defines it: a struct, or void without types

	// Data is what the map of a section, or of a struct, has from the start; for
	// an arena what its variables have; for a legacy map its definition as it is
	// in the file. It is nil where there are only zeroes, and for other maps.
	Data  []byte
	Slots []Slot // what else it has from the start

	section int
}

// A Def is the definition of a map. What it does not say is zero.
type Def struct {
	Type       uint32 // enum bpf_map_type
	KeySize    uint32 // bytes
	ValueSize  uint32 // bytes
	MaxEntries uint32
	Flags      uint32
	NUMANode   uint32
	Pinning    uint32 // 1 if the map is pinned by its name
	Extra      uint64 // map_extra

	Key   btf.ID // the type of the keys, or void
	Value btf.ID // the type of the values, or void

	Inner *Def // of the maps that are the values, nil if they are none or nothing is said
	Progs bool // the values are programs
}

// A Slot is what one value of a map is from the start, or one function of a
// struct.
type Slot struct {
	Index int // number of the value; of a function in a struct the offset in bytes
	Map   *Map
	Func  *Func // if it is no map
}

// The numbers of enum bpf_map_type, and the flags, of maps that are made for
// sections.
const (
	arrayType      = 2
	progArrayType  = 3
	perCPUType     = 6
	arrayMapsType  = 12
	hashMapsType   = 13
	structOpsType  = 26
	arenaType      = 33
	readOnlyFlag   = 1 << 7  // BPF_F_RDONLY_PROG
	mappableFlag   = 1 << 10 // BPF_F_MMAPABLE
	linkFlag       = 1 << 13 // BPF_F_LINK
	pointerLen     = 8       // bytes of a pointer in an object
	kconfigSection = ".kconfig"
	ksymsSection   = ".ksyms"
)

// nameLen is how long the kernel lets names be, in bytes.
const nameLen = 15

// KernelName returns the name under which the kernel knows the map of an object
// with some name.
//
// Source: what bpftool 7.8 shows of maps that it has loaded.
func (m *Map) KernelName(object string) string {
	name := m.Name
	reserved := 0
	switch m.Kind {
	case Data, Rodata, BSS:
		reserved = max(len(name), 7)
	case Kconfig:
		reserved = max(len(name), 8)
	default:
		return name[:min(len(name), nameLen)]
	}
	// A section of one's own has a name that says enough.
	if strings.Count(name, ".") == 1 {
		name = object[:min(len(object), max(nameLen-reserved, 0))] + name
	}
	b := []byte(name[:min(len(name), nameLen)])
	for i, c := range b {
		if c != '_' && c != '.' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			b[i] = '_'
		}
	}
	return string(b)
}

// readMaps finds the maps.
func (r *reader) readMaps() error {
	for _, step := range []func() error{r.readDefined, r.readLegacy, r.readAreas, r.readKconfig, r.readStructOps} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// addMap adds a map that has a place of its own in a section.
func (r *reader) addMap(m *Map, section int) {
	m.section = section
	r.object.Maps = append(r.object.Maps, m)
	r.defs[place{section, m.Offset}] = m
}

// describe takes over what a map's symbol says, if it has one that others may see.
func (m *Map) describe(s *symbol) {
	if s != nil {
		m.Weak, m.Hidden = s.bind == weakSymbol, s.hidden
	}
}
