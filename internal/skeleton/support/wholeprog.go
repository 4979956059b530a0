package support

//lint:file-ignore U1000 skeletons use it

// Uses: whole

import "github.com/cilium/ebpf"

// A SkelProgram is a program of the object, which package link can attach.
type SkelProgram struct {
	*ebpf.Program // nil before Bind, or if it is left out

	// Spec is what the program is loaded as. It may be changed before.
	Spec *ebpf.ProgramSpec

	name string
}

// program finds a program of a type, or of any if that is not known.
func (w *skelWhole) program(p *SkelProgram, name string, typ ebpf.ProgramType) {
	p.Spec, p.name = w.spec.Programs[name], name
	switch {
	case p.Spec == nil:
		w.fail("program %s: there is none", name)
	case typ != ebpf.UnspecifiedProgram && p.Spec.Type != typ:
		w.fail("program %s: its type is %v, want %v", name, p.Spec.Type, typ)
	}
}
