package decl

import (
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestSignature spells functions as the reference does, from which what is wanted was
// taken. The types that each case adds follow an int, and the last one is that of
// the function's argument.
func TestSignature(t *testing.T) {
	int32s := func() *fixture.Types { return types().Add("int", btf.Int, 0, 4, 32) }
	tests := []struct {
		name  string
		types *fixture.Types
		n     uint32 // the last type
		want  string
	}{
		{"an integer", int32s(), 1, "int x"},
		{"a struct", int32s().Add("sample", btf.Struct, 0, 4), 2, "struct sample x"},
		{"a union", int32s().Add("either", btf.Union, 0, 4), 2, "union either x"},
		{"a struct without a name", int32s().Add("", btf.Struct, 0, 4).Add("", btf.Pointer, 0, 2), 3, "struct  * x"},
		{"an enumeration", int32s().Add("choice", btf.Enum, 0, 4), 2, "enum choice x"},
		{"an enumeration without a name", int32s().Add("", btf.Enum, 0, 4), 2, "enum  x"},
		{"a wide enumeration", int32s().Add("wide", btf.Enum64, 0, 8), 2, "enum wide x"},
		{"a typedef", int32s().Add("alias", btf.Typedef, 0, 1), 2, "alias x"},
		{"a float", int32s().Add("double", btf.Float, 0, 8), 2, "double x"},
		{"a struct that is elsewhere", int32s().Add("unknown", btf.Forward, 0, 0).Add("", btf.Pointer, 0, 2), 3, "struct unknown * x"},
		{"a union that is elsewhere", int32s().Add("unknown", btf.Forward, 1<<31, 0).Add("", btf.Pointer, 0, 2), 3, "union unknown * x"},
		{"a pointer to what is constant", int32s().Add("", btf.Const, 0, 1).Add("", btf.Pointer, 0, 2), 3, "const int * x"},
		{"a constant pointer", int32s().Add("", btf.Volatile, 0, 1).Add("", btf.Pointer, 0, 2).Add("", btf.Const, 0, 3), 4, "const volatile int * x"},
		{"a restricted pointer", int32s().Add("", btf.Pointer, 0, 0).Add("", btf.Pointer, 0, 2).Add("", btf.Restrict, 0, 3), 4, "restrict void * * x"},
		{"a pointer to an array", int32s().Add("", btf.Array, 0, 0, 1, 1, 4).Add("", btf.Pointer, 0, 2), 3, "int [4]* x"},
		{"a function", int32s().Add("", btf.FuncProto, 2, 1, 5, 1, 0, 1).Add("", btf.Pointer, 0, 2).Add("named", btf.Typedef, 0, 1), 3, "int (int named, int)* x"},
		{"a function of nothing", int32s().Add("", btf.FuncProto, 0, 0).Add("", btf.Pointer, 0, 2), 3, "void ()* x"},
		{"a function of anything", int32s().Add("", btf.FuncProto, 2, 1, 0, 1, 0, 0).Add("", btf.Pointer, 0, 2), 3, "int (int, ...)* x"},
		{"a type with a tag", int32s().Add("user", btf.TypeTag, 0, 1).Add("", btf.Pointer, 0, 2), 3, ""},
		{"a variable", int32s().Add("v", btf.Var, 0, 1, 0), 2, ""},
		{"a pointer to itself", int32s().Add("", btf.Pointer, 0, 2), 2, ""},
		{"two pointers to each other", int32s().Add("", btf.Const, 0, 3).Add("", btf.Pointer, 0, 2), 3, ""},
		{"an array of itself", int32s().Add("", btf.Array, 0, 0, 2, 1, 9), 2, ""},
		{"a function of itself", int32s().Add("", btf.FuncProto, 2, 1, 0, 2, 0, 2), 2, ""},
		{"functions of functions", types().Add("i", btf.Int, 0, 4, 32).Pairs(btf.FuncProto, "", 0, 200), 201, ""},
		// "int f(" and " x)" are 9 of them.
		{"as much as there is room for", int32s().Add(strings.Repeat("n", 1023-9), btf.Typedef, 0, 1), 2, strings.Repeat("n", 1023-9) + " x"},
		{"a byte more", int32s().Add(strings.Repeat("n", 1024-9), btf.Typedef, 0, 1), 2, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			base, err := btf.Parse(tt.types.Bytes(), nil)
			if err != nil {
				t.Fatal(err)
			}
			proto := uint32(base.Len())
			x := uint32(len(tt.types.Strings))
			tt.types.Add("x", btf.Typedef, 0, 1) // its name is that of the argument
			tt.types.Add("", btf.FuncProto, 1, 1, x, tt.n).Add("f", btf.Func, 0, proto+1)
			spec, err := btf.Parse(tt.types.Bytes(), nil)
			if err != nil {
				t.Fatal(err)
			}
			want := tt.want
			if want != "" {
				want = "int f(" + want + ")"
			}
			if got := Signature(spec, btf.ID(proto+2)); got != want {
				t.Errorf("Signature() = %q, want %q", got, want)
			}
		})
	}
}

// FuzzSignature spells all types of any BTF.
func FuzzSignature(f *testing.F) {
	f.Add(sampleData(f, "testdata/declarators.btf"))
	f.Fuzz(func(t *testing.T, data []byte) {
		spec, err := btf.Parse(data, nil)
		if err != nil {
			return
		}
		for id := range min(spec.Len(), 1<<10) {
			if s := Signature(spec, id); len(s) > maxSignature {
				t.Fatalf("type %d: %d bytes", id, len(s))
			}
		}
	})
}
