package support

//lint:file-ignore U1000 skeletons use it

import (
	"math/bits"
	"os"

	"github.com/cilium/ebpf"
)

// skelRoundRing gives a ring buffer a size that the kernel takes, a power of two pages, or those
// that are in it.
func skelRoundRing(m *ebpf.MapSpec) {
	if m == nil {
		return
	}
	skelRoundRing(m.InnerMap)
	const userRingBuf = 31
	if m.Type != ebpf.RingBuf && m.Type != userRingBuf || m.MaxEntries == 0 {
		return
	}
	page := uint32(os.Getpagesize())
	pages := (uint64(m.MaxEntries) + uint64(page) - 1) / uint64(page)
	if size := uint64(page) << bits.Len64(pages-1); size <= 1<<31 {
		m.MaxEntries = uint32(size)
	}
}
