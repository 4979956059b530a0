package bpf

import "unsafe"

// BindMap makes a program hold a map that no instruction of it mentions, for those who look at
// what the program has; since Linux 5.10.
//
// The error is [unix.EEXIST] if the program holds it already.
func BindMap(prog, m FD) error {
	attr := struct{ prog, m, flags uint32 }{prog: uint32(prog), m: uint32(m)}
	_, err := call(progBindMap, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	return err
}
