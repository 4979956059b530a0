package btf

import (
	"bytes"
)

// Sized returns s with the sizes in bytes of the sections of a file, by their
// names, as those of its Datasecs that have none: compilers leave them to linkers.
func (s *Spec) Sized(sizes map[string]uint32) *Spec {
	to := *s
	to.types = bytes.Clone(s.types)
	for id := s.First(); id < s.Len(); id++ {
		if s.Kind(id) != Datasec {
			continue
		}
		t := s.Shape(id)
		if size, ok := sizes[s.text(t.name)]; ok && t.Size() == 0 {
			s.ByteOrder().PutUint32(to.types[t.at+8:], size)
		}
	}
	return &to
}

// Strings returns all strings of s itself, each of which ends with a NUL byte.
// What comes with BTF, such as the lines of a program, refers to them by their
// offsets there.
func (s *Spec) Strings() string { return s.strings }

// Bytes returns how long the BTF of s itself is, in bytes.
func (s *Spec) Bytes() int { return headerLen + len(s.types) + len(s.strings) }
