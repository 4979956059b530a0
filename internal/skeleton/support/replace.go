package support

//lint:file-ignore U1000 skeletons use it

import (
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/btf"
)

// skelReplace makes an instruction load, or use, another number. What it was to be relocated by is gone.
func skelReplace(in *asm.Instruction, source asm.Register, constant int64) {
	to := asm.Instruction{OpCode: in.OpCode, Dst: in.Dst, Src: source, Offset: in.Offset, Constant: constant}
	if s := in.Symbol(); s != "" {
		to = to.WithSymbol(s)
	}
	if s := in.Source(); s != nil {
		to = to.WithSource(s)
	}
	if f := btf.FuncMetadata(in); f != nil {
		to = btf.WithFuncMetadata(to, f)
	}
	*in = to
}
