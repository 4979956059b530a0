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

// TestDraftElements changes how many parts types have: those behind them are still what they were.
func TestDraftElements(t *testing.T) {
	d := draft(t)
	st := d.Add(Struct, "pair", 8)
	d.splice(st, 0, 0, make([]byte, 24))
	d.put(st, 4, uint32(Struct)<<24|2)
	for i, name := range []string{"one", "two"} {
		d.put(st, recordLen+12*i, d.name(name))
		d.put(st, recordLen+12*i+4, 1)
		d.put(st, recordLen+12*i+8, uint32(32*i))
	}
	section := d.Add(Datasec, ".data", 0)
	v := d.Add(Var, "counter", 1, uint32(Global))
	d.SetVariables(section, []Variable{{Type: v, Size: 4}, {Type: v, Offset: 4, Size: 4}, {Type: v, Offset: 8, Size: 4}})
	d.SetVariables(section, []Variable{{Type: v, Offset: 4, Size: 4}})
	d.SetSize(section, 8)
	d.DropMember(st, 0)
	s, err := Parse(d.Bytes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	pair := s.Shape(st)
	if pair.Len() != 1 || pair.Member(0) != (Member{Name: "two", Type: 1, Offset: 32}) || pair.Size() != 8 {
		t.Errorf("struct of %d bytes: %d members, the first %+v", pair.Size(), pair.Len(), pair.Member(0))
	}
	data, err := s.Type(section)
	if err != nil || data.Name != ".data" || data.Size() != 8 || data.Len() != 1 || data.Variable(0) != (Variable{Type: v, Offset: 4, Size: 4}) {
		t.Errorf("section %q of %d bytes: %d variables, %v", data.Name, data.Size(), data.Len(), err)
	}
	if last, err := s.Type(v); err != nil || last.Name != "counter" || last.Linkage() != Global {
		t.Errorf("the last type: %q, %v", last.Name, err)
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
	for id, want := range map[ID]string{1: "int", 2: "", 3: "", 4: "note"} {
		if got, err := s.Type(id); err != nil || got.Name != want {
			t.Errorf("type %d: name %q, %v, want %q", id, got.Name, err, want)
		}
	}
	if s.Shape(2).Size() != 8 || s.Shape(3).Ref() != 1 {
		t.Errorf("size %d, reference %d; want 8, 1", s.Shape(2).Size(), s.Shape(3).Ref())
	}
}

// counted adds a type with elements, which [Draft.Add] does not count.
func counted(d *Draft, kind Kind, word, n uint32, tail ...uint32) ID {
	id := d.Add(kind, "", word, tail...)
	d.put(id, 4, uint32(kind)<<24|n)
	return id
}

// TestDraftCopy changes copies of types with elements: what they are copies of stays, and what comes after them.
func TestDraftCopy(t *testing.T) {
	d := draft(t)
	proto := counted(d, FuncProto, 1, 3, 0, 1, d.name("b"), 1, 0, 0) // int f(int, int b, ...)
	last := d.Add(Pointer, "", 2)
	again := d.Copy(proto)
	other := d.Copy(last)
	d.SetRef(other, 1)
	d.SetParam(again, 1, other)
	d.NameParams(again, "x")
	s, err := Parse(d.Bytes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if again != proto+2 || other != proto+3 || s.Len() != other+1 {
		t.Errorf("copies are %d and %d of %d", again, other, s.Len())
	}
	for id, want := range map[ID][]Param{
		proto: {{"", 1}, {"b", 1}, {"", 0}},
		again: {{"x", 1}, {"b", other}, {"", 0}},
	} {
		shape := s.Shape(id)
		if shape.Kind != FuncProto || shape.Ref() != 1 || shape.Len() != len(want) {
			t.Errorf("type %d: kind %d of %d with %d parameters", id, shape.Kind, shape.Ref(), shape.Len())
			continue
		}
		for i := range want {
			if got := shape.Param(i); got != want[i] {
				t.Errorf("type %d: parameter %d is %v, want %v", id, i, got, want[i])
			}
		}
	}
	if s.Shape(last).Ref() != 2 || s.Shape(other).Ref() != 1 {
		t.Errorf("pointers to %d and %d, want 2 and 1", s.Shape(last).Ref(), s.Shape(other).Ref())
	}
}

// TestDraftSection sets what linkers leave open in sections.
func TestDraftSection(t *testing.T) {
	d := draft(t)
	one, two := d.Add(Var, "one", 1, uint32(Global)), d.Add(Var, "two", 1, uint32(Global))
	section := counted(d, Datasec, 0, 2, uint32(one), 0, 4, uint32(two), 0, 4)
	d.SetVariable(section, 1, Variable{Type: two, Offset: 4, Size: 4})
	d.SetSize(section, 8)
	s, err := Parse(d.Bytes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Shape(section).Size(); got != 8 {
		t.Errorf("size %d, want 8", got)
	}
	for i, want := range []Variable{{Type: one, Size: 4}, {Type: two, Offset: 4, Size: 4}} {
		if got := s.Shape(section).Variable(i); got != want {
			t.Errorf("variable %d is %+v, want %+v", i, got, want)
		}
	}
}
