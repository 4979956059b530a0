package survey

import (
	"errors"
	"os"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// A model is what the types of a kernel tell of what it can do. They are a picture of its source as it was
// configured: its enumerations have all that the source knows, and a function is there only if it was built in.
type model struct {
	why       string                      // it is empty, if it is
	none      bool                        // the kernel has no types, rather than none that can be read
	enums     map[string]map[int64]string // names by numbers, by the name of the enumeration
	constants map[string]bool             // of enumerations without a name
	funcs     map[string]bool
	structs   map[string]bool   // whose names begin with [structOps]
	modules   map[string]string // functions that modules have which are loaded, with one that has it
	loads     bool              // modules may be loaded
	contexts  map[string]bool   // members of the struct [contexts]; nil if there is none
}

// newModel reads the types of a kernel, or notes why there are none.
func newModel(spec *btf.Spec, modules pick.Modules, err error) *model {
	if spec == nil {
		return &model{why: "the kernel's types cannot be read: " + names.Reason(err), none: errors.Is(err, os.ErrNotExist)}
	}
	m := &model{enums: make(map[string]map[int64]string), constants: make(map[string]bool), funcs: make(map[string]bool), structs: make(map[string]bool), modules: make(map[string]string)}
	m.loads = modules.Loads
	m.readModules(modules.Loaded)
	for id := spec.First(); id < spec.Len(); id++ {
		switch kind := spec.Kind(id); kind {
		case btf.Func, btf.Enum, btf.Enum64, btf.Struct:
			t, err := spec.Type(id)
			switch {
			case err != nil:
			case kind == btf.Func:
				m.funcs[t.Name] = true
			case kind != btf.Struct:
				m.enum(t)
			case strings.HasPrefix(t.Name, structOps):
				m.structs[t.Name] = true
			case t.Name == contexts:
				m.contexts = make(map[string]bool)
				for i := range t.Len() {
					m.contexts[t.Member(i).Name] = true
				}
			}
		}
	}
	return m
}

// enum reads an enumeration, without the name of its end.
func (m *model) enum(t btf.Type) {
	if t.Name != "" && !strings.HasPrefix(t.Name, "bpf_") {
		return
	}
	found := make(map[int64]string)
	for i := range t.Len() {
		switch e := t.Enumerator(i); {
		case strings.HasPrefix(e.Name, "__"), strings.HasPrefix(e.Name, "MAX_"): // the end
		case t.Name == "":
			m.constants[e.Name] = true
		default:
			found[int64(e.Value)] = e.Name
		}
	}
	if t.Name != "" && m.enums[t.Name] == nil {
		m.enums[t.Name] = found
	}
}

// readModules reads the functions of modules.
func (m *model) readModules(modules []pick.Module) {
	for _, mod := range modules {
		for id := mod.Spec.First(); id < mod.Spec.Len(); id++ {
			if mod.Spec.Kind(id) != btf.Func {
				continue
			}
			if t, err := mod.Spec.Type(id); err == nil {
				m.modules[t.Name] = mod.Name
			}
		}
	}
}
