// Package adapt brings objects into a shape that cilium/ebpf v0.22 takes, of which it makes what libbpf makes
// of the object as it was.
//
// All that can be said without a kernel is done here, when code for the object is generated. The rest is left to that
// code, which imports cilium/ebpf and nothing of ours: [Adapted] lists it. Between the reading
// of the spec (ebpf.LoadCollectionSpecFromReader) and its loading,
//
//   - programs of Catches get the instructions of a function appended, but for functions that they have already;
//   - programs of Functions are deleted from the spec: they are no programs, and those that call them have them already;
//   - programs and maps of Optional are deleted unless they are asked for;
//   - programs of Kinds get their type, attach type, flags and target;
//   - each ring buffer, and each inner map that is one, gets a size of a power of two pages;
//   - maps of NUMA get their node, and the flag BPF_F_NUMA_NODE;
//   - variables of Settings get their values: of /proc/config.gz or /boot/config-RELEASE, and for those of the name LINUX_…
//     features.LinuxVersionCode, features.HaveProgramHelper(ebpf.Kprobe, asm.FnGetAttachCookie), and whether
//     /proc/kallsyms has __x64_sys_bpf or its like;
//   - instructions that refer to one of Typed become a load of the ID that the kernel's types, or those of a module,
//     have for the name (BPF_PSEUDO_BTF_ID), or of 0;
//   - instructions of programs of Zeroes with a CO-RE relocation that btf.CORERelocate makes "type_size=poison" or
//     "target_type_id=poison" become a load of 0, without a relocation.
//
// and, after it, maps with constants (.rodata and .rodata.*, but not .rodata.kconfig) are bound to all programs
// (Program.BindMap; errors do not matter). For each of Structs, programs get the target "TYPE:MEMBER" before, and
// the map is made after the programs: see [Struct]. Files of internal/skeleton/support have all of this code.
package adapt

import (
	"cmp"
	"debug/elf"
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elffile"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// Adapted is an object as cilium/ebpf takes it, and what is left to be done when it is loaded. Names are
// those of the object as it was, unless something else is said.
type Adapted struct {
	Data    []byte   // the ELF file: the given one if nothing had to be changed
	Changes []Change // what was changed, in no certain order of the object
	Cannot  []Cannot // what cilium/ebpf cannot load

	Sections  map[string]string // names of the maps of sections in the adapted object, if they are others
	Functions []string          // functions that cilium/ebpf takes for programs, by their names in the adapted object
	Catches   map[string]string // by program the one of Functions that handles what it throws
	Optional  []string          // programs and maps that are not loaded unless they are asked for
	Structs   []Struct          // of functions, in the order of the object
	Kinds     []Kind            // programs whose section says nothing to cilium/ebpf
	Rings     []string          // maps that are ring buffers, or whose inner maps are
	NUMA      []Node
	Settings  []Setting // in the order of the object
	Typed     []Typed
	Zeroes    []string // programs that ask for sizes or IDs of types that the kernel need not have: libbpf answers by 0
}

// A Change is something that was changed.
type Change struct {
	Name string // of a program, function, map, section, or extern
	What string
}

// A Cannot is something that cilium/ebpf cannot load.
type Cannot struct {
	Name string // of a program, map or section
	Why  string
}

// A Kind is what a program is, as numbers of the kernel.
type Kind struct {
	Program string
	Type    uint32 // enum bpf_prog_type
	Attach  uint32 // enum bpf_attach_type
	Flags   uint32 // BPF_F_SLEEPABLE and BPF_F_XDP_HAS_FRAGS
	To      string // the target that the section names
}

// A Node is the node of memory where a map is to be.
type Node struct {
	Map   string
	Inner bool // it is the map that the values are
	Node  uint32
}

// A Typed is an address of the kernel of which its types have the name: of a variable, or of a function.
type Typed struct {
	Reference string // of instructions that load it, in the adapted object
	Name      string // in the kernel
	Weak      bool   // it is 0 where the kernel does not have it
	Func      string // of a function: its declaration in the adapted object, to which calls refer as well
}

// Object adapts an object, which has been read from data. The data stay as they are.
//
// An error means that what would be made of it is no object. What cilium/ebpf cannot load is no error. What is
// made can be read by internal/elfobj, unless it has Catches.
func Object(data []byte, o *elfobj.Object) (*Adapted, error) {
	f, err := elffile.Parse(data)
	if err != nil {
		return nil, err
	}
	a := &adapter{Adapted: &Adapted{Data: data, Sections: make(map[string]string)}, o: o, f: f, at: make(map[string]int), edited: make(map[int]bool)}
	for i, s := range f.Sections {
		if _, ok := a.at[s.Name]; !ok && s.Type != elf.SHT_NULL {
			a.at[s.Name] = i
		} else if ok && s.Flags&elf.SHF_EXECINSTR != 0 {
			a.cannot(s.Name, "two sections have this name")
		}
	}
	if o.BTF != nil {
		a.types = o.BTF.Draft()
	}
	for _, step := range []func() error{
		a.programs, a.functions, a.catches, a.maps, a.settings, a.symbols, a.areas, a.structs, a.relocate, a.debug,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return a.finish()
}

// An adapter adapts one object.
type adapter struct {
	*Adapted
	o     *elfobj.Object
	f     *elffile.File
	types *btf.Draft     // nil without types
	at    map[string]int // numbers of sections by name, the first of each

	spots     map[spot]*elffile.Symbol           // nil before anyone has asked
	edited    map[int]bool                       // sections whose bytes are not those of the given file
	objects   map[btf.ID]int                     // types with objects that programs make; nil before anyone has asked
	unaligned map[btf.ID]int                     // types with floats that are not aligned; nil before anyone has asked
	addresses map[*elfobj.Extern]*elffile.Symbol // what loads of the address of a function refer to
}

// change notes a change.
func (a *adapter) change(name, format string, args ...any) {
	c := Change{name, fmt.Sprintf(format, args...)}
	if !slices.Contains(a.Changes, c) {
		a.Changes = append(a.Changes, c)
	}
}

// cannot notes what cilium/ebpf cannot load.
func (a *adapter) cannot(name, format string, args ...any) {
	c := Cannot{name, fmt.Sprintf(format, args...)}
	if !slices.Contains(a.Cannot, c) {
		a.Cannot = append(a.Cannot, c)
	}
}

// finish writes the object, if something has changed.
func (a *adapter) finish() (*Adapted, error) {
	slices.Sort(a.Optional)
	a.Optional = slices.Compact(a.Optional)
	if len(a.Changes) == 0 {
		return a.Adapted, nil
	}
	if a.types != nil {
		at := a.at[".BTF"]
		if rels := a.f.RelocsOf(at); rels != nil {
			a.f.Drop(rels) // the types have them already
		}
		a.f.Sections[at].Data = a.types.Bytes()
		a.edited[at] = true
	}
	for _, s := range a.f.Sections {
		if s.Type == addressSignificance { // it has numbers of symbols
			a.f.Drop(s)
		}
	}
	a.Data = a.f.Bytes()
	if _, err := elfobj.Read(a.Data); err != nil {
		return nil, fmt.Errorf("the object as it was adapted: %w", err)
	}
	if _, ok := a.at[textSection]; ok && a.Catches != nil {
		a.showText()
		a.f.Sections[a.at[".BTF"]].Data = a.types.Bytes()
		a.Data = a.f.Bytes()
	}
	return a.Adapted, nil
}

// debug leaves out what only debuggers read, which is the most of many an object: code that has the object in it would
// be as long.
func (a *adapter) debug() error {
	bytes := uint64(0)
	for _, s := range a.f.Sections {
		if strings.HasPrefix(s.Name, ".debug_") || strings.HasPrefix(s.Name, ".rel.debug_") {
			bytes += s.Size
			a.f.Drop(s)
		}
	}
	if bytes > 0 {
		a.change(".debug_*", "%d bytes for debuggers are left out", bytes)
	}
	return nil
}

// addressSignificance is SHT_LLVM_ADDRSIG.
const addressSignificance = elf.SectionType(0x6fff4c03)

// isCode reports whether a section has instructions.
func isCode(s *elffile.Section) bool {
	return s.Type == elf.SHT_PROGBITS && s.Flags&elf.SHF_EXECINSTR != 0 && s.Size > 0
}

// A spot is what symbols are looked for by.
type spot struct {
	section int
	offset  uint64
	kind    elf.SymType
}

// symbolAt returns the symbol of a function or variable at a place of a section; of several, one that
// others see.
func (a *adapter) symbolAt(section int, offset uint64, kind elf.SymType) *elffile.Symbol {
	if a.spots == nil {
		a.spots = make(map[spot]*elffile.Symbol, len(a.f.Symbols))
		for _, s := range a.f.Symbols {
			at := spot{s.Section, s.Value, s.Type}
			if a.spots[at] == nil || s.Bind != elf.STB_LOCAL {
				a.spots[at] = s
			}
		}
	}
	return a.spots[spot{section, offset, kind}]
}

// sectionSymbol returns the symbol of a section, which it adds if there is none.
func (a *adapter) sectionSymbol(section int) *elffile.Symbol {
	at := spot{section, 0, elf.STT_SECTION}
	if s := a.symbolAt(section, 0, elf.STT_SECTION); s != nil {
		return s
	}
	s := &elffile.Symbol{Bind: elf.STB_LOCAL, Type: elf.STT_SECTION, Section: section}
	a.f.Symbols = append(a.f.Symbols, s)
	a.spots[at] = s
	return s
}

// all are all functions, programs and others.
func (a *adapter) all() []*elfobj.Func { return slices.Concat(a.o.Programs, a.o.Funcs) }

// edit returns what a section has, for being changed.
func (a *adapter) edit(section int) []byte {
	s := a.f.Sections[section]
	if !a.edited[section] {
		s.Data = slices.Clone(s.Data)
		a.edited[section] = true
	}
	return s.Data
}

// byOffset compares symbols.
func byOffset(a, b *elffile.Symbol) int { return cmp.Compare(a.Value, b.Value) }
