package object

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// kernelTypes are the types of a kernel, and those of modules, from files.
type kernelTypes struct {
	path    string // of the kernel's
	spec    *btf.Spec
	modules []core.Module
	target  *core.Target
}

// openTargets reads kernels' types, and after each those of its modules. base, if it is not
// nil, is the kernel of modules that come first. Without paths they are those of the running
// kernel.
func openTargets(paths []string, base *btf.Spec) ([]*kernelTypes, error) {
	if len(paths) == 0 {
		return openRunning()
	}
	var list []*kernelTypes
	for _, path := range paths {
		spec, err := btf.Open(path, nil)
		split := errors.Is(err, btf.ErrNoBase) || err == nil && spec.First() > 1
		if err != nil && !split {
			return nil, opening(path, err)
		}
		if !split {
			list = append(list, &kernelTypes{path: path, spec: spec})
			continue
		}
		if list == nil {
			if base == nil {
				return nil, fmt.Errorf("%s: the types of a module: name those of its kernel first", path)
			}
			list = append(list, &kernelTypes{path: path, spec: base})
		}
		if err := list[len(list)-1].add(path); err != nil {
			return nil, opening(path, err)
		}
	}
	for _, t := range list {
		t.target = core.NewTarget(t.spec, t.modules)
	}
	return list, nil
}

// add adds a module.
func (t *kernelTypes) add(path string) error {
	spec, err := btf.Open(path, t.spec)
	if err != nil {
		return err
	}
	name := filepath.Base(path)
	t.modules = append(t.modules, core.Module{Name: name[:len(name)-len(filepath.Ext(name))], Spec: spec})
	return nil
}

// openRunning reads the types of the running kernel and of its modules, which are beside
// them.
func openRunning() ([]*kernelTypes, error) {
	spec, err := btf.Open(pick.KernelTypes, nil)
	if err != nil {
		return nil, opening(pick.KernelTypes, err)
	}
	t := &kernelTypes{path: pick.KernelTypes, spec: spec}
	files, err := os.ReadDir(filepath.Dir(pick.KernelTypes))
	if err != nil {
		return nil, opening(filepath.Dir(pick.KernelTypes), err)
	}
	for _, f := range files {
		path := filepath.Join(filepath.Dir(pick.KernelTypes), f.Name())
		if path == pick.KernelTypes {
			continue
		}
		if err := t.add(path); err != nil && !errors.Is(err, os.ErrNotExist) { // it has just been unloaded
			return nil, opening(path, err)
		}
	}
	t.target = core.NewTarget(spec, t.modules)
	return []*kernelTypes{t}, nil
}
