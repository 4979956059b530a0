package btfdiff

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

func parsed(t testing.TB, types *fixture.Types) *btf.Spec {
	t.Helper()
	s, err := btf.Parse(types.Bytes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// nest returns structs within each other, the outermost of which has a name: each
// has the one before twice.
func nest(fields uint32, depth uint32) *fixture.Types {
	w := new(fixture.Types).Add("i", btf.Int, 0, 4, 32)
	for id := uint32(1); id < depth; id++ {
		w.Add("", btf.Struct, 2, 4, fields, id, 0, fields, id, 0)
	}
	return w.Add("a", btf.Struct, 1, 4, fields, depth, 0)
}

// many returns n structs of one name, all of which have another size.
func many(n, size uint32) *fixture.Types {
	w := new(fixture.Types)
	for i := range n {
		w.Add("", btf.Struct, 0, size+i)
		binary.LittleEndian.PutUint32(w.Records[12*i:], 1)
	}
	w.Strings = []byte("\x00a\x00")
	return w
}

// words returns n words, one of them many times.
func words(n int, word ...uint32) []uint32 {
	var list []uint32
	for range n {
		list = append(list, word...)
	}
	return list
}

var hostile = []struct {
	name     string
	old, new *fixture.Types
	want     string
}{
	{"a pointer to itself", pointer(2), pointer(2), "they have no end"},
	{"a function of itself", prototype(), prototype(), "more than 64 types in a row"},
	{"a struct in itself", new(fixture.Types).Add("a", btf.Struct, 1, 4, 0, 2, 0).Add("", btf.Struct, 1, 4, 0, 2, 0), nest(0, 2), "it has no end"},
	{"a field in itself", inItself(), inItself(), "more than 64 types in a row"},
	{"structs without names", nest(0, 60), nest(0, 60), "there is too much in them to compare"},
	{"fields without names", nest(1, 60), nest(1, 60), "there is too much in them to compare"},
	{"one name for all", many(1<<12, 0), many(1<<12, 1<<20), "there is too much in them to compare"},
	{"one name for all fields", new(fixture.Types).Add("a", btf.Struct, 1<<14, 4, words(1<<14, 1, 0, 8)...), new(fixture.Types).Add("a", btf.Struct, 1<<14-1, 4, words(1<<14-1, 1, 0, 16)...), "there is too much in them to compare"},
	{"one name for all values", new(fixture.Types).Add("a", btf.Enum, 1<<14, 4, words(1<<14, 1, 0)...), new(fixture.Types).Add("a", btf.Enum, 1<<14-1, 4, words(1<<14-1, 1, 1)...), "there is too much in them to compare"},
	{"a typedef of itself", new(fixture.Types).Add("a", btf.Typedef, 0, 1), new(fixture.Types).Add("a", btf.Typedef, 0, 1), ""},
	{"qualifiers of each other", qualifiers(), qualifiers(), ""},
}

func pointer(to uint32) *fixture.Types {
	return new(fixture.Types).Add("a", btf.Typedef, 0, 2).Add("", btf.Pointer, 0, to)
}

func prototype() *fixture.Types {
	return new(fixture.Types).Add("a", btf.Func, 0, 2).Add("", btf.FuncProto, 1, 0, 0, 2)
}

func inItself() *fixture.Types {
	return new(fixture.Types).Add("a", btf.Struct, 1, 4, 1, 2, 0).Add("", btf.Struct, 1, 4, 1, 3, 0).Add("", btf.Pointer, 0, 2)
}

func qualifiers() *fixture.Types {
	return new(fixture.Types).Add("a", btf.Typedef, 0, 2).Add("", btf.Const, 0, 3).Add("", btf.Volatile, 0, 2)
}

func TestHostile(t *testing.T) {
	for _, tt := range hostile {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if err := firstError(t, parsed(t, tt.old), parsed(t, tt.new)); err != nil {
				got = err.Error()
			}
			if !strings.HasSuffix(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("error %q, want %q", got, tt.want)
			}
		})
	}
}

// firstError compares two specs, prints what is found, and returns the error.
func firstError(t testing.TB, old, new *btf.Spec) error {
	t.Helper()
	d, err := New(old, new, Wanted{})
	if err != nil {
		return err
	}
	for c := range Classes {
		for f, err := range d.Findings(c) {
			if err != nil {
				return err
			}
			faces(t, []*Finding{f})
		}
	}
	return nil
}

// TestOldBitfields has bitfields as they were described before kind_flag.
func TestOldBitfields(t *testing.T) {
	const flag = 1 << 31
	old := new(fixture.Types).Add("x", btf.Int, 0, 4, 3).Add("a", btf.Struct, 2, 4, 1, 1, 0, 1, 2, 8).Add("y", btf.Int, 0, 4, 2<<16|5)
	binary.LittleEndian.PutUint32(old.Records[16+12+12+4:], 3) // the second field has the last type
	now := new(fixture.Types).Add("x", btf.Int, 0, 4, 32).Add("a", btf.Struct, flag|2, 4, 1, 1, 3<<24, 1, 1, 5<<24|10)
	d, err := New(parsed(t, old), parsed(t, now), Wanted{Types: []string{"a"}})
	if err != nil {
		t.Fatal(err)
	}
	text, _ := faces(t, all(t, d))
	want := "~ struct a\n\t~ x: y -> x\n"
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

// TestSplit compares modules of two kernels, not the kernels.
func TestSplit(t *testing.T) {
	oldKernel := new(fixture.Types).Add("a", btf.Struct, 0, 4)
	newKernel := new(fixture.Types).Add("a", btf.Struct, 0, 8).Add("b", btf.Struct, 0, 4)
	d, err := New(module(t, oldKernel, 1), module(t, newKernel, 1), Wanted{})
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := faces(t, all(t, d)); text != "" {
		t.Errorf("found\n%s", text)
	}
	d, err = New(module(t, oldKernel, 1), module(t, newKernel, 2), Wanted{})
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := faces(t, all(t, d)); text != "~ typedef mine: struct a -> struct b\n" {
		t.Errorf("found\n%s", text)
	}
}

// module returns split BTF with a typedef of a type of its base.
func module(t *testing.T, base *fixture.Types, id uint32) *btf.Spec {
	t.Helper()
	w := new(fixture.Types).Add("mine", btf.Typedef, 0, id)
	binary.LittleEndian.PutUint32(w.Records, uint32(len(base.Strings)))
	w.Strings = w.Strings[1:] // only a base starts with the empty name
	s, err := btf.Parse(w.Bytes(), parsed(t, base))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// FuzzFindings compares what may be no types at all.
func FuzzFindings(f *testing.F) {
	for _, tt := range hostile {
		if data := tt.old.Bytes(); len(data) < 1<<12 {
			f.Add(data, tt.new.Bytes())
		}
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		old, err := btf.Parse(a, nil)
		if err != nil {
			return
		}
		new, err := btf.Parse(b, nil)
		if err != nil {
			return
		}
		if err := firstError(t, old, new); err != nil && !strings.HasPrefix(err.Error(), "type ") {
			t.Errorf("error %v, want the number of a type", err)
		}
	})
}
