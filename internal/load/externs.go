package load

import (
	"errors"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/kallsyms"
)

// externs are what an object uses of the kernel, as it was found there.
type externs struct {
	settings []byte // the value of the map of settings, of the object's byte order
	addrs    map[*elfobj.Extern]uint64
	typed    map[*elfobj.Extern]found // variables and functions of which the kernel tells the type
}

// has reports whether the kernel has an extern that is no setting.
func (x *externs) has(e *elfobj.Extern) bool {
	_, typed := x.typed[e]
	return typed || x.addrs[e] != 0
}

// findExterns finds what an object uses of the kernel.
func (k *kernel) findExterns(o *elfobj.Object) (*externs, error) {
	x := &externs{addrs: make(map[*elfobj.Extern]uint64), typed: make(map[*elfobj.Extern]found)}
	var settings, addrs []*elfobj.Extern
	for _, e := range o.Externs {
		switch {
		case e.Kind == elfobj.Undeclared:
			return nil, fmt.Errorf("extern %s: nothing says its type: neither __kconfig nor __ksym", e.Name)
		case e.Kind == elfobj.Setting:
			settings = append(settings, e)
		case e.Kind == elfobj.Ksym && e.Type == 0:
			addrs = append(addrs, e)
		default:
			if err := x.findTyped(k, o, e); err != nil {
				return nil, err
			}
		}
	}
	if err := x.findAddrs(addrs); err != nil {
		return nil, err
	}
	var err error
	x.settings, err = readSettings(o, settings)
	return x, err
}

// findTyped finds a variable or function by its name and type.
func (x *externs) findTyped(k *kernel, o *elfobj.Object, e *elfobj.Extern) error {
	kind, what := btf.Var, "variable"
	if e.Kind == elfobj.Kfunc {
		kind, what = btf.Func, "function"
	}
	f, ok, err := k.find(core.Essential(e.Name), kind, "")
	switch {
	case err != nil && !e.Weak:
		return fmt.Errorf("extern %s: %w", e.Name, err)
	case err != nil || !ok && e.Weak:
		return nil
	case !ok:
		return fmt.Errorf("extern %s: neither the kernel nor a module has a %s of that name", e.Name, what)
	}
	spec := k.spec(f)
	same, err := core.Agree(o.BTF, e.Type, spec, spec.Shape(f.id).Ref())
	if err != nil {
		return fmt.Errorf("extern %s: %w", e.Name, err)
	}
	if !same {
		if e.Weak && e.Kind == elfobj.Kfunc {
			return nil
		}
		return fmt.Errorf("extern %s: the kernel's %s of that name has another type", e.Name, what)
	}
	x.typed[e] = f
	return nil
}

// findAddrs finds the addresses of symbols.
func (x *externs) findAddrs(list []*elfobj.Extern) error {
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
		x.addrs[e] = addr
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
