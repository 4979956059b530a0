package elffile

import (
	"debug/elf"
	"encoding/binary"
	"slices"
)

// Bytes writes the file. Its bytes depend on nothing but the parts of f: symbols come in their
// order, local ones first, and each section follows the one before.
func (f *File) Bytes() []byte {
	w := &writer{File: f, strings: make(map[int]*stringTable)}
	w.tables()
	return w.write()
}

// A writer writes one file.
type writer struct {
	*File
	strings map[int]*stringTable // by number of section
	names   []uint32             // of sections, in the table of their names
}

// A stringTable is a section of strings in the making.
type stringTable struct {
	bytes []byte
	at    map[string]uint32
}

// add returns the offset of a string.
func (t *stringTable) add(text string) uint32 {
	if text == "" {
		return 0
	}
	at, ok := t.at[text]
	if !ok {
		at = uint32(len(t.bytes))
		t.at[text] = at
		t.bytes = append(append(t.bytes, text...), 0)
	}
	return at
}

// stringsOf returns the strings of a section.
func (w *writer) stringsOf(section int) *stringTable {
	t := w.strings[section]
	if t == nil {
		t = &stringTable{[]byte{0}, make(map[string]uint32)}
		w.strings[section] = t
	}
	return t
}

// tables makes the tables anew.
func (w *writer) tables() {
	w.symbols()
	names := w.stringsOf(w.File.names)
	for _, s := range w.Sections {
		w.names = append(w.names, names.add(s.Name))
	}
	for section, t := range w.strings {
		w.Sections[section].Data = t.bytes
	}
	for _, s := range w.Sections {
		if s.Data != nil {
			s.Size = uint64(len(s.Data))
		}
	}
}

// symbols writes the symbols, and the relocations that refer to them.
func (w *writer) symbols() {
	list := slices.Clone(w.Symbols)
	slices.SortStableFunc(list, func(a, b *Symbol) int { return rank(a) - rank(b) })
	table := w.Sections[w.table(elf.SHT_SYMTAB)]
	names := w.stringsOf(int(table.Link))
	data, locals := make([]byte, symbolLen), 1
	numbers := make(map[*Symbol]uint64, len(list))
	for i, s := range list {
		if rank(s) == 0 {
			locals++
		}
		numbers[s] = uint64(i + 1)
		data = w.Order.AppendUint32(data, names.add(s.Name))
		data = append(data, elf.ST_INFO(s.Bind, s.Type), s.Other)
		data = w.Order.AppendUint16(data, uint16(s.Section))
		data = w.Order.AppendUint64(data, s.Value)
		data = w.Order.AppendUint64(data, s.Size)
	}
	table.Data, table.Info = data, uint32(locals)
	for _, s := range w.Sections {
		if s.Type != elf.SHT_REL {
			continue
		}
		s.Data = make([]byte, 0, relocLen*len(s.Relocs))
		for _, r := range s.Relocs {
			s.Data = w.Order.AppendUint64(s.Data, r.Offset)
			s.Data = w.Order.AppendUint64(s.Data, numbers[r.Symbol]<<32|uint64(r.Type))
		}
	}
}

// rank tells local symbols from others, which follow them.
func rank(s *Symbol) int {
	if s.Bind == elf.STB_LOCAL {
		return 0
	}
	return 1
}

// write writes header, sections, and their headers.
func (w *writer) write() []byte {
	out := make([]byte, headerLen)
	offsets := make([]uint64, len(w.Sections))
	for i, s := range w.Sections {
		if s.Type == elf.SHT_NULL {
			continue
		}
		if s.Type != elf.SHT_NOBITS {
			out = pad(out, s.Align)
		}
		offsets[i] = uint64(len(out))
		out = append(out, s.Data...)
	}
	out = pad(out, 8)
	at := uint64(len(out))
	for i, s := range w.Sections {
		out = w.appendHeader(out, s, w.names[i], offsets[i])
	}
	w.header(out, at)
	return out
}

// pad adds zeroes up to a multiple of some bytes.
func pad(b []byte, align uint64) []byte {
	const most = 1 << 12 // what is in a file has no need for more
	for align = min(align, most); align > 1 && uint64(len(b))%align != 0; {
		b = append(b, 0)
	}
	return b
}

func (w *writer) appendHeader(b []byte, s *Section, name uint32, offset uint64) []byte {
	b = w.Order.AppendUint32(b, name)
	b = w.Order.AppendUint32(b, uint32(s.Type))
	for _, n := range []uint64{uint64(s.Flags), s.Addr, offset, s.Size} {
		b = w.Order.AppendUint64(b, n)
	}
	b = w.Order.AppendUint32(b, s.Link)
	b = w.Order.AppendUint32(b, s.Info)
	b = w.Order.AppendUint64(b, s.Align)
	return w.Order.AppendUint64(b, s.Entry)
}

// header writes the header of the file at the start of b. Headers of sections are at an offset.
func (w *writer) header(b []byte, at uint64) {
	order := elf.ELFDATA2LSB
	if w.Order == binary.BigEndian {
		order = elf.ELFDATA2MSB
	}
	copy(b, elf.ELFMAG)
	b[elf.EI_CLASS], b[elf.EI_DATA], b[elf.EI_VERSION] = byte(elf.ELFCLASS64), byte(order), byte(elf.EV_CURRENT)
	w.Order.PutUint16(b[16:], uint16(elf.ET_REL))
	w.Order.PutUint16(b[18:], uint16(w.Machine))
	w.Order.PutUint32(b[20:], uint32(elf.EV_CURRENT))
	w.Order.PutUint64(b[40:], at)
	w.Order.PutUint32(b[48:], w.Flags)
	w.Order.PutUint16(b[52:], headerLen)
	w.Order.PutUint16(b[58:], sectionLen)
	w.Order.PutUint16(b[60:], uint16(len(w.Sections)))
	w.Order.PutUint16(b[62:], uint16(w.File.names))
}
