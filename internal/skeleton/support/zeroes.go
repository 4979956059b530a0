package support

//lint:file-ignore U1000 skeletons use it

// Uses: replace

import (
	"encoding/binary"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"
)

// skelAnswerZero answers questions about types that the kernel does not have.
func skelAnswerZero(p *ebpf.ProgramSpec, order binary.ByteOrder, cache *btf.Cache) error {
	if p == nil {
		return nil
	}
	kernel, err := cache.Kernel()
	if err != nil {
		return err
	}
	targets := []*btf.Spec{kernel}
	modules, _ := cache.Modules() // of which there may be none
	for _, name := range modules {
		module, err := cache.Module(name)
		if err != nil {
			return err
		}
		targets = append(targets, module)
	}
	for i := range p.Instructions {
		in := &p.Instructions[i]
		relo := btf.CORERelocationMetadata(in)
		if relo == nil {
			continue
		}
		fixups, err := btf.CORERelocate([]*btf.CORERelocation{relo}, targets, order, func(btf.Type) (btf.TypeID, error) { return 1, nil })
		if err != nil {
			continue // which loading will say again
		}
		if what := fixups[0].String(); what == "type_size=poison" || what == "target_type_id=poison" {
			skelReplace(in, in.Src, 0)
		}
	}
	return nil
}
