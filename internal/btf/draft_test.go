package btf

import (
	"strings"
	"testing"
)

// draft returns types to be changed: an int, a float, a signed enumeration, one of 64 bits, a tag of
// a type, one of a declaration, a Datasec and a FuncProto.
func draft(t *testing.T) *Draft {
	t.Helper()
	empty, err := Parse((&Spec{strings: "\x00"}).Draft().Bytes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	d := empty.Draft()
	d.Add(Int, "int", 4, uint32(Signed)<<24|32)
	d.Add(Float, "double", 8)
	d.Add(TypeTag, "user", 1)
	d.Add(DeclTag, "note", 1, ^uint32(0))
	return d
}

// TestDraft reads what was changed, as a kernel would.
func TestDraft(t *testing.T) {
	d := draft(t)
	d.Rename(1, "number")
	d.SetRef(3, 2)
	v := d.Add(Var, "counter", 1, uint32(Extern))
	d.SetLinkage(v, Global)
	s, err := Parse(d.Bytes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[ID]string{1: "number", 2: "double", 3: "user", 4: "note", 5: "counter"} {
		if got, err := s.Type(id); err != nil || got.Name != want {
			t.Errorf("type %d: %q, %v; want %q", id, got.Name, err, want)
		}
	}
	if got := s.Shape(3).Ref(); got != 2 {
		t.Errorf("the tag is of %d, want 2", got)
	}
	if got := s.Shape(v).Linkage(); got != Global {
		t.Errorf("linkage %v, want %v", got, Global)
	}
	if n := strings.Count(s.Strings(), "number"); n != 1 {
		t.Errorf("the name is there %d times", n)
	}
}

// TestWithout takes away what old kernels do not know: sizes and references stay.
func TestWithout(t *testing.T) {
	d := draft(t)
	for _, kind := range []Kind{Enum64, TypeTag, DeclTag, Float} {
		d.Without(kind)
	}
	s, err := Parse(d.Bytes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := map[ID]Kind{1: Int, 2: Struct, 3: Const, 4: Int}
	for id, kind := range want {
		if got := s.Kind(id); got != kind {
			t.Errorf("type %d: kind %d, want %d", id, got, kind)
		}
	}
	if s.Shape(2).Size() != 8 || s.Shape(3).Ref() != 1 {
		t.Errorf("size %d, reference %d; want 8, 1", s.Shape(2).Size(), s.Shape(3).Ref())
	}
}
