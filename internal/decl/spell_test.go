package decl

import (
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

func TestSpell(t *testing.T) {
	char := func() *fixture.Types { return types().Add("char", btf.Int, 0, 1, 8) }
	tests := []struct {
		name  string
		types *fixture.Types // the last of them is spelled
		want  string
	}{
		{"a number", char(), "char"},
		{"a pointer", char().Add("", btf.Const, 0, 1).Add("", btf.Pointer, 0, 2), "const char *"},
		{"an array of pointers", char().Add("", btf.Pointer, 0, 1).Add("", btf.Array, 0, 0, 2, 1, 4), "char *[4]"},
		{"a pointer to an array", char().Add("", btf.Array, 0, 0, 1, 1, 4).Add("", btf.Pointer, 0, 2), "char (*)[4]"},
		{"a struct", types().Add("sock", btf.Struct, 0, 4).Add("", btf.Pointer, 0, 1), "struct sock *"},
		{"a second struct of a name", types().Add("a", btf.Struct, 0, 4).Add("a", btf.Struct, 0, 8), "struct a"},
		{"a forward", types().Add("u", btf.Forward, 1<<31, 0), "union u"},
		{"a struct without a name", char().Add("", btf.Struct, 1, 1, 0, 1, 0).Add("", btf.Array, 0, 0, 2, 1, 4), "struct {...}[4]"},
		{"an enumeration without a name", types().Add("", btf.Enum, 1, 4, 0, 7), "enum {...}"},
		{"a pointer to a function", char().Add("", btf.FuncProto, 2, 0, 0, 1, 0, 0).Add("", btf.Pointer, 0, 2), "void (*)(char, ...)"},
		{"nothing", types(), "void"},
		{"a pointer to itself", types().Add("", btf.Pointer, 0, 1), Invalid},
		{"functions of functions", types().Add("i", btf.Int, 0, 4, 32).Pairs(btf.FuncProto, "", 0, 60), Invalid},
		{"a name without end", types().Add(strings.Repeat("x", chunk), btf.Int, 0, 4, 32), Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			spec, err := btf.Parse(tt.types.Bytes(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := Spell(spec, spec.Len()-1); got != tt.want {
				t.Errorf("Spell() = %.100q, want %q", got, tt.want)
			}
		})
	}
}

func TestDeclare(t *testing.T) {
	spec, err := btf.Parse(types().Add("int", btf.Int, 0, 4, 32).Add("", btf.FuncProto, 2, 1, 0, 1, 0, 0).Bytes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := Declare(spec, 2, "printf"), "int printf(int, ...)"; got != want {
		t.Errorf("Declare() = %q, want %q", got, want)
	}
}
