package support

//lint:file-ignore U1000 skeletons use it

// Uses: bytes area

// A SkelVar is a variable of type T.
type SkelVar[T any] struct {
	skelPlace
}

// Get returns its value: before Load what it starts with, then what it is now.
func (v *SkelVar[T]) Get() (value T, err error) {
	return value, v.read(skelBytes(&value))
}

// Set gives it a value: before Load what it starts with, then the one that programs see. The
// error is an [ebpf.ErrReadOnly] if it is a constant then.
func (v *SkelVar[T]) Set(value T) error {
	return v.write(skelBytes(&value))
}
