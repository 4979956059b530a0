package support

//lint:file-ignore U1000 skeletons use it

// Uses: replace

import (
	"fmt"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/btf"
)

// A skelTyped is a variable or function of the kernel, of which its types have the name.
type skelTyped struct {
	reference string // of instructions that load its address
	name      string
	weak      bool   // it is 0 where the kernel does not have it
	function  string // of a function: its declaration
}

// skelLookUp gives instructions that refer to variables or functions of the kernel the IDs of their types. The
// handles are those of modules, to be kept until the programs are loaded.
func skelLookUp(spec *ebpf.CollectionSpec, list []skelTyped, cache *btf.Cache) (handles []*btf.Handle, err error) {
	for _, t := range list {
		id, module, err := skelFindTyped(spec, t, cache)
		if err != nil {
			return handles, err
		}
		load := asm.Instruction{Src: skelPseudoBTFID, Constant: int64(id)}
		call := asm.Instruction{Src: asm.PseudoKfuncCall, Constant: int64(id)}
		switch {
		case id == 0 && !t.weak:
			return handles, fmt.Errorf("the kernel's types have no %s as it is declared", t.name)
		case id == 0:
			load.Src = 0
			call = asm.BuiltinFunc(skelNothing).Call()
		case module != nil:
			handles = append(handles, module)
			load.Constant |= int64(module.FD()) << 32
		}
		for _, p := range spec.Programs {
			for i := range p.Instructions {
				in := &p.Instructions[i]
				if in.Reference() == t.reference {
					skelReplace(in, load.Src, load.Constant)
				} else if in.IsKfuncCall() && in.Reference() == t.function && (id == 0 || t.function != t.name && module == nil) {
					skelReplace(in, call.Src, call.Constant)
				}
			}
		}
	}
	return handles, nil
}

// skelFindTyped finds the ID of a variable or function among the types of the kernel, or of a module. It is 0 if there
// is none.
func skelFindTyped(spec *ebpf.CollectionSpec, t skelTyped, cache *btf.Cache) (btf.TypeID, *btf.Handle, error) {
	kernel, err := cache.Kernel()
	if err != nil {
		return 0, nil, err
	}
	if id := skelIDOf(kernel, spec, t); id != 0 {
		return id, nil, nil
	}
	it := new(btf.HandleIterator)
	defer func() { it.Handle.Close() }()
	for it.Next() {
		info, err := it.Handle.Info()
		if err != nil || !info.IsModule() {
			continue
		}
		module, err := cache.Module(info.Name)
		if err != nil {
			return 0, nil, err
		}
		if id := skelIDOf(module, spec, t); id != 0 {
			return id, it.Take(), nil
		}
	}
	return 0, nil, it.Err()
}

// skelIDOf returns the ID of a variable, or of a function if it is as the object declares it, or 0.
func skelIDOf(types *btf.Spec, spec *ebpf.CollectionSpec, t skelTyped) btf.TypeID {
	var found btf.Type
	if t.function == "" {
		var v *btf.Var
		if types.TypeByName(t.name, &v) != nil {
			return 0
		}
		found = v
	} else {
		var f, declared *btf.Func
		if types.TypeByName(t.name, &f) != nil || spec.Types.TypeByName(t.function, &declared) != nil || btf.CheckTypeCompatibility(declared.Type, f.Type) != nil {
			return 0
		}
		found = f
	}
	id, err := types.TypeID(found)
	if err != nil {
		return 0
	}
	return id
}

const (
	skelPseudoBTFID = asm.R3
	skelNothing     = 0xdedc0de // no function of the kernel
)
