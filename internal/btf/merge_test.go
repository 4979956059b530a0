package btf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mergeBase is BTF of a number, a struct that points to itself, and declarations.
func mergeBase(order byteOrders) *raw {
	r := newRaw(order, nil)
	r.add(Int, 0, r.name("int"), 4, 32)
	r.add(Struct, 1, r.name("list"), 8, r.name("next"), 3, 0)
	r.add(Pointer, 0, 0, 2)
	r.add(Forward, 0, r.name("declared"), 0)
	r.add(Enum, 0, r.name("colour"), 4)
	return r
}

// mergePart is split BTF with that of the base and a bit more.
func mergePart(order byteOrders, base *Spec, more ...func(*raw)) *raw {
	r := newRaw(order, base)
	first := uint32(base.Len())
	r.add(Pointer, 0, 0, first+1)
	r.add(Struct, 1, r.name("list"), 8, r.name("next"), first, 0)
	r.add(Struct, 1, r.name("declared"), 4, r.name("n"), 1, 0)
	r.add(Enum, 1, r.name("colour"), 4, r.name("RED"), 0)
	for _, add := range more {
		add(r)
	}
	return r
}

// parts parses BTF on a base.
func parts(t testing.TB, base *Spec, list ...*raw) []*Spec {
	t.Helper()
	specs := make([]*Spec, len(list))
	for i, r := range list {
		s, err := complete(r.bytes(), base, wide)
		if err != nil {
			t.Fatal(err)
		}
		specs[i] = s
	}
	return specs
}

// TestMerge merges what is the same for the most part. What is made of each kind
// of types is tested by the samples of package btfcmd.
func TestMerge(t *testing.T) {
	for _, order := range []byteOrders{binary.LittleEndian, binary.BigEndian} {
		t.Run(order.String(), func(t *testing.T) {
			base := parts(t, nil, mergeBase(order))[0]
			list := parts(t, base,
				mergePart(order, base),
				mergePart(order, base, func(r *raw) { r.add(Typedef, 0, r.name("mine"), uint32(base.Len())) }))
			before := []string{string(base.types), string(list[0].types), string(list[1].types)}
			s, err := Merge(base, list)
			if err != nil {
				t.Fatal(err)
			}
			after := []string{string(base.types), string(list[0].types), string(list[1].types)}
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("what is merged changed (-before +after):\n%s", diff)
			}
			var names []string
			for id := s.First(); id < s.Len(); id++ {
				typ, err := s.Type(id)
				if err != nil {
					t.Fatal(err)
				}
				names = append(names, typ.Name)
			}
			if diff := cmp.Diff([]string{"declared", "colour", "mine"}, names); diff != "" {
				t.Errorf("types (-want +got):\n%s", diff)
			}
			if mine := find(t, s, Typedef, "mine"); mine.Ref() != 3 {
				t.Errorf("mine is type %d, want the base's pointer", mine.Ref())
			}
			readAll(t, s)
		})
	}
}

// TestMergeNothing merges what the base has.
func TestMergeNothing(t *testing.T) {
	base := parts(t, nil, mergeBase(binary.LittleEndian))[0]
	empty := newRaw(binary.LittleEndian, base)
	s, err := Merge(base, parts(t, base, empty, empty))
	if err != nil || s.Len() != base.Len() {
		t.Errorf("Merge() = %d types, %v; want %d", s.Len(), err, base.Len())
	}
}

func TestMergeErrors(t *testing.T) {
	le := binary.LittleEndian
	base := parts(t, nil, mergeBase(le))[0]
	first := uint32(base.Len())
	fine := mergePart(le, base)
	n := uint32(4) // types of fine
	tests := []struct {
		name string
		add  func(*raw)
		want string
	}{
		{"itself", func(r *raw) { r.add(Pointer, 0, 0, first+n) }, "part 2: type 10: refers to itself"},
		{"each other", func(r *raw) {
			r.add(Const, 0, 0, first+n+1)
			r.add(Pointer, 0, 0, first+n)
		}, "part 2: type 10: refers to itself"},
		{"long row", func(r *raw) {
			for i := range uint32(maxRow) {
				r.add(Pointer, 0, 0, first+n+i+1)
			}
			r.add(Pointer, 0, 0, 1)
		}, "part 2: type 10: more than 32768 types in a row"},
		{"variable in a struct", func(r *raw) {
			r.add(Var, 0, r.name("v"), 1, 0)
			r.add(Var, 0, r.name("v"), 1, 0)
			r.add(Struct, 1, r.name("s"), 8, r.name("m"), first+n, 0)
			r.add(Struct, 1, r.name("s"), 8, r.name("m"), first+n+1, 0)
		}, "part 2: type 13: leads to a type of kind 14, which is none of values"},
		{"twins without an end", func(r *raw) {
			r.add(Pointer, 0, 0, first+n)
			r.add(Pointer, 0, 0, first+n+1)
			r.add(Pointer, 0, 0, first+n+2)
			r.add(Struct, 2, r.name("s"), 16, r.name("a"), first+n+2, 0, r.name("b"), first+n+2, 64)
			r.add(Struct, 2, r.name("s"), 16, r.name("a"), first+n, 0, r.name("b"), first+n+1, 64)
		}, "part 2: type 14: there are too many types like it"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bad := mergePart(le, base, tt.add)
			_, err := Merge(base, parts(t, base, fine, bad))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Merge() = %v, want %q", err, tt.want)
			}
		})
	}
	other := parts(t, nil, mergeBase(le))[0]
	if _, err := Merge(base, parts(t, other, fine)); !errors.Is(err, ErrOtherBase) {
		t.Errorf("another base: %v", err)
	}
}

// FuzzMerge merges records that refer to anything. What it merges has no types
// left that are the same to the bit.
func FuzzMerge(f *testing.F) {
	le := binary.LittleEndian
	base := mergeBase(le)
	seed, err := Parse(base.bytes(), nil)
	if err != nil {
		f.Fatal(err)
	}
	part := mergePart(le, seed, func(r *raw) {
		r.add(Func, 0, 1, uint32(seed.Len())+5)
		r.add(FuncProto, 1, 0, 2, 1, 3)
		r.add(Array, 0, 0, 0, 2, 1, 4)
		r.add(Union, 2, 5, 8, 1, 1, 0, 5, 3, 0)
		r.add(DeclTag, 0, 1, 2, 0)
		r.add(Enum64, 1, 1, 8, 5, 1, 2)
	})
	f.Add(base.types, part.types, part.types)
	f.Add(base.types, base.types, part.types)
	f.Fuzz(func(t *testing.T, first, second, third []byte) {
		base := tame(first, nil)
		if base == nil {
			return
		}
		var list []*Spec
		for _, types := range [][]byte{second, third, second} {
			if s := tame(types, base); s != nil {
				list = append(list, s)
			}
		}
		s, err := Merge(base, list)
		if err != nil {
			return
		}
		if err := s.check(); err != nil {
			t.Errorf("merged: %v", err)
		}
		seen := make(map[string]ID)
		for id := s.First(); id < s.Len(); id++ {
			typ, err := s.Type(id)
			if err != nil {
				t.Fatal(err)
			}
			end := len(s.types)
			if next := int(id-s.First()) + 1; next < len(s.offsets) {
				end = int(s.offsets[next])
			}
			record := string(s.types[typ.at:end])
			switch typ.Kind {
			case Int, Float, Pointer, Const, Array, FuncProto:
				if n, ok := seen[record]; ok {
					t.Errorf("types %d and %d are the same: %+v", n, id, typ)
				}
			}
			seen[record] = id
		}
	})
}

// tame returns the types of some records, or nil if there is something wrong
// with them but what they refer to: that is made to exist.
func tame(types []byte, base *Spec) *Spec {
	r := newRaw(binary.LittleEndian, base)
	for _, name := range []string{"int", "list", "next", "declared"} {
		r.name(name)
	}
	r.types = bytes.Clone(types)
	s, err := Parse(r.bytes(), base)
	if err != nil {
		return nil
	}
	for _, off := range s.offsets {
		s.rename(s.types[off:], func(n uint32) uint32 { return n % s.textLen() })
		s.renumber(s.types[off:], func(id ID) ID { return id % s.Len() })
	}
	if s.check() != nil {
		return nil
	}
	return s
}
