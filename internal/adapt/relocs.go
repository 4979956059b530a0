package adapt

import (
	"debug/elf"
	"slices"

	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/elffile"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// relocate spells what instructions and values of maps refer to as cilium/ebpf reads it: maps and
// functions that are called by their own symbols, variables and addresses of functions by an offset in
// their section, unless the compiler has a symbol for just that.
func (a *adapter) relocate() error {
	for _, f := range a.all() {
		section, ok := a.sectionOf(f)
		if !ok {
			continue
		}
		rels := a.f.RelocsOf(section)
		if rels == nil {
			continue
		}
		index := make(map[uint64]int, len(rels.Relocs))
		for i, r := range rels.Relocs {
			index[r.Offset] = i
		}
		rels.Relocs = slices.Clone(rels.Relocs)
		for _, r := range f.Relocs {
			if i, ok := index[f.Offset+uint64(r.Insn)*bytecode.Size]; ok && rels.Relocs[i].Symbol != nil {
				a.instruction(f, section, &rels.Relocs[i], r)
			}
		}
	}
	for _, m := range a.o.Maps {
		if m.Kind == elfobj.Defined && len(m.Slots) > 0 {
			a.slots(m)
		}
	}
	if at, ok := a.at[mapsSection]; ok && !isZero(a.f.Sections[at].Data) {
		clear(a.edit(at))
		a.change(mapsSection, "it has zeroes in place of what no map is made of")
	}
	return nil
}

// mapsSection has the definitions of maps.
const mapsSection = ".maps"

func isZero(data []byte) bool {
	return !slices.ContainsFunc(data, func(b byte) bool { return b != 0 })
}

// sectionOf returns the number of the section of a function.
func (a *adapter) sectionOf(f *elfobj.Func) (int, bool) {
	i, ok := a.at[f.Section]
	return i, ok
}

// instruction adapts what one instruction refers to.
func (a *adapter) instruction(f *elfobj.Func, section int, rel *elffile.Reloc, r elfobj.Reloc) {
	at := rel.Offset
	imm := int32(a.o.Order.Uint32(a.f.Sections[section].Data[at+4:]))
	to := rel.Symbol
	set := func(symbol *elffile.Symbol, n int32) {
		if symbol == to && n == imm {
			return
		}
		rel.Symbol = symbol
		a.o.Order.PutUint32(a.edit(section)[at+4:], uint32(n))
		a.change(f.Name, "what it refers to is spelled in another way")
	}
	switch r.Kind {
	case elfobj.ToCall:
		if plain := to.Type == elf.STT_SECTION || (to.Bind != elf.STB_LOCAL && imm == -1); !plain {
			set(a.sectionSymbol(to.Section), int32(r.Func.Offset/bytecode.Size)-1)
		}
	case elfobj.ToFunc:
		if to.Type != elf.STT_SECTION {
			set(a.sectionSymbol(to.Section), int32(r.Func.Offset))
		}
	case elfobj.ToMap:
		if s := a.symbolAt(to.Section, r.Map.Offset, elf.STT_OBJECT); s != nil && (s != to || imm != 0) {
			set(s, 0)
		}
	case elfobj.ToValue:
		if plain := to.Type == elf.STT_SECTION || to.Type == elf.STT_OBJECT && imm == 0; !plain {
			set(a.sectionSymbol(to.Section), int32(r.Offset))
		}
	case elfobj.ToExtern:
		if s := a.addresses[r.Extern]; s != nil {
			set(s, imm)
		}
	}
}

// slots has maps and programs that are values of a map by their own symbols.
func (a *adapter) slots(m *elfobj.Map) {
	at := a.at[m.Section]
	section := a.f.Sections[at]
	if section.Align != pointerLen {
		section.Align = pointerLen // by which cilium/ebpf counts values
		a.change(m.Section, "it is aligned to %d bytes", pointerLen)
	}
	rels := a.f.RelocsOf(at)
	if rels == nil {
		return
	}
	rels.Relocs = slices.Clone(rels.Relocs)
	for i := range rels.Relocs {
		a.named(at, &rels.Relocs[i])
	}
}

// named makes a relocation of a pointer one to the symbol that is where the pointer points.
func (a *adapter) named(section int, rel *elffile.Reloc) {
	to, data := rel.Symbol, a.f.Sections[section].Data
	if to == nil || rel.Offset > uint64(len(data)) || uint64(len(data))-rel.Offset < pointerLen {
		return
	}
	offset := to.Value + a.o.Order.Uint64(data[rel.Offset:])
	kind := elf.STT_OBJECT
	if to.Section < len(a.f.Sections) && isCode(a.f.Sections[to.Section]) {
		kind = elf.STT_FUNC
	}
	if s := a.symbolAt(to.Section, offset, kind); s != nil && (s != to || offset != to.Value) {
		rel.Symbol = s
		a.o.Order.PutUint64(a.edit(section)[rel.Offset:], 0)
		a.change(a.f.Sections[section].Name, "pointers are spelled in another way")
	}
}

const pointerLen = 8 // bytes
