// Package host reads machine code of the architecture for which it is compiled, and
// links nothing that reads code of another one: no kernel makes such code for those
// who can run this.
//
// Each architecture has a file. That of kernels counts, so that programs of 32 bits
// have the architecture of 64 bits whose kernels run them.
package host

import "github.com/gobpftool/gobpftool/internal/machine"

// Named returns the architecture that uname -m calls name, if it is that of this
// machine and its code can be read.
func Named(name string) (a *machine.Arch, ok bool) {
	if arch == nil || arch.Name != name {
		return nil, false
	}
	return arch, true
}
