package probe

import (
	"errors"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
)

// A module is one of the kernel's, whose types are open.
type module struct {
	fd     bpf.FD
	kfuncs []Kfunc
}

// modules opens the types of the modules that have functions for programs. It takes CAP_SYS_ADMIN; without there are none.
func openModules(base *btf.Spec) (list []module) {
	if base == nil {
		return nil
	}
	for id, err := range bpf.IDs(bpf.BTF) {
		if err != nil {
			return list
		}
		if m, err := openModule(base, id); err == nil {
			list = append(list, m)
		}
	}
	return list
}

var errNoModule = errors.New("no types of a module")

// openModule opens the types with an ID. They belong to the caller.
func openModule(base *btf.Spec, id uint32) (m module, err error) {
	if m.fd, err = bpf.Open(bpf.BTF, id); err != nil {
		return m, err
	}
	info, err := bpf.ReadBTFInfo(m.fd)
	if err == nil && (!info.Kernel || info.Name == "vmlinux") {
		err = errNoModule
	}
	var data []byte
	if err == nil {
		_, data, err = bpf.ReadBTF(m.fd)
	}
	var own *btf.Spec
	if err == nil {
		own, err = btf.Parse(data, base)
	}
	if err == nil {
		m.kfuncs = kfuncs(own, info.Name, nil)
	}
	if err == nil && len(m.kfuncs) == 0 {
		err = errNoModule
	}
	if err != nil {
		m.fd.Close()
	}
	return m, err
}
