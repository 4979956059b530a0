package probe

import (
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A kernelTypes is what the kernel's types have that programs are attached to, or refer to.
type kernelTypes struct {
	*btf.Spec
	funcs     map[string]btf.ID // those that are asked about
	ops       []structType
	kfuncs    []Kfunc
	variables []btf.ID // some of each CPU
	iters     []string
	raw       []btf.ID // some tracepoints
}

// A structType is a struct whose functions programs can be.
type structType struct {
	name      string
	id, value btf.ID // its own, and of what is the value in a map
	size      uint32 // of the value, in bytes
	members   []btf.ID
}

// The functions that programs are attached to: such as are there to be tested, and a few that have been there
// for long, and may fail on purpose.
var traced = strings.Fields(`bpf_fentry_test1 bpf_modify_return_test __x64_sys_getpgid __arm64_sys_getpgid
	__s390x_sys_getpgid __se_sys_getpgid should_failslab should_fail_alloc_page security_file_open vfs_open`)

// some are enough of what is tried one after the other.
const some = 8

// readTypes looks through the kernel's types: once, since there are more than a hundred thousand.
func readTypes(spec *btf.Spec) *kernelTypes {
	k := &kernelTypes{Spec: spec, funcs: make(map[string]btf.ID)}
	if spec == nil {
		return k
	}
	wanted := make(map[string]bool)
	for _, name := range append(append(traced, hooks...), names.Kfuncs()...) {
		wanted[name] = true
	}
	for id := btf.ID(1); id < spec.Len(); id++ {
		switch spec.Kind(id) {
		case btf.Func:
			k.function(id, wanted)
		case btf.Struct:
			k.ofStruct(id)
		case btf.Typedef:
			switch t, _ := spec.Type(id); {
			case t.Name == "btf_trace_sys_enter": // the only kind of tracepoints where programs may sleep
				k.raw = append([]btf.ID{id}, k.raw...)
			case len(k.raw) < some && strings.HasPrefix(t.Name, "btf_trace_"):
				k.raw = append(k.raw, id)
			}
		case btf.Var:
			if t, _ := spec.Type(id); t.Name == "runqueues" {
				k.variables = append([]btf.ID{id}, k.variables...)
			} else if len(k.variables) < some {
				k.variables = append(k.variables, id)
			}
		}
	}
	k.iters = slices.DeleteFunc(k.iters, func(name string) bool { return k.funcs[iterPrefix+name] == 0 })
	k.kfuncs = kfuncs(spec, "", k.funcs)
	return k
}

func (k *kernelTypes) function(id btf.ID, wanted map[string]bool) {
	t, _ := k.Type(id)
	if (wanted[t.Name] || strings.HasPrefix(t.Name, iterPrefix)) && k.funcs[t.Name] == 0 {
		k.funcs[t.Name] = id
	}
}

// What names start with that the kernel gives to functions of iterators, to what these get, and to the values in
// maps of functions.
const (
	iterStruct   = "bpf_iter__"
	iterPrefix   = "bpf_iter_"
	structPrefix = "bpf_struct_ops_"
)

// ofStruct looks at a struct, which may be the value in a map of functions: with the struct of functions as its
// last member.
func (k *kernelTypes) ofStruct(id btf.ID) {
	value, _ := k.Type(id)
	if name, ok := strings.CutPrefix(value.Name, iterStruct); ok {
		k.iters = append(k.iters, name)
	}
	name, ok := strings.CutPrefix(value.Name, structPrefix)
	if !ok || value.Len() == 0 {
		return
	}
	t, err := k.Resolve(value.Place(value.Len() - 1).Type)
	if err != nil || t.Kind != btf.Struct || t.Name != name {
		return
	}
	k.ops = append(k.ops, structType{name: name, id: t.ID, value: id, size: value.Size(), members: k.functions(t)})
}

// functions returns the numbers of those members of a struct that are pointers to functions.
func (k *kernelTypes) functions(t btf.Type) (list []btf.ID) {
	for i := range t.Len() {
		m, err := k.Resolve(t.Place(i).Type)
		if err != nil || m.Kind != btf.Pointer {
			continue
		}
		if f, err := k.Resolve(m.Ref()); err == nil && f.Kind == btf.FuncProto {
			list = append(list, btf.ID(i))
		}
	}
	return list
}

// named returns the IDs of functions, 0 where there is none of a name.
func (k *kernelTypes) named(list ...string) (ids []btf.ID) {
	ids = []btf.ID{}
	for _, name := range list {
		ids = append(ids, k.funcs[name])
	}
	return ids
}

// mapSpec returns what a map is made of whose value is the struct.
func (t structType) mapSpec() bpf.MapSpec {
	return bpf.MapSpec{Type: mapNumber("struct_ops"), KeySize: 4, ValueSize: t.size, MaxEntries: 1, StructType: uint32(t.value)}
}
