package btf

import "fmt"

// maxDepth bounds how many types may refer to each other in a row. The kernel
// allows 32 (MAX_RESOLVE_DEPTH of kernel/bpf/btf.c).
const maxDepth = 64

// Resolve follows typedefs, qualifiers and type tags to the type that they
// stand for.
//
// The error is that of a cycle or of an ID that does not exist.
func (s *Spec) Resolve(id ID) (Type, error) {
	if id >= s.Len() {
		return Type{}, fmt.Errorf("type %d of %d", id, s.Len())
	}
	id, err := s.resolve(id)
	if err != nil {
		return Type{}, err
	}
	return s.Type(id)
}

// resolve is Resolve for an ID that exists.
func (s *Spec) resolve(id ID) (ID, error) {
	for range maxDepth {
		switch kind, word := s.head(id); kind {
		case Typedef, Volatile, Const, Restrict, TypeTag:
			id = ID(word)
		default:
			return id, nil
		}
	}
	return 0, fmt.Errorf("type %d: more than %d types in a row", id, maxDepth)
}

// SizeOf returns the size of the values of a type in bytes.
func (s *Spec) SizeOf(id ID) (uint64, error) {
	if id >= s.Len() {
		return 0, fmt.Errorf("type %d of %d", id, s.Len())
	}
	return s.sizeOf(id, maxDepth)
}

func (s *Spec) sizeOf(id ID, depth int) (uint64, error) {
	if depth == 0 {
		return 0, fmt.Errorf("type %d: more than %d types in a row", id, maxDepth)
	}
	id, err := s.resolve(id)
	if err != nil {
		return 0, err
	}
	switch kind, word := s.head(id); kind {
	case Int, Struct, Union, Enum, Enum64, Datasec, Float:
		return uint64(word), nil
	case Pointer:
		return uint64(s.pointer), nil
	case Array:
		t := s.Shape(id)
		elem, _, n := t.Array()
		size, err := s.sizeOf(elem, depth-1)
		if err != nil {
			return 0, err
		}
		if size > 0 && uint64(n) > maxSize/size {
			return 0, fmt.Errorf("type %d: %d elements of %d bytes", id, n, size)
		}
		return size * uint64(n), nil
	case Var:
		return s.sizeOf(ID(word), depth-1)
	}
	return 0, fmt.Errorf("type %d has no size", id)
}

// maxSize bounds the size of an array, in bytes.
const maxSize = 1 << 40
