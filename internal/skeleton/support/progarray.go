package support

//lint:file-ignore U1000 skeletons use it

// Uses: mapuse

import "github.com/cilium/ebpf"

// A SkelProgArray is an array of programs, for tail calls.
type SkelProgArray struct {
	SkelAnyMap
}

// Update puts a program at an index.
func (a *SkelProgArray) Update(index uint32, program *ebpf.Program) error {
	to, err := a.get()
	if err != nil {
		return err
	}
	return a.failed(to.Update(index, program, ebpf.UpdateAny))
}

// Delete takes the program at an index out. The error is an [ebpf.ErrKeyNotExist] if there is none.
func (a *SkelProgArray) Delete(index uint32) error {
	from, err := a.get()
	if err != nil {
		return err
	}
	return a.failed(from.Delete(index))
}
