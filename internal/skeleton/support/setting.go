package support

//lint:file-ignore U1000 skeletons use it

// Uses: bytes area

import "errors"

// A SkelSetting is a variable of type T that gets its value from how the kernel is configured.
type SkelSetting[T any] struct {
	skelPlace
}

// Get returns its value, once Load of the whole has found it out. Package ebpf alone does not tell it.
func (v *SkelSetting[T]) Get() (value T, err error) {
	switch {
	case v.area.spec == nil:
		return value, v.failed(errors.New("the spec of the whole does not tell of it"))
	case v.area.m == nil:
		return value, v.failed(errors.New("not loaded"))
	}
	return value, v.read(skelBytes(&value))
}
