package btf

import (
	"slices"
	"strings"
)

// PointerSize returns the size of pointers in bytes.
func (s *Spec) PointerSize() uint32 { return s.pointer }

// pointerSize returns the size of a long, or without one file, which is that of the file that the types came in.
func (s *Spec) pointerSize(file uint32) uint32 {
	if s.base != nil {
		return s.base.pointer
	}
	for id := s.First(); id < s.Len(); id++ {
		if s.Kind(id) != Int {
			continue
		}
		if t, err := s.Type(id); err == nil && isLong(t) {
			return t.Size()
		}
	}
	return file
}

// isLong reports whether t, an Int, is long or unsigned long, whose words come in any
// order.
func isLong(t Type) bool {
	if t.Size() != 4 && t.Size() != 8 || !strings.Contains(t.Name, "long") {
		return false
	}
	words := strings.Fields(t.Name)
	slices.Sort(words)
	switch strings.Join(words, " ") {
	case "long", "int long", "long unsigned", "int long unsigned":
		return true
	}
	return false
}
