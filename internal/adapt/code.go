package adapt

import (
	"debug/elf"
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/elffile"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
)

// Flags of programs, and types of programs and kinds of relocations that matter here.
const (
	sleepableFlag = 1 << 4 // BPF_F_SLEEPABLE
	fragsFlag     = 1 << 5 // BPF_F_XDP_HAS_FRAGS
	structOpsType = 27     // BPF_PROG_TYPE_STRUCT_OPS
	targetTypeID  = 7      // BPF_CORE_TYPE_ID_TARGET
	typeSize      = 9      // BPF_CORE_TYPE_SIZE
)

// unknown are names of sections that libbpf 1.8 knows and cilium/ebpf does not.
var unknown = []string{
	"tracepoint.s", "tp.s", "raw_tracepoint.s", "raw_tp.s", "tp_btf.s",
	"fentry.multi", "fentry.multi.s", "fexit.multi", "fexit.multi.s", "fsession.multi", "fsession.multi.s",
}

// untargeted are those whose target cilium/ebpf does not look up in the types of the kernel.
var untargeted = []string{"fsession", "fsession.s", "lsm_cgroup"}

// programs looks at what programs are, and at what is in them.
func (a *adapter) programs() error {
	for _, p := range a.o.Programs {
		if what, ok := names.ParseSection(p.Section); ok {
			a.kind(p, what)
		}
		if !a.wants(p) {
			a.Optional = append(a.Optional, p.Name)
		}
		asks := false
		for _, part := range a.o.Link(p) {
			a.instructions(p, part)
			asks = asks || slices.ContainsFunc(part.CORE, func(r elfobj.CORERelo) bool { return r.Kind == targetTypeID || r.Kind == typeSize })
		}
		if asks {
			a.Zeroes = append(a.Zeroes, p.Name)
		}
	}
	return nil
}

// kind tells what a program is where cilium/ebpf does not know it.
func (a *adapter) kind(p *elfobj.Func, what names.Section) {
	if slices.Contains(untargeted, what.Name) {
		a.cannot(p.Name, "cilium/ebpf does not look for the target of the section %s", p.Section)
	}
	if !slices.Contains(unknown, what.Name) {
		return
	}
	k := Kind{Program: p.Name, Type: uint32(what.Type), To: what.Rest}
	if what.Attaches {
		k.Attach = uint32(what.Attach)
	}
	if what.Sleepable {
		k.Flags |= sleepableFlag
	}
	if what.Frags {
		k.Flags |= fragsFlag
	}
	a.Kinds = append(a.Kinds, k)
}

// wants reports whether a program is loaded unless something else is said: a function of structs if one of
// these is, others as their sections say.
func (a *adapter) wants(p *elfobj.Func) bool {
	what, ok := names.ParseSection(p.Section)
	if ok && what.Type == structOpsType {
		known := false
		for _, m := range a.o.Maps {
			if m.Kind != elfobj.StructOps || !slices.ContainsFunc(m.Slots, func(s elfobj.Slot) bool { return s.Func == p }) {
				continue
			}
			if known = true; m.Section[0] != '?' {
				return true
			}
		}
		if known {
			return false
		}
	}
	return p.Autoload()
}

// instructions looks for what cilium/ebpf does not write as it has read it.
func (a *adapter) instructions(p *elfobj.Func, part elfobj.Placed) {
	const moves = 0xb7 // BPF_ALU64 | BPF_MOV, but for the source, which is a register or not
	for at := 0; at+bytecode.Size <= len(part.Code); at += bytecode.Size {
		b := part.Code[at:]
		switch off := a.o.Order.Uint16(b[2:]); {
		case b[0] == wideCode:
			at += bytecode.Size
		case b[0]&^0x0c == moves&^0x0c && off != 0 && off != 8 && off != 16 && off != 32:
			a.cannot(p.Name, "it casts pointers between address spaces, and cilium/ebpf forgets that")
		}
	}
	for _, r := range part.Relocs {
		switch {
		case r.Kind == elfobj.ToTable:
			a.cannot(p.Name, "it jumps by a table of instructions, which cilium/ebpf does not know")
		case r.Map != nil && a.objectsIn(r.Map) > 0:
			a.cannot(p.Name, "map %s has objects that programs make: the kernel wants types of both in one BTF, cilium/ebpf makes one for each", r.Map.Name)
		}
	}
}

// Codes of instructions.
const (
	wideCode = 0x18 // loads 64 bits
	zeroCode = 0xb7 // sets a register to a number
)

// functions gives all functions names of their own, and what is between them as well: cilium/ebpf counts
// instructions of a section without what has no name, and what .BTF.ext says of them with it.
func (a *adapter) functions() error {
	taken := make(map[string]bool)
	for _, s := range a.f.Symbols {
		taken[s.Name] = taken[s.Name] || s.Bind != elf.STB_LOCAL
	}
	for i, s := range a.f.Sections {
		if !isCode(s) {
			continue
		}
		list := a.functionsOf(i)
		a.rename(list, taken)
		a.fillGaps(i, list, taken)
		for n, x := range list {
			if n > 0 && list[n-1].Value == x.Value {
				a.cannot(x.Name, "function %s is at the same place", list[n-1].Name)
			}
		}
	}
	for _, f := range a.o.Funcs {
		if f.Hidden && !f.Static {
			a.hide(f)
		}
	}
	return nil
}

// functionsOf returns the symbols of the functions of a section, by offset.
func (a *adapter) functionsOf(section int) (list []*elffile.Symbol) {
	for _, s := range a.f.Symbols {
		if s.Section == section && s.Type == elf.STT_FUNC {
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, byOffset)
	return list
}

// rename gives static functions that share a name others, and notes those that cilium/ebpf takes for
// programs.
func (a *adapter) rename(list []*elffile.Symbol, taken map[string]bool) {
	for _, s := range list {
		if s.Bind != elf.STB_LOCAL {
			continue
		}
		if taken[s.Name] {
			before := s.Name
			s.Name = free(before, taken)
			a.change(before, "it is called %s, as another function has its name", s.Name)
		}
		taken[s.Name] = true
		a.function(s)
	}
}

// free returns a name that nothing has.
func free(name string, taken map[string]bool) string {
	for i := 1; ; i++ {
		if other := fmt.Sprintf("%s.%d", name, i); !taken[other] {
			return other
		}
	}
}

// function notes a function that is no program, if cilium/ebpf takes it for one.
func (a *adapter) function(s *elffile.Symbol) {
	if a.f.Sections[s.Section].Name != textSection || slices.ContainsFunc(a.o.Programs, func(p *elfobj.Func) bool { return p.Catch != nil }) {
		a.Functions = append(a.Functions, s.Name)
	}
}

// fillGaps makes functions of what is before and between those of a section. Nothing calls it: it is what
// linkers have left.
func (a *adapter) fillGaps(section int, list []*elffile.Symbol, taken map[string]bool) {
	end := uint64(0)
	gap := func(to uint64) {
		s := &elffile.Symbol{Name: free(a.f.Sections[section].Name, taken), Bind: elf.STB_LOCAL, Type: elf.STT_FUNC, Section: section, Value: end, Size: to - end}
		taken[s.Name] = true
		a.f.Symbols = append(a.f.Symbols, s)
		a.clearGap(section, end, to)
		a.function(s)
		a.change(a.f.Sections[section].Name, "%d bytes at %d, which belong to no function, have got a name", to-end, end)
	}
	for _, s := range list {
		if s.Value > end {
			gap(s.Value)
		}
		end = max(end, s.Value+s.Size)
	}
	if size := a.f.Sections[section].Size / bytecode.Size * bytecode.Size; end == 0 && size > 0 {
		gap(size)
	}
}

// clearGap replaces instructions, so that nothing is to be relocated there.
func (a *adapter) clearGap(section int, from, to uint64) {
	data := a.edit(section)[from:to]
	clear(data)
	for at := 0; at < len(data); at += bytecode.Size {
		data[at] = zeroCode
	}
	if rels := a.f.RelocsOf(section); rels != nil {
		rels.Relocs = slices.DeleteFunc(slices.Clone(rels.Relocs), func(r elffile.Reloc) bool { return r.Offset >= from && r.Offset < to })
	}
}

// hide makes a function static for the verifier, which looks at it then for each call, not once for all.
// libbpf does so when it loads the types.
func (a *adapter) hide(f *elfobj.Func) {
	id, ok := f.Type()
	if !ok || a.types.Shape(id).Linkage() == btf.Static {
		return
	}
	a.types.SetLinkage(id, btf.Static)
	a.change(f.Name, "it is static for the verifier, as other objects do not see it")
}

// essential returns a name without what makes it a flavour.
func essential(name string) string {
	if i := strings.LastIndex(name, "___"); i > 0 {
		return name[:i]
	}
	return name
}
