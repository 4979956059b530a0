package support

//lint:file-ignore U1000 skeletons use it

import "github.com/cilium/ebpf"

// skelAppendFunctions appends those functions of another program to a program that it does not have.
func skelAppendFunctions(to, from *ebpf.ProgramSpec) {
	if to == nil || from == nil {
		return
	}
	has := make(map[string]bool)
	for i := range to.Instructions {
		has[to.Instructions[i].Symbol()] = true
	}
	wanted := false
	for _, in := range from.Instructions {
		if name := in.Symbol(); name != "" {
			wanted = !has[name]
		}
		if wanted {
			to.Instructions = append(to.Instructions, in)
		}
	}
}
