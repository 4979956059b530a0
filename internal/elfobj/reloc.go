package elfobj

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// A RelocKind says what an instruction refers to.
type RelocKind uint8

// The kinds of relocations.
const (
	ToMap    RelocKind = iota // loads the address of a map
	ToValue                   // loads the address of a variable: a place in the value of a map, or in an arena
	ToCall                    // calls a function of the object
	ToFunc                    // loads the address of a function of the object
	ToExtern                  // loads the address of an extern, or for a setting of its place in their map
	ToKfunc                   // calls a function of the kernel
	ToTable                   // loads the address of a table of instructions, to jump to one of them
)

// A Reloc says what an instruction of a function refers to.
type Reloc struct {
	Insn   int // number in the function
	Kind   RelocKind
	Map    *Map    // ToMap, ToValue
	Func   *Func   // ToCall, ToFunc
	Extern *Extern // ToExtern, ToKfunc
	Table  []int   // ToTable: the numbers of the instructions in the function
	Offset int64   // ToValue: where the value has the variable, in bytes; ToExtern: what is added
}

// A rel is a relocation as the file has it.
type rel struct {
	offset uint64 // bytes in the section
	symbol *symbol
}

// relocsOf returns the relocations of a section, by offset.
func (f *file) relocsOf(s *section) ([]rel, error) {
	at, ok := f.relocs[s.index]
	if !ok {
		return nil, nil
	}
	table := f.sections[at]
	if table.size%relocLen != 0 {
		return nil, fmt.Errorf("section %s: %d bytes, which is no multiple of %d", table.name, table.size, relocLen)
	}
	list := make([]rel, table.size/relocLen)
	for i := range list {
		b := table.data[i*relocLen:]
		n := f.order.Uint64(b[8:]) >> 32
		if n >= uint64(len(f.symbols)) {
			return nil, fmt.Errorf("section %s: relocation %d: symbol %d of %d", table.name, i, n, len(f.symbols))
		}
		list[i] = rel{f.order.Uint64(b), &f.symbols[n]}
	}
	slices.SortStableFunc(list, func(a, b rel) int { return cmp.Compare(a.offset, b.offset) })
	return list, nil
}

// readRelocs finds what the instructions of all functions refer to.
func (r *reader) readRelocs() error {
	bySection := make(map[int][]rel)
	all := slices.Concat(r.object.Programs, r.object.Funcs)
	for _, f := range all {
		if r.funcs[f.place()] != f {
			continue // another name of the same
		}
		rels, ok := bySection[f.section]
		if !ok {
			var err error
			if rels, err = r.relocsOf(&r.sections[f.section]); err != nil {
				return err
			}
			bySection[f.section] = rels
		}
		if err := r.relocate(f, rels); err != nil {
			return err
		}
	}
	for _, f := range all {
		f.Relocs = r.funcs[f.place()].Relocs
	}
	return nil
}

// relocate finds what the instructions of one function refer to. rels are those of
// its section.
func (r *reader) relocate(f *Func, rels []rel) error {
	start, _ := slices.BinarySearchFunc(rels, f.Offset, func(x rel, off uint64) int { return cmp.Compare(x.offset, off) })
	rels = rels[start:]
	for at := 0; at < len(f.Code); at += insnLen {
		in := insn{f.Code[at:], r.order}
		var to *symbol
		for len(rels) > 0 && rels[0].offset < f.Offset+uint64(at)+insnLen {
			if to != nil || rels[0].offset != f.Offset+uint64(at) {
				return f.wrong(at, errors.New("a relocation is within it, or two are for it"))
			}
			to, rels = rels[0].symbol, rels[1:]
		}
		reloc, err := r.resolve(f, at, in, to)
		if err != nil {
			return f.wrong(at, err)
		}
		if reloc != nil {
			reloc.Insn = at / insnLen
			f.Relocs = append(f.Relocs, *reloc)
		}
		if in.wide() {
			if at += insnLen; at == len(f.Code) {
				return f.wrong(at-insnLen, errors.New("half of an instruction ends the function"))
			}
		}
	}
	return nil
}

// wrong says where an error is: at an offset in the function, in bytes.
func (f *Func) wrong(at int, err error) error {
	return fmt.Errorf("section %s: function %s: instruction %d: %w", f.Section, f.Name, at/insnLen, err)
}

// resolve tells what the instruction at an offset of f refers to. to is the symbol
// of its relocation, or nil. The result is nil if it refers to nothing.
func (r *reader) resolve(f *Func, at int, in insn, to *symbol) (*Reloc, error) {
	switch {
	case to == nil && in.calls():
		// Within a section there is nothing to relocate: functions keep their distance.
		return r.toFunc(ToCall, f.section, int64(f.Offset)+int64(at)+(int64(in.imm())+1)*insnLen)
	case to == nil:
		return nil, nil
	case !in.calls() && !in.wide():
		return nil, fmt.Errorf("symbol %s: code %#02x cannot be relocated", r.title(*to), in.code())
	case to.section == 0:
		return r.toExtern(in, to)
	case !r.defined(*to):
		return nil, fmt.Errorf("symbol %s: in special section %#x", to.name, to.section)
	}
	offset := int64(to.value) + int64(in.imm())
	switch r.roles[to.section] {
	case codeRole:
		if in.calls() {
			return r.toFunc(ToCall, to.section, int64(to.value)+(int64(in.imm())+1)*insnLen)
		}
		return r.toFunc(ToFunc, to.section, offset)
	case definedRole, legacyRole:
		if m := r.defs[place{to.section, uint64(offset)}]; m != nil && in.wide() {
			return &Reloc{Kind: ToMap, Map: m}, nil
		}
	case jumpsRole:
		if in.wide() {
			table, err := r.readTargets(f, to)
			return &Reloc{Kind: ToTable, Table: table}, err
		}
	case dataRole, rodataRole, bssRole, percpuRole, arenaRole:
		if m := r.areas[to.section]; m != nil && in.wide() {
			return &Reloc{Kind: ToValue, Map: m, Offset: offset}, nil
		}
	}
	return nil, fmt.Errorf("symbol %s: nothing that code %#02x can use is at %d of section %s", r.title(*to), in.code(), offset, r.sections[to.section].name)
}

func (r *reader) toFunc(kind RelocKind, section int, offset int64) (*Reloc, error) {
	f := r.funcs[place{section, uint64(offset)}]
	if f == nil {
		return nil, fmt.Errorf("no function at %d of section %s", offset, r.sections[section].name)
	}
	return &Reloc{Kind: kind, Func: f}, nil
}

func (r *reader) toExtern(in insn, to *symbol) (*Reloc, error) {
	e := r.externs[to.name]
	switch {
	case e == nil:
		return nil, fmt.Errorf("symbol %q is not defined", to.name)
	case in.wide():
		return &Reloc{Kind: ToExtern, Extern: e, Offset: int64(in.imm())}, nil
	case e.Kind == Kfunc || e.Kind == Undeclared:
		return &Reloc{Kind: ToKfunc, Extern: e}, nil
	}
	return nil, fmt.Errorf("symbol %s: called, but declared as a variable", to.name)
}
