package support

//lint:file-ignore U1000 skeletons use it

// Uses: bytes area

import "errors"

// A SkelSetting is a variable of type T that gets its value from how the kernel is configured.
type SkelSetting[T any] struct {
	skelPlace
}

// Get returns its value, once it is known.
func (v *SkelSetting[T]) Get() (value T, err error) {
	if v.area.m == nil {
		return value, v.failed(errors.New("not loaded"))
	}
	return value, v.read(skelBytes(&value))
}
