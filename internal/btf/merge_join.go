package btf

import (
	"fmt"
	"math"
	"strings"
)

// join returns the types of all parts, one part after the other.
func join(base *Spec, parts []*Spec) (*Spec, error) {
	s := &Spec{big: base.big, pointer: base.pointer, base: base}
	l := lexicon{base: base, offsets: base.lexicon()}
	for i, p := range parts {
		if p.base != base {
			return nil, fmt.Errorf("part %d: %w", i+1, ErrOtherBase)
		}
		if len(s.types)+len(p.types) > math.MaxInt32 {
			return nil, fmt.Errorf("part %d: more than %d bytes of types", i+1, math.MaxInt32)
		}
		s.append(p, &l)
		if uint64(base.textLen())+uint64(len(l.added)) > math.MaxInt32 {
			return nil, fmt.Errorf("part %d: more than %d bytes of names", i+1, math.MaxInt32)
		}
	}
	s.strings = string(l.added)
	return s, nil
}

// append appends the types of a part.
func (s *Spec) append(p *Spec, l *lexicon) {
	start, shift, first := len(s.types), s.Len()-p.First(), p.First()
	s.types = append(s.types, p.types...)
	for _, off := range p.offsets {
		at := start + int(off)
		s.offsets = append(s.offsets, uint32(at))
		s.rename(s.types[at:], func(off uint32) uint32 {
			if off < s.base.textLen() {
				return off
			}
			return l.offset(p.text(off))
		})
		s.renumber(s.types[at:], func(id ID) ID {
			if id < first {
				return id
			}
			return id + shift
		})
	}
}

// A lexicon has the strings of a base and those that are added to them. Names
// are the same if their offsets are.
type lexicon struct {
	base    *Spec
	offsets map[string]uint32
	added   []byte
}

// offset returns the offset of a string, which is added unless it is there.
func (l *lexicon) offset(text string) uint32 {
	off, ok := l.offsets[text]
	if !ok {
		off = l.base.textLen() + uint32(len(l.added))
		l.offsets[text] = off
		l.added = append(append(l.added, text...), 0)
	}
	return off
}

// lexicon returns the offset of each string of s and its base, the first one if
// it is there twice.
func (s *Spec) lexicon() map[string]uint32 {
	var list map[string]uint32
	start := uint32(0)
	if s.base == nil {
		list = make(map[string]uint32, len(s.offsets))
		list[""] = 0
	} else {
		list, start = s.base.lexicon(), s.base.textLen()
	}
	for rest, off := s.strings, start; rest != ""; {
		n := strings.IndexByte(rest, 0)
		if _, ok := list[rest[:n]]; !ok {
			list[rest[:n]] = off
		}
		rest, off = rest[n+1:], off+uint32(n+1)
	}
	return list
}
