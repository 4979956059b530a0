package support

//lint:file-ignore U1000 skeletons use it

import "github.com/cilium/ebpf"

// skelBind makes programs hold a map with constants, as those may be about them. Kernels that
// cannot do so are no worse for it.
func skelBind(coll *ebpf.Collection, name string) {
	m := coll.Maps[name]
	if m == nil {
		return
	}
	for _, p := range coll.Programs {
		_ = p.BindMap(m)
	}
}
