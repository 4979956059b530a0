package load

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/kallsyms"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// symbols are what an object finds in the kernel by name. What is not there is missing.
type symbols struct {
	settings []byte // the value of the map of settings, of the object's byte order
	addrs    map[*elfobj.Extern]uint64
	typed    map[*elfobj.Extern]found // variables and functions of which the kernel tells the type
	targets  map[*elfobj.Func]found   // what programs are attached to
	structs  map[string]found         // the structs around structs of functions, by the names of these
}

// find finds what an object needs by name.
func (l *loader) find() error {
	n := &symbols{
		addrs: make(map[*elfobj.Extern]uint64), typed: make(map[*elfobj.Extern]found),
		targets: make(map[*elfobj.Func]found), structs: make(map[string]found),
	}
	l.symbols = n
	var settings, addrs []*elfobj.Extern
	for _, e := range l.object.Externs {
		switch {
		case e.Kind == elfobj.Setting:
			settings = append(settings, e)
		case e.Kind == elfobj.Ksym && e.Type == 0:
			addrs = append(addrs, e)
		}
	}
	if err := l.findTyped(); err != nil {
		return err
	}
	if err := n.findAddrs(addrs); err != nil {
		return err
	}
	var err error
	n.settings, err = readSettings(l.object, settings)
	return err
}

// findTyped finds what the types of the kernel have.
func (l *loader) findTyped() error {
	if !l.asksNames() {
		return nil
	}
	list, err := l.kernel.symbols(l.object)
	if err != nil {
		return err
	}
	for _, s := range list {
		if !l.needs(s) {
			continue
		}
		if s.Answer != verdict.Yes {
			return symbolError(s)
		}
		if s.Type != 0 {
			l.note(s)
		}
	}
	return nil
}

// asksNames reports whether an object asks for anything that only the types of the kernel tell:
// reading them takes the most time of many a load.
func (l *loader) asksNames() bool {
	return slices.ContainsFunc(l.object.Externs, func(e *elfobj.Extern) bool {
		return e.Kind == elfobj.Kfunc || e.Kind == elfobj.Undeclared || e.Kind == elfobj.Ksym && e.Type != 0
	}) || slices.ContainsFunc(l.Programs, l.asksName) ||
		slices.ContainsFunc(l.object.Maps, func(m *elfobj.Map) bool { return m.Kind == elfobj.StructOps && !skipped(m) })
}

// needs reports whether an object cannot be loaded without a symbol: programs and maps that are
// left out need nothing. Externs are looked for in any case.
func (l *loader) needs(s core.Symbol) bool {
	switch s.Kind {
	case core.AttachTarget:
		return slices.ContainsFunc(l.Programs, func(p *Program) bool { return p.Func == s.Program && l.asksName(p) })
	case core.FuncStruct:
		return !s.Optional
	}
	return true
}

// note keeps what was found.
func (l *loader) note(s core.Symbol) {
	f := l.kernel.found(s)
	switch s.Kind {
	case core.AttachTarget:
		l.symbols.targets[s.Program] = f
	case core.FuncStruct:
		l.symbols.structs[s.Name] = f
	default:
		for _, e := range l.object.Externs {
			if e.Name == s.Name {
				l.symbols.typed[e] = f
			}
		}
	}
}

// symbolError says why a symbol cannot be used.
func symbolError(s core.Symbol) error {
	text := fmt.Sprintf("%s %s", s.Kind, render.Printable(s.Name))
	if s.Program != nil {
		text = fmt.Sprintf("program %s: ", render.Printable(s.Program.Name)) + text
	}
	if s.Reason == nil {
		return errors.New(text + ": the kernel does not have it")
	}
	return hinted(fmt.Errorf("%s: %s%s", text, render.Printable(s.Reason.Cause), place(s.Line)), s.Reason.Help)
}

// findAddrs finds the addresses of symbols.
func (n *symbols) findAddrs(list []*elfobj.Extern) error {
	if len(list) == 0 {
		return nil
	}
	wanted := make(map[string]bool, len(list))
	for _, e := range list {
		wanted[e.Name] = true
	}
	addrs, err := kallsyms.Addresses(wanted)
	if err != nil {
		return fmt.Errorf("extern %s: %w", list[0].Name, err)
	}
	for _, e := range list {
		addr, err := theAddress(addrs[e.Name])
		if err != nil && !(e.Weak && err == errNoSymbol) {
			return fmt.Errorf("extern %s: %w", e.Name, err)
		}
		n.addrs[e] = addr
	}
	return nil
}

// theAddress returns the one address that a name stands for.
func theAddress(addrs []uint64) (uint64, error) {
	switch {
	case len(addrs) == 0:
		return 0, errNoSymbol
	case len(addrs) > 1:
		return 0, fmt.Errorf("the kernel has %d symbols of that name", len(addrs))
	case addrs[0] == 0:
		return 0, errors.New("the kernel does not show addresses (sysctl kernel.kptr_restrict)")
	}
	return addrs[0], nil
}

var errNoSymbol = errors.New("the kernel has no symbol of that name")

// structOf returns a struct of functions as the kernel has it, which is within another one.
func (l *loader) structOf(name string) (inner, outer found, err error) {
	outer, ok := l.symbols.structs[name]
	if !ok {
		return inner, outer, fmt.Errorf("the kernel has no struct_ops of the type %s", name)
	}
	spec := l.kernel.spec(outer)
	around := spec.Shape(outer.id)
	for i := range around.Len() {
		id := around.Place(i).Type
		if t, err := spec.Type(id); err == nil && t.Kind == btf.Struct && t.Name == name {
			return found{id, outer.module}, outer, nil
		}
	}
	return inner, outer, fmt.Errorf("struct bpf_struct_ops_%s of the kernel has no struct %s", name, name)
}
