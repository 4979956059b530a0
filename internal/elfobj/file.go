package elfobj

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// A file is what an ELF file consists of: sections and symbols.
//
// The package debug/elf of the standard library is used for its constants only:
// it copies the name of each section and each symbol, so that a small file with
// many that share one long name takes all memory.
type file struct {
	data     []byte
	order    binary.ByteOrder
	sections []section
	symbols  []symbol
	relocs   map[int]int // by the section that they are for: the section that has them
	names    budget
}

// A section is a part of a file. What it contains is not copied.
type section struct {
	index int
	name  string
	kind  elf.SectionType
	flags elf.SectionFlag
	data  []byte // nil for SHT_NOBITS
	size  uint64 // bytes
	link  uint32
	info  uint32
}

// A symbol is a name for a place in a section.
type symbol struct {
	name    string
	bind    elf.SymBind
	kind    elf.SymType
	hidden  bool // STV_HIDDEN or STV_INTERNAL
	section int  // 0 if it is undefined, beyond all sections if it is special
	value   uint64
	size    uint64 // bytes
}

// What symbols are to other objects.
const (
	localSymbol = elf.STB_LOCAL // nothing
	weakSymbol  = elf.STB_WEAK  // may be replaced by theirs
)

// A place is where something is in a file.
type place struct {
	section int
	offset  uint64 // bytes
}

// The sizes in bytes of what 64-bit ELF consists of.
const (
	headerLen  = 64
	sectionLen = 64
	symbolLen  = 24
	relocLen   = 16
)

// machineBPF is EM_BPF. Files of old compilers have none, as there was none.
const machineBPF = elf.EM_BPF

// checkHeader makes sure that head, the start of a file, is that of a BPF object.
func checkHeader(head []byte) (binary.ByteOrder, error) {
	if len(head) < headerLen {
		return nil, fmt.Errorf("ELF header of %d bytes, want %d", len(head), headerLen)
	}
	if string(head[:4]) != elf.ELFMAG {
		return nil, errors.New("not an ELF file")
	}
	var order binary.ByteOrder
	switch elf.Data(head[elf.EI_DATA]) {
	case elf.ELFDATA2LSB:
		order = binary.LittleEndian
	case elf.ELFDATA2MSB:
		order = binary.BigEndian
	default:
		return nil, fmt.Errorf("ELF header: byte order %d, want 1 or 2", head[elf.EI_DATA])
	}
	if class := elf.Class(head[elf.EI_CLASS]); class == elf.ELFCLASS32 {
		return nil, errors.New("a 32-bit ELF file, which BPF objects never are")
	} else if class != elf.ELFCLASS64 {
		return nil, fmt.Errorf("ELF header: class %d, want 2", class)
	}
	if m := elf.Machine(order.Uint16(head[18:])); m != machineBPF && m != elf.EM_NONE {
		return nil, fmt.Errorf("an ELF file for another machine, %s, not for BPF", strings.TrimPrefix(m.String(), "EM_"))
	}
	if t := elf.Type(order.Uint16(head[16:])); t != elf.ET_REL {
		return nil, fmt.Errorf("not a relocatable object as compilers make it, but ELF type %d", t)
	}
	return order, nil
}

// isBPF reports whether the header says that the file is for BPF.
func (f *file) isBPF() bool { return elf.Machine(f.order.Uint16(f.data[18:])) == machineBPF }

// parseFile reads the tables of a file.
func parseFile(data []byte) (*file, error) {
	order, err := checkHeader(data)
	if err != nil {
		return nil, err
	}
	f := &file{data: data, order: order, names: newBudget(data)}
	if err := f.readSections(); err != nil {
		return nil, err
	}
	if err := f.findRelocs(); err != nil {
		return nil, err
	}
	return f, f.readSymbols()
}

func (f *file) readSections() error {
	at, size, n := f.order.Uint64(f.data[40:]), f.order.Uint16(f.data[58:]), f.order.Uint16(f.data[60:])
	if n == 0 {
		return errors.New("ELF header: no sections")
	}
	if size != sectionLen {
		return fmt.Errorf("ELF header: section headers of %d bytes, want %d", size, sectionLen)
	}
	if rest := uint64(len(f.data)); at > rest || uint64(n)*sectionLen > rest-at {
		return fmt.Errorf("ELF header: %d section headers at %#x, but the file ends at %#x", n, at, rest)
	}
	f.sections = make([]section, n)
	names := make([]uint32, n)
	left := uint64(len(f.data))
	for i := range f.sections {
		h := f.data[at+uint64(i)*sectionLen:][:sectionLen]
		names[i] = f.order.Uint32(h)
		if err := f.readSection(i, h); err != nil {
			return err
		}
		// Else few bytes of a file could be read many times.
		if n := uint64(len(f.sections[i].data)); n > left {
			return fmt.Errorf("section %d: overlaps others: together they are longer than the file", i)
		} else {
			left -= n
		}
	}
	return f.nameSections(names)
}

// readSection reads the header h of section i.
func (f *file) readSection(i int, h []byte) error {
	s := &f.sections[i]
	s.index = i
	s.kind = elf.SectionType(f.order.Uint32(h[4:]))
	s.flags = elf.SectionFlag(f.order.Uint64(h[8:]))
	s.size = f.order.Uint64(h[32:])
	s.link, s.info = f.order.Uint32(h[40:]), f.order.Uint32(h[44:])
	switch s.kind {
	case elf.SHT_NULL:
		s.size = 0
		return nil
	case elf.SHT_NOBITS:
		return nil
	}
	at, end := f.order.Uint64(h[24:]), uint64(len(f.data))
	if at > end || s.size > end-at {
		return fmt.Errorf("section %d: %d bytes at %#x, but the file ends at %#x", i, s.size, at, end)
	}
	s.data = f.data[at:][:s.size:s.size]
	return nil
}

// nameSections gives sections their names, which are at offsets in a section of
// strings.
func (f *file) nameSections(offsets []uint32) error {
	table, err := f.strings(uint32(f.order.Uint16(f.data[62:])))
	if err != nil {
		return fmt.Errorf("names of sections: %w", err)
	}
	for i, off := range offsets {
		if f.sections[i].name, err = f.names.cut(table, off); err != nil {
			return fmt.Errorf("section %d: %w", i, err)
		}
	}
	return nil
}

// strings returns the strings of a section.
func (f *file) strings(index uint32) (string, error) {
	if uint64(index) >= uint64(len(f.sections)) {
		return "", fmt.Errorf("section %d of %d", index, len(f.sections))
	}
	s := f.sections[index]
	if s.kind != elf.SHT_STRTAB {
		return "", fmt.Errorf("section %d has no strings", index)
	}
	return string(s.data), nil
}

// findRelocs finds the relocations of each section.
func (f *file) findRelocs() error {
	f.relocs = make(map[int]int)
	for i, s := range f.sections {
		if s.kind != elf.SHT_REL {
			continue
		}
		if uint64(s.info) >= uint64(len(f.sections)) {
			return fmt.Errorf("section %s: relocations of section %d of %d", s.name, s.info, len(f.sections))
		}
		if other, ok := f.relocs[int(s.info)]; ok {
			return fmt.Errorf("section %s: section %s has relocations of the same section", s.name, f.sections[other].name)
		}
		f.relocs[int(s.info)] = i
	}
	return nil
}

func (f *file) readSymbols() error {
	var table *section
	for i := range f.sections {
		s := &f.sections[i]
		if s.kind != elf.SHT_SYMTAB {
			continue
		}
		if table != nil {
			return fmt.Errorf("section %s: section %s has symbols, too", s.name, table.name)
		}
		table = s
	}
	if table == nil {
		return errors.New("no table of symbols, so functions have no names: has it been stripped?")
	}
	names, err := f.strings(table.link)
	if err == nil && table.size%symbolLen != 0 {
		err = fmt.Errorf("%d bytes, which is no multiple of %d", table.size, symbolLen)
	}
	if err != nil {
		return fmt.Errorf("section %s: %w", table.name, err)
	}
	f.symbols = make([]symbol, table.size/symbolLen)
	for i := range f.symbols {
		if err := f.readSymbol(&f.symbols[i], table.data[i*symbolLen:], names); err != nil {
			return fmt.Errorf("section %s: symbol %d: %w", table.name, i, err)
		}
	}
	return nil
}

// readSymbol reads the symbol at the start of b.
func (f *file) readSymbol(s *symbol, b []byte, names string) (err error) {
	s.bind, s.kind = elf.ST_BIND(b[4]), elf.ST_TYPE(b[4])
	vis := elf.ST_VISIBILITY(b[5])
	s.hidden = vis == elf.STV_HIDDEN || vis == elf.STV_INTERNAL
	s.section = int(f.order.Uint16(b[6:]))
	s.value, s.size = f.order.Uint64(b[8:]), f.order.Uint64(b[16:])
	s.name, err = f.names.cut(names, f.order.Uint32(b))
	if err == nil && s.section >= len(f.sections) && s.section < int(elf.SHN_LORESERVE) {
		err = fmt.Errorf("in section %d of %d", s.section, len(f.sections))
	}
	return err
}

// title is what messages call s: many symbols of sections have no name.
func (f *file) title(s symbol) string {
	if s.name == "" && s.section < len(f.sections) {
		return f.sections[s.section].name
	}
	return s.name
}

// defined reports whether s is in a section.
func (f *file) defined(s symbol) bool { return s.section > 0 && s.section < len(f.sections) }
