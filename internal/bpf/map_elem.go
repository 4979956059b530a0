package bpf

import (
	"unsafe"
)

// elemAttr is the part of union bpf_attr for the commands about one element of
// a map.
type elemAttr struct {
	fd, _ uint32
	key   pointer
	value pointer // or the next key
	flags uint64
}

// elem issues a command about one element. Keys and values have the lengths that
// the kernel expects of the map behind f; those that it does not look at may be
// nil.
func (f FD) elem(c cmd, key, value []byte, flags uint64) error {
	attr := elemAttr{fd: uint32(f), key: buffer(key), value: buffer(value), flags: flags}
	_, err := call(c, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	return err
}

// Lookup reads the value of key into value. In maps with a value for each
// possible CPU, value has room for all of them, each a multiple of 8 bytes long.
//
// The key of queues, stacks and bloom filters is nil. Of a bloom filter, value is
// what to look for.
//
// The error is [unix.ENOENT] if there is no such key.
func Lookup(f FD, key, value []byte) error { return f.elem(mapLookupElem, key, value, 0) }

// An UpdateFlag says whether an update may find its key.
//
// Source: BPF_ANY, BPF_NOEXIST and BPF_EXIST of include/uapi/linux/bpf.h.
type UpdateFlag uint64

// The values of UpdateFlag.
const (
	Any     UpdateFlag = 0
	NoExist UpdateFlag = 1
	Exist   UpdateFlag = 2
)

// Update sets the value of key.
//
// The error is [unix.EEXIST] or [unix.ENOENT] if flag does not hold, and
// [unix.E2BIG] if the map is full.
func Update(f FD, key, value []byte, flag UpdateFlag) error {
	return f.elem(mapUpdateElem, key, value, uint64(flag))
}

// Delete removes key.
//
// The error is [unix.ENOENT] if there is no such key.
func Delete(f FD, key []byte) error { return f.elem(mapDeleteElem, key, nil, 0) }

// Pop reads the value of key into value and removes it: with no key, from a
// queue or stack.
//
// The error is [unix.ENOENT] if there is none.
func Pop(f FD, key, value []byte) error { return f.elem(mapLookupAndDeleteElem, key, value, 0) }

// NextKey reads the key that follows key into next: the first one if key is
// nil, or, in most types of maps, if there is no such key.
//
// The error is [unix.ENOENT] after the last one.
func NextKey(f FD, key, next []byte) error { return f.elem(mapGetNextKey, key, next, 0) }

// Freeze forbids all changes to the map by bpf(2), for good.
//
// The error is [unix.EBUSY] if it is mapped for writing, [unix.EPERM] if it is
// frozen already.
func Freeze(f FD) error {
	attr := struct{ fd uint32 }{uint32(f)}
	_, err := call(mapFreeze, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	return err
}
