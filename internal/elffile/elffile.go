// Package elffile reads ELF files into parts that can be changed, and writes them: sections, symbols, and the
// relocations between them.
//
// It knows relocatable 64-bit files, which BPF objects are, and nothing of what sections mean: that is
// for internal/elfobj, which reads what is written here.
//
// Source: the ELF specification.
package elffile

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// A File is an ELF file in parts.
type File struct {
	Order   Order
	Machine elf.Machine
	Flags   uint32

	// Sections are known by their numbers, which stay: the first is none, and one that is to vanish is
	// dropped by [File.Drop]. The tables of symbols, strings and relocations are among them; their
	// Data is made anew when the file is written.
	Sections []*Section
	Symbols  []*Symbol // without the first one, which is none

	names int               // the number of the section that has the names of sections
	texts map[uint32]string // strings by number of section
}

// An Order is an order of bytes.
type Order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// A Section is a part of a file.
type Section struct {
	Name   string
	Type   elf.SectionType
	Flags  elf.SectionFlag
	Addr   uint64
	Data   []byte // nil for SHT_NOBITS
	Size   uint64 // bytes: the length of Data, unless there is none
	Link   uint32
	Info   uint32
	Align  uint64  // bytes
	Entry  uint64  // bytes of an element of a table, or 0
	Relocs []Reloc // those that a section of relocations has
}

// A Symbol is a name for a place in a section.
type Symbol struct {
	Name    string
	Bind    elf.SymBind
	Type    elf.SymType
	Other   uint8 // visibility
	Section int   // its number, 0 if the symbol is not defined, or one of the special numbers
	Value   uint64
	Size    uint64
}

// A Reloc is a place in a section that depends on a symbol.
type Reloc struct {
	Offset uint64  // bytes
	Symbol *Symbol // nil for none
	Type   uint32
}

// The sizes in bytes of what 64-bit ELF consists of.
const (
	headerLen  = 64
	sectionLen = 64
	symbolLen  = 24
	relocLen   = 16
)

// Parse reads a file. What its parts have is not copied: data must not change.
func Parse(data []byte) (*File, error) {
	if len(data) < headerLen || string(data[:4]) != elf.ELFMAG || elf.Class(data[elf.EI_CLASS]) != elf.ELFCLASS64 {
		return nil, errors.New("not a 64-bit ELF file")
	}
	f := &File{Order: binary.LittleEndian, texts: make(map[uint32]string)}
	if elf.Data(data[elf.EI_DATA]) == elf.ELFDATA2MSB {
		f.Order = binary.BigEndian
	}
	if t := elf.Type(f.Order.Uint16(data[16:])); t != elf.ET_REL {
		return nil, fmt.Errorf("ELF type %d, want %d", t, elf.ET_REL)
	}
	f.Machine = elf.Machine(f.Order.Uint16(data[18:]))
	f.Flags = f.Order.Uint32(data[48:])
	for _, step := range []func([]byte) error{f.readSections, f.readSymbols, f.readRelocs} {
		if err := step(data); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f *File) readSections(data []byte) error {
	at, size, n := f.Order.Uint64(data[40:]), f.Order.Uint16(data[58:]), f.Order.Uint16(data[60:])
	if rest := uint64(len(data)); size != sectionLen || at > rest || uint64(n)*sectionLen > rest-at {
		return fmt.Errorf("%d section headers of %d bytes at %#x of %#x", n, size, at, len(data))
	}
	names := make([]uint32, n)
	for i := range names {
		h := data[at+uint64(i)*sectionLen:][:sectionLen]
		s := &Section{
			Type: elf.SectionType(f.Order.Uint32(h[4:])), Flags: elf.SectionFlag(f.Order.Uint64(h[8:])), Addr: f.Order.Uint64(h[16:]),
			Size: f.Order.Uint64(h[32:]), Link: f.Order.Uint32(h[40:]), Info: f.Order.Uint32(h[44:]),
			Align: f.Order.Uint64(h[48:]), Entry: f.Order.Uint64(h[56:]),
		}
		names[i] = f.Order.Uint32(h)
		f.Sections = append(f.Sections, s)
		if s.Type == elf.SHT_NOBITS || s.Type == elf.SHT_NULL {
			continue
		}
		start, end := f.Order.Uint64(h[24:]), uint64(len(data))
		if start > end || s.Size > end-start {
			return fmt.Errorf("section %d: %d bytes at %#x of %#x", i, s.Size, start, end)
		}
		s.Data = data[start:][:s.Size:s.Size]
	}
	f.names = int(f.Order.Uint16(data[62:]))
	for i, s := range f.Sections {
		name, err := f.text(uint32(f.names), names[i])
		if err != nil {
			return fmt.Errorf("section %d: name: %w", i, err)
		}
		s.Name = name
	}
	return nil
}

// text returns the string at an offset in a section. It is not copied: many may share their end.
func (f *File) text(section, offset uint32) (string, error) {
	table, ok := f.texts[section]
	if !ok {
		if uint64(section) >= uint64(len(f.Sections)) || f.Sections[section].Type != elf.SHT_STRTAB {
			return "", fmt.Errorf("section %d has no strings", section)
		}
		table = string(f.Sections[section].Data)
		f.texts[section] = table
	}
	if uint64(offset) >= uint64(len(table)) {
		if offset == 0 {
			return "", nil
		}
		return "", fmt.Errorf("offset %d of %d", offset, len(table))
	}
	text, _, ok := strings.Cut(table[offset:], "\x00")
	if !ok {
		return "", fmt.Errorf("offset %d: it does not end", offset)
	}
	return text, nil
}

// table returns the number of the first section of a type, or 0.
func (f *File) table(want elf.SectionType) int {
	for i, s := range f.Sections {
		if s.Type == want {
			return i
		}
	}
	return 0
}

func (f *File) readSymbols([]byte) error {
	at := f.table(elf.SHT_SYMTAB)
	if at == 0 {
		return errors.New("no table of symbols")
	}
	table := f.Sections[at]
	for i := symbolLen; i+symbolLen <= len(table.Data); i += symbolLen {
		b := table.Data[i:]
		name, err := f.text(table.Link, f.Order.Uint32(b))
		if err != nil {
			return fmt.Errorf("symbol %d: name: %w", i/symbolLen, err)
		}
		f.Symbols = append(f.Symbols, &Symbol{
			Name: name, Bind: elf.ST_BIND(b[4]), Type: elf.ST_TYPE(b[4]), Other: b[5],
			Section: int(f.Order.Uint16(b[6:])), Value: f.Order.Uint64(b[8:]), Size: f.Order.Uint64(b[16:]),
		})
	}
	return nil
}

func (f *File) readRelocs([]byte) error {
	for i, s := range f.Sections {
		switch s.Type {
		case elf.SHT_RELA, elf.SHT_GROUP, elf.SHT_SYMTAB_SHNDX:
			return fmt.Errorf("section %d: type %d, which no BPF object has", i, s.Type)
		case elf.SHT_REL:
		default:
			continue
		}
		for at := 0; at+relocLen <= len(s.Data); at += relocLen {
			info := f.Order.Uint64(s.Data[at+8:])
			r := Reloc{Offset: f.Order.Uint64(s.Data[at:]), Type: uint32(info)}
			if n := info >> 32; n > uint64(len(f.Symbols)) {
				return fmt.Errorf("section %s: symbol %d of %d", s.Name, n, len(f.Symbols))
			} else if n > 0 {
				r.Symbol = f.Symbols[n-1]
			}
			s.Relocs = append(s.Relocs, r)
		}
	}
	return nil
}

// RelocsOf returns the section that has the relocations of another one, which is known by its number, or nil.
func (f *File) RelocsOf(section int) *Section {
	for _, s := range f.Sections {
		if s.Type == elf.SHT_REL && s.Info == uint32(section) {
			return s
		}
	}
	return nil
}

// Drop makes a section vanish: of it, only its number stays.
func (f *File) Drop(s *Section) { *s = Section{} }

// Add adds a section and returns its number.
func (f *File) Add(s *Section) int {
	f.Sections = append(f.Sections, s)
	return len(f.Sections) - 1
}
