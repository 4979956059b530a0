package elfobj

import (
	"cmp"
	"debug/elf"
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// insnLen is the length of an instruction in bytes. One that loads 64 bits has
// two of them.
const insnLen = 8

// A Func is a function: a program, or one that programs call.
//
// All functions of the section ".text" are for programs to call, as are those of
// other sections that are static. libbpf refuses to load an object with the
// latter. All others are programs.
type Func struct {
	Name    string
	Section string // with the "?" in front if there is one
	Offset  uint64 // of the first instruction in the section, in bytes
	Code    []byte // instructions as in the file

	Relocs []Reloc    // by instruction; one for each call of a function
	Info   []FuncInfo // a single one, or none without types; instructions are counted from the function's start, as in what follows
	Lines  []Line
	CORE   []CORERelo

	// Catch is the function that handles what a program throws (bpf_throw), as a tag of its
	// declaration says; nil if it has none of its own.
	Catch *Func

	Program bool
	Static  bool
	Weak    bool
	Hidden  bool // other objects do not see it

	section int
}

// Autoload reports whether a program is loaded unless something else is said: not
// if its section's name starts with "?".
func (f *Func) Autoload() bool { return !strings.HasPrefix(f.Section, "?") }

// Type returns the type of f, a Func of BTF, and whether it is known.
func (f *Func) Type() (btf.ID, bool) {
	if len(f.Info) == 0 || f.Info[0].Insn != 0 {
		return 0, false
	}
	return f.Info[0].Type, true
}

func (f *Func) place() place { return place{f.section, f.Offset} }

// readFuncs finds the functions by their symbols.
func (r *reader) readFuncs() error {
	var list []*Func
	for i := range r.symbols {
		s := &r.symbols[i]
		if s.kind != elf.STT_FUNC || !r.defined(*s) || r.roles[s.section] != codeRole {
			continue
		}
		f, err := r.newFunc(s)
		if err != nil {
			return err
		}
		list = append(list, f)
	}
	slices.SortStableFunc(list, func(a, b *Func) int {
		return cmp.Or(cmp.Compare(a.section, b.section), cmp.Compare(a.Offset, b.Offset))
	})
	for i, f := range list {
		if err := r.addFunction(f, list[:i]); err != nil {
			return err
		}
	}
	return nil
}

// newFunc makes a function of its symbol.
func (r *reader) newFunc(s *symbol) (*Func, error) {
	sec := &r.sections[s.section]
	switch {
	case s.value%insnLen != 0 || s.size%insnLen != 0 || s.size == 0:
		return nil, fmt.Errorf("section %s: function %s: %d bytes at %d, want instructions of %d bytes", sec.name, s.name, s.size, s.value, insnLen)
	case s.value > sec.size || s.size > sec.size-s.value:
		return nil, fmt.Errorf("section %s: function %s: %d bytes at %d, but the section ends at %d", sec.name, s.name, s.size, s.value, sec.size)
	}
	return &Func{
		Name: s.name, Section: sec.name, Offset: s.value, Code: sec.data[s.value:][:s.size:s.size],
		Program: sec.name != textSection && s.bind != localSymbol,
		Static:  s.bind == localSymbol, Weak: s.bind == weakSymbol, Hidden: s.hidden,
		section: s.section,
	}, nil
}

// addFunction adds a function to those before it.
func (r *reader) addFunction(f *Func, before []*Func) error {
	at := f.place()
	if twin := r.funcs[at]; twin != nil && len(twin.Code) == len(f.Code) {
		f.Info, f.Lines, f.CORE = twin.Info, twin.Lines, twin.CORE // another name of the same
	} else {
		if n := len(before); n > 0 {
			if last := before[n-1]; last.section == f.section && f.Offset < last.Offset+uint64(len(last.Code)) {
				return fmt.Errorf("section %s: function %s at %d is within function %s", f.Section, f.Name, f.Offset, last.Name)
			}
		}
		r.funcs[at] = f
		r.cutTo(f)
	}
	if f.Program {
		r.object.Programs = append(r.object.Programs, f)
	} else {
		r.object.Funcs = append(r.object.Funcs, f)
	}
	return nil
}

// cutTo gives a function those records of its section that are for it.
func (r *reader) cutTo(f *Func) {
	list := r.says[f.section]
	if list == nil {
		return
	}
	first, n := int(f.Offset/insnLen), len(f.Code)/insnLen
	f.Info = cutRecords(list.Funcs, func(x *FuncInfo) *int { return &x.Insn }, first, n)
	f.Lines = cutRecords(list.Lines, func(x *Line) *int { return &x.Insn }, first, n)
	f.CORE = cutRecords(list.CORE, func(x *CORERelo) *int { return &x.Insn }, first, n)
}

// catchTag is the start of the tag that names the function that handles exceptions.
const catchTag = "exception_callback:"

// readCatches finds the functions that handle what programs throw.
func (r *reader) readCatches() error {
	spec := r.object.BTF
	if spec == nil {
		return nil
	}
	byType := make(map[btf.ID][]*Func)
	byName := make(map[string]*Func)
	for _, f := range r.object.Programs {
		if id, ok := f.Type(); ok {
			byType[id] = append(byType[id], f)
		}
	}
	for _, f := range r.object.Funcs {
		if !f.Static {
			byName[f.Name] = f
		}
	}
	for id := btf.ID(1); id < spec.Len(); id++ {
		if spec.Kind(id) != btf.DeclTag || byType[spec.Shape(id).Ref()] == nil {
			continue
		}
		t, err := r.typ(id)
		if err != nil {
			return err
		}
		name, ok := strings.CutPrefix(t.Name, catchTag)
		if !ok || t.Component() != -1 {
			continue
		}
		for _, f := range byType[t.Ref()] {
			if f.Catch = byName[name]; f.Catch == nil {
				return fmt.Errorf("program %s: there is no global function %s for its exceptions", f.Name, name)
			}
		}
	}
	return nil
}
