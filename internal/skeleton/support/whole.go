package support

//lint:file-ignore U1000 skeletons use it

import (
	"fmt"

	"github.com/cilium/ebpf"
)

// A skelWhole is an object in which others are, of which its spec is looked through.
type skelWhole struct {
	spec *ebpf.CollectionSpec
	err  error // about the first that is not there as it should be
}

func (w *skelWhole) fail(format string, a ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, a...)
	}
}
