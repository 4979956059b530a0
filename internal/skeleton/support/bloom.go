package support

//lint:file-ignore U1000 skeletons use it

// Uses: mapuse

import (
	"errors"
	"unsafe"

	"github.com/cilium/ebpf"
)

// A SkelBloom is a Bloom filter of values V.
type SkelBloom[V any] struct {
	SkelAnyMap
}

// Add adds a value.
func (b *SkelBloom[V]) Add(value V) error {
	to, err := b.get()
	if err != nil {
		return err
	}
	return b.failed(to.Update(nil, unsafe.Pointer(&value), ebpf.UpdateAny))
}

// Has reports whether a value may have been added. It has not if the answer is false.
func (b *SkelBloom[V]) Has(value V) (bool, error) {
	in, err := b.get()
	if err != nil {
		return false, err
	}
	err = in.Lookup(nil, unsafe.Pointer(&value))
	if errors.Is(err, ebpf.ErrKeyNotExist) {
		return false, nil
	}
	return err == nil, b.failed(err)
}
