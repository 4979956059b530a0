package support

//lint:file-ignore U1000 skeletons use it

import "unsafe"

// skelBytes returns the memory of v.
func skelBytes[T any](v *T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(v)), unsafe.Sizeof(*v))
}
