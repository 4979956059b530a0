package object

import (
	"fmt"
	"slices"

	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
)

// open reads an ELF object.
func open(path string) (*elfobj.Object, error) {
	o, err := elfobj.Open(path)
	if err != nil {
		return nil, opening(path, err)
	}
	return o, nil
}

// opening says which file could not be opened, and why.
func opening(path string, err error) error { return fmt.Errorf("%s: %s", path, names.Reason(err)) }

// evaluate returns the relocations of a program, or of a function that none calls alone.
func evaluate(o *elfobj.Object, f *elfobj.Func, target *core.Target) []core.Result {
	list := core.Evaluate(o, f, target)
	if f.Program {
		return list
	}
	return slices.DeleteFunc(list, func(r core.Result) bool { return r.Func != f })
}
