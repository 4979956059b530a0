package support

//lint:file-ignore U1000 skeletons use it

import (
	"fmt"
	"hash/fnv"

	"github.com/cilium/ebpf/btf"
)

// skelLayout returns a number that tells where a type has which members. It is 0 if it has none.
func skelLayout(t btf.Type) uint64 {
	var members []btf.Member
	switch t := btf.UnderlyingType(t).(type) {
	case *btf.Array:
		return skelLayout(t.Type)
	case *btf.Struct:
		members = t.Members
	case *btf.Union:
		members = t.Members
	}
	if len(members) == 0 {
		return 0
	}
	h := fnv.New64a()
	for _, m := range members {
		size, _ := btf.Sizeof(m.Type) // of one without a size it is -1
		fmt.Fprintf(h, "%s %d %d %d %x\n", m.Name, m.Offset, m.BitfieldSize, max(size, 0), skelLayout(m.Type))
	}
	return h.Sum64()
}
