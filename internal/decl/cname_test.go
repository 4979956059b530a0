package decl

import (
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestDeclarer declares names of types, with qualifiers and without.
func TestDeclarer(t *testing.T) {
	spec := parse(t, strings.TrimSpace(`
[1] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED
[2] CONST '(anon)' type_id=1
[3] PTR '(anon)' type_id=2
[4] VOLATILE '(anon)' type_id=3
[5] STRUCT '(anon)' size=4 vlen=1
	'x' type_id=2 bits_offset=0
[6] STRUCT 's' size=4 vlen=1
	'x' type_id=1 bits_offset=0
[7] STRUCT 's' size=4 vlen=1
	'y' type_id=1 bits_offset=0
[8] ENUM '(anon)' encoding=UNSIGNED size=4 vlen=1
	'E' val=0
[9] ARRAY '(anon)' type_id=4 index_type_id=1 nr_elems=3
`)+"\n")
	d := NewDeclarer(spec)
	for _, tt := range []struct {
		id   btf.ID
		name string
		bare bool
		want string
	}{
		{4, "a", false, "const int * volatile a"},
		{4, "a", true, "int *a"},
		{4, "", true, "int *"},
		{9, "a", true, "int *a[3]"},
		{5, "a", true, "struct {\n\t\t\tint x;\n\t\t} a"},
		{5, "a", false, "struct {\n\t\t\tconst int x;\n\t\t} a"},
		{7, "a", false, "struct s a"},
		{6, "a", false, "struct s___2 a"},
		{8, "a", false, "enum {\n\t\t\tE = 0,\n\t\t} a"},
		{8, "a", false, "enum {\n\t\t\tE___2 = 0,\n\t\t} a"},
	} {
		got, err := d.Declare(tt.id, tt.name, 2, tt.bare)
		if err != nil || got != tt.want {
			t.Errorf("type %d: %q, %v, want %q", tt.id, got, err, tt.want)
		}
	}
}

// TestDeclarerEnds stops where declarations become too long.
func TestDeclarerEnds(t *testing.T) {
	d := NewDeclarer(parse(t, "[1] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED\n"))
	name := strings.Repeat("n", 1<<20)
	for range 1 << 7 {
		if _, err := d.Declare(1, name, 0, true); err != nil {
			return
		}
	}
	t.Error("no end")
}

// parse returns the types of a dump in format raw.
func parse(t *testing.T, dump string) *btf.Spec {
	t.Helper()
	spec, err := btf.Parse(fixture.BTF(t, dump, nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}
