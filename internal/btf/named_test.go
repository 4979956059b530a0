package btf

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

func TestNamed(t *testing.T) {
	s, err := Parse(sample(t, binary.LittleEndian), nil)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		find    func(string) ([]ID, error)
		pattern string
		want    []string // in any order
		err     string
	}{
		{s.Types, "record", []string{"record"}, ""},
		{s.Types, "record*", []string{"record", "record_t"}, ""},
		{s.Types, "unsigned int", []string{"unsigned int"}, ""},
		{s.Types, "main", nil, "no type is called 'main'"},
		{s.Types, "[", nil, "syntax error in pattern"},
		{s.Funcs, "m*n", []string{"main"}, ""},
		{s.Funcs, "record", nil, "no function is called 'record'"},
	}
	for _, tt := range tests {
		ids, err := tt.find(tt.pattern)
		var names []string
		for _, id := range ids {
			typ, _ := s.Type(id)
			names = append(names, typ.Name)
		}
		slices.Sort(names)
		if !slices.Equal(names, tt.want) {
			t.Errorf("%s: %q, want %q", tt.pattern, names, tt.want)
		}
		if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
			t.Errorf("%s: error %v, want %q", tt.pattern, err, tt.err)
		}
	}
}

func TestNamedExactly(t *testing.T) {
	s, err := Parse(sample(t, binary.LittleEndian), nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"record": true, "record_t": true, "unsigned int": true, "record*": false, "main": false, "": false} {
		id, ok := s.Named(name)
		if ok != want {
			t.Errorf("%q: %v, want %v", name, ok, want)
		}
		if typ, _ := s.Type(id); ok && typ.Name != name {
			t.Errorf("%q: %q", name, typ.Name)
		}
	}
}

func TestNeeded(t *testing.T) {
	s, err := Parse(sample(t, binary.LittleEndian), nil)
	if err != nil {
		t.Fatal(err)
	}
	record := find(t, s, Struct, "record").ID
	got, err := s.Needed([]ID{record})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []ID{record, find(t, s, Int, "unsigned int").ID, find(t, s, Int, "char").ID, find(t, s, Array, "").ID} {
		if !slices.Contains(got, want) {
			t.Errorf("%d is missing in %d", want, got)
		}
	}
	if slices.Contains(got, find(t, s, Enum, "colour").ID) {
		t.Errorf("%d has more than is needed", got)
	}
	own := newRaw(binary.LittleEndian, nil)
	own.add(Struct, 0, own.name("s"), 4)
	own.add(Typedef, 0, own.name("s_t"), 1)
	own.add(Const, 0, 0, 2)
	own.add(Pointer, 0, 0, 3)
	if s, err := Parse(own.bytes(), nil); err != nil {
		t.Error(err)
	} else if got, err := s.Needed([]ID{4}); err != nil || !slices.Equal(got, []ID{2, 3, 4}) {
		t.Errorf("a pointer by a typedef needs %d, %v; want the names on its way", got, err)
	}
	pointer := find(t, s, Pointer, "").ID
	if got, err := s.Needed([]ID{pointer}); err != nil || !slices.Equal(got, []ID{pointer}) {
		t.Errorf("a pointer needs %d, %v; want only itself", got, err)
	}
}
