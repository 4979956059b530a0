package support

//lint:file-ignore U1000 skeletons use it

import (
	"reflect"
	"unsafe"
)

// skelBlocks returns the memory of a slice as a slice of arrays of bytes, which package ebpf
// takes as it is.
func skelBlocks[T any](list []T) any {
	block := reflect.ArrayOf(int(unsafe.Sizeof(*new(T))), reflect.TypeFor[byte]())
	return reflect.SliceAt(block, unsafe.Pointer(unsafe.SliceData(list)), len(list)).Interface()
}
