package support

//lint:file-ignore U1000 skeletons use it

// Uses: mapuse

import (
	"unsafe"

	"github.com/cilium/ebpf"
)

// A SkelQueue is a queue or stack of values V.
type SkelQueue[V any] struct {
	SkelAnyMap
}

// Push adds a value.
func (q *SkelQueue[V]) Push(value V) error {
	to, err := q.get()
	if err != nil {
		return err
	}
	return q.failed(to.Update(nil, unsafe.Pointer(&value), ebpf.UpdateAny))
}

// Pop takes the next value out. The error is an [ebpf.ErrKeyNotExist] if there is none.
func (q *SkelQueue[V]) Pop() (value V, err error) {
	from, err := q.get()
	if err == nil {
		err = q.failed(from.LookupAndDelete(nil, unsafe.Pointer(&value)))
	}
	return value, err
}

// Peek returns the next value, which stays. The error is an [ebpf.ErrKeyNotExist] if there is none.
func (q *SkelQueue[V]) Peek() (value V, err error) {
	from, err := q.get()
	if err == nil {
		err = q.failed(from.Lookup(nil, unsafe.Pointer(&value)))
	}
	return value, err
}
