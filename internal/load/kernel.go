package load

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// A kernel is the running one as objects ask for it. Each part is read when it is first
// needed.
type kernel struct {
	types   func() (*btf.Spec, error)
	modules func() ([]*module, error)
	opened  []*module

	running func() (*core.Target, error) // for looking up names, without modules
	whole   func() (*core.Target, error) // with all of them
	plain   func() (*core.Target, error) // for relocations, without modules
	full    func() (*core.Target, error) // with those that there are
}

// A module is one whose types the kernel has.
type module struct {
	name string
	spec *btf.Spec
	fd   bpf.FD
}

// newKernel returns the running kernel. Relocations are by the types in a file instead of its
// own if there is a path.
func newKernel(path string) *kernel {
	k := &kernel{}
	k.types = sync.OnceValues(func() (*btf.Spec, error) { return pick.ReadKernelBTF(0) })
	k.modules = sync.OnceValues(k.readModules)
	k.running = sync.OnceValues(func() (*core.Target, error) { return targetOf(k.types()) })
	k.whole = sync.OnceValues(k.withModules)
	k.plain, k.full = k.running, func() (*core.Target, error) {
		if list, err := k.modules(); err != nil || len(list) == 0 {
			return k.running() // there is nothing more to be found
		}
		return k.whole()
	}
	if path != "" {
		k.plain = sync.OnceValues(func() (*core.Target, error) { return targetOf(btf.Open(path, nil)) })
		k.full = k.plain
	}
	return k
}

func targetOf(spec *btf.Spec, err error) (*core.Target, error) {
	if err != nil {
		return nil, fmt.Errorf("types of the kernel: %w", err)
	}
	return core.NewTarget(spec, nil), nil
}

// withModules returns the types of the kernel and all of its modules.
func (k *kernel) withModules() (*core.Target, error) {
	running, err := k.running()
	if err != nil {
		return nil, err
	}
	list, err := k.modules()
	if err != nil || list == nil {
		return running, err
	}
	modules := make([]core.Module, len(list))
	for i, m := range list {
		modules[i] = core.Module{Name: m.name, Spec: m.spec}
	}
	return running.With(modules), nil
}

// readModules reads the types of all modules. The list is nil for those who may not see them, and
// empty if there are none.
func (k *kernel) readModules() ([]*module, error) {
	base, err := k.types()
	if err != nil {
		return nil, err
	}
	k.opened = []*module{}
	for id, err := range bpf.IDs(bpf.BTF) {
		if errors.Is(err, unix.EPERM) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("types of modules: %w", err)
		}
		m, err := readModule(id, base)
		if errors.Is(err, unix.ENOENT) { // it has just gone
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("types of modules: %w", err)
		}
		if m != nil {
			k.opened = append(k.opened, m)
		}
	}
	return k.opened, nil
}

// readModule reads the types that the kernel has under an ID, nil if they are no module's.
func readModule(id uint32, base *btf.Spec) (*module, error) {
	fd, err := bpf.Open(bpf.BTF, id)
	if err != nil {
		return nil, err
	}
	info, err := bpf.ReadBTFInfo(fd)
	if err != nil || !info.Kernel || info.Name == "vmlinux" {
		fd.Close()
		return nil, err
	}
	_, data, err := bpf.ReadBTF(fd)
	if err == nil {
		var spec *btf.Spec
		if spec, err = btf.Parse(data, base); err == nil {
			return &module{info.Name, spec, fd}, nil
		}
	}
	fd.Close()
	return nil, fmt.Errorf("module %s: %w", info.Name, err)
}

// A found is a type of the kernel or, if it is not nil, of one of its modules.
type found struct {
	id     btf.ID
	module *module
}

// obj is the descriptor that goes with the type's ID: 0 for those of the kernel itself.
func (f found) obj() bpf.FD {
	if f.module == nil {
		return 0
	}
	return f.module.fd
}

// symbols looks for what an object needs to find by name. Modules are only looked at if the
// kernel itself has not all of it.
func (k *kernel) symbols(o *elfobj.Object) ([]core.Symbol, error) {
	running, err := k.running()
	if err != nil {
		return nil, err
	}
	list := core.Symbols(o, running)
	if !slices.ContainsFunc(list, func(s core.Symbol) bool { return s.Type == 0 }) {
		return list, nil
	}
	whole, err := k.whole()
	if err != nil {
		return nil, err
	}
	return core.Symbols(o, whole), nil
}

// found returns what a symbol stands for, which is there.
func (k *kernel) found(s core.Symbol) found {
	for _, m := range k.opened {
		if m.name == s.Module {
			return found{s.Type, m}
		}
	}
	return found{id: s.Type}
}

// spec returns the types that a found type is of.
func (k *kernel) spec(f found) *btf.Spec {
	if f.module != nil {
		return f.module.spec
	}
	spec, _ := k.types() // in which it was found
	return spec
}

// close lets go of the modules.
func (k *kernel) close() {
	for _, m := range k.opened {
		m.fd.Close()
	}
}
