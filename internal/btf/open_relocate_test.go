package btf

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// distilled returns an object as pahole makes it for a module that is built
// apart from its kernel: what it needs of that, by kind, name and words, and
// for each of these a typedef and a function that have a part with it.
func distilled(t testing.TB, order byteOrders, need ...func(*raw)) []byte {
	t.Helper()
	small := newRaw(order, nil)
	for _, add := range need {
		add(small)
	}
	base, err := Parse(small.bytes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	own := newRaw(order, base)
	first := uint32(base.Len())
	// The struct has the name of the first type that it needs, as split BTF
	// takes names from its base.
	own.add(Struct, len(need), 1, 64)
	for i := range need {
		for _, w := range []uint32{own.name("member"), uint32(i + 1), 0} {
			own.types = order.AppendUint32(own.types, w)
		}
	}
	own.add(Array, 0, 0, 0, first, 1, 3)
	own.add(FuncProto, 1, 0, first, own.name("argument"), first+1)
	own.add(Func, 0, own.name("function"), first+2)
	return object(t, elf.ELFCLASS64, order, part{".BTF", own.bytes()}, part{".BTF.base", small.bytes()})
}

// kernel is BTF that has more than a module needs.
func kernel(t testing.TB, order byteOrders) *Spec {
	t.Helper()
	k := newRaw(order, nil)
	k.add(Int, 0, k.name("long"), 8, 64)
	k.add(Int, 0, k.name("int"), 4, 32)
	k.add(Struct, 1, k.name("task"), 16, k.name("pid"), 2, 0)
	k.add(Enum, 1, k.name("colour"), 4, k.name("RED"), 0)
	k.add(Union, 0, k.name("twin"), 8)
	k.add(Union, 0, k.name("twin"), 8)
	k.add(Float, 0, k.name("double"), 8)
	s, err := Parse(k.bytes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func need(kind Kind, name string, words ...uint32) func(*raw) {
	return func(r *raw) { r.add(kind, 0, r.name(name), words...) }
}

// union makes the last forward added one of a union.
func union(r *raw) { r.order.PutUint32(r.types[len(r.types)-8:], uint32(Forward)<<24|1<<31) }

func TestRelocate(t *testing.T) {
	for _, order := range []byteOrders{binary.LittleEndian, binary.BigEndian} {
		t.Run(order.String(), func(t *testing.T) {
			file := write(t, distilled(t, order,
				need(Float, "double", 8), need(Int, "int", 4, 32), need(Struct, "task", 16), need(Enum, "colour", 4), need(Forward, "task", 0)))

			alone, err := Open(file, nil)
			if err != nil {
				t.Fatal(err)
			}
			if first, err := alone.Type(1); first.Name != "double" || alone.First() != 6 || err != nil {
				t.Errorf("with its own base, type 1 = %+v of %d, %v", first, alone.First(), err)
			}

			base := kernel(t, order)
			s, err := Open(file, base)
			if err != nil {
				t.Fatal(err)
			}
			first := base.Len()
			if s.First() != first || s.Len() != first+4 {
				t.Fatalf("types %d to %d, want %d to %d", s.First(), s.Len(), first, first+4)
			}
			own, _ := s.Type(first)
			want := []Member{{Name: "member", Type: 7}, {Name: "member", Type: 2}, {Name: "member", Type: 3}, {Name: "member", Type: 4}, {Name: "member", Type: 3}}
			if diff := cmp.Diff(want, all(own, Type.Member)); own.Name != "double" || diff != "" {
				t.Errorf("struct %q (-want +got):\n%s", own.Name, diff)
			}
			array, _ := s.Type(first + 1)
			if elem, index, n := array.Array(); elem != first || index != 7 || n != 3 {
				t.Errorf("array of %d by %d: %d", elem, index, n)
			}
			proto, _ := s.Type(first + 2)
			if diff := cmp.Diff([]Param{{"argument", first + 1}}, all(proto, Type.Param)); proto.Ref() != first || diff != "" {
				t.Errorf("prototype of %d (-want +got):\n%s", proto.Ref(), diff)
			}
			if f, _ := s.Type(first + 3); f.Name != "function" || f.Ref() != first+2 {
				t.Errorf("function %+v", f)
			}
			readAll(t, s)
		})
	}
}

func TestRelocateErrors(t *testing.T) {
	le := binary.LittleEndian
	tests := []struct {
		name string
		need func(*raw)
		want string
	}{
		{"no such name", need(Struct, "missing", 8), `no type "missing"`},
		{"another size", need(Struct, "task", 24), `no type "task" of kind 4 and 24 bytes`},
		{"another kind", need(Union, "task", 16), `no type "task"`},
		{"another sign", need(Int, "int", 4, uint32(Signed)<<24|32), `no type "int"`},
		{"another size of enum", need(Enum64, "colour", 8), `no type "colour"`},
		{"forward of another kind", func(r *raw) { need(Forward, "task", 0)(r); union(r) }, `no type "task"`},
		{"two of them", need(Union, "twin", 8), `type "twin" is types 5 and 6`},
		{"a kind that has no place there", need(Typedef, "int", 0), `no type "int"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Open(write(t, distilled(t, le, tt.need)), kernel(t, le))
			if !errors.Is(err, ErrOtherBase) || !strings.Contains(err.Error(), "section .BTF.base: "+tt.want) {
				t.Errorf("Open() = %v, want %q in it", err, tt.want)
			}
		})
	}
	_, err := Open(write(t, distilled(t, le, need(Int, "int", 4, 32))), kernel(t, binary.BigEndian))
	if !errors.Is(err, ErrOtherBase) {
		t.Errorf("another byte order: %v", err)
	}
}
