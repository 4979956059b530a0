package btfdiff

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// A writer makes BTF with anything in it.
type writer struct{ types, strings []byte }

// add adds a record with the given info word and tail, and returns w. The names
// of the parts of it are offsets: that of the first name is 1.
func (w *writer) add(name string, kind btf.Kind, n, word uint32, tail ...uint32) *writer {
	if len(w.strings) == 0 {
		w.strings = []byte{0}
	}
	var off uint32
	if name != "" {
		off = uint32(len(w.strings))
		w.strings = append(append(w.strings, name...), 0)
	}
	for _, v := range append([]uint32{off, uint32(kind)<<24 | n, word}, tail...) {
		w.types = binary.LittleEndian.AppendUint32(w.types, v)
	}
	return w
}

func (w *writer) data() []byte {
	types, text := uint32(len(w.types)), uint32(len(w.strings))
	b := []byte{0x9f, 0xeb, 1, 0}
	for _, v := range []uint32{24, 0, types, types, text} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return append(append(b, w.types...), w.strings...)
}

func (w *writer) spec(t testing.TB) *btf.Spec {
	t.Helper()
	s, err := btf.Parse(w.data(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// nest returns structs within each other, the outermost of which has a name: each
// has the one before twice.
func nest(fields uint32, depth uint32) *writer {
	w := new(writer).add("i", btf.Int, 0, 4, 32)
	for id := uint32(1); id < depth; id++ {
		w.add("", btf.Struct, 2, 4, fields, id, 0, fields, id, 0)
	}
	return w.add("a", btf.Struct, 1, 4, fields, depth, 0)
}

// many returns n structs of one name, all of which have another size.
func many(n, size uint32) *writer {
	w := new(writer)
	for i := range n {
		w.add("", btf.Struct, 0, size+i)
		binary.LittleEndian.PutUint32(w.types[12*i:], 1)
	}
	w.strings = []byte("\x00a\x00")
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
	old, new *writer
	want     string
}{
	{"a pointer to itself", pointer(2), pointer(2), "they have no end"},
	{"a function of itself", prototype(), prototype(), "more than 64 types in a row"},
	{"a struct in itself", new(writer).add("a", btf.Struct, 1, 4, 0, 2, 0).add("", btf.Struct, 1, 4, 0, 2, 0), nest(0, 2), "it has no end"},
	{"a field in itself", inItself(), inItself(), "more than 64 types in a row"},
	{"structs without names", nest(0, 60), nest(0, 60), "there is too much in them to compare"},
	{"fields without names", nest(1, 60), nest(1, 60), "there is too much in them to compare"},
	{"one name for all", many(1<<12, 0), many(1<<12, 1<<20), "there is too much in them to compare"},
	{"one name for all fields", new(writer).add("a", btf.Struct, 1<<14, 4, words(1<<14, 1, 0, 8)...), new(writer).add("a", btf.Struct, 1<<14-1, 4, words(1<<14-1, 1, 0, 16)...), "there is too much in them to compare"},
	{"one name for all values", new(writer).add("a", btf.Enum, 1<<14, 4, words(1<<14, 1, 0)...), new(writer).add("a", btf.Enum, 1<<14-1, 4, words(1<<14-1, 1, 1)...), "there is too much in them to compare"},
	{"a typedef of itself", new(writer).add("a", btf.Typedef, 0, 1), new(writer).add("a", btf.Typedef, 0, 1), ""},
	{"qualifiers of each other", qualifiers(), qualifiers(), ""},
}

func pointer(to uint32) *writer {
	return new(writer).add("a", btf.Typedef, 0, 2).add("", btf.Pointer, 0, to)
}

func prototype() *writer {
	return new(writer).add("a", btf.Func, 0, 2).add("", btf.FuncProto, 1, 0, 0, 2)
}

func inItself() *writer {
	return new(writer).add("a", btf.Struct, 1, 4, 1, 2, 0).add("", btf.Struct, 1, 4, 1, 3, 0).add("", btf.Pointer, 0, 2)
}

func qualifiers() *writer {
	return new(writer).add("a", btf.Typedef, 0, 2).add("", btf.Const, 0, 3).add("", btf.Volatile, 0, 2)
}

func TestHostile(t *testing.T) {
	for _, tt := range hostile {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if err := firstError(t, tt.old.spec(t), tt.new.spec(t)); err != nil {
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
	old := new(writer).add("x", btf.Int, 0, 4, 3).add("a", btf.Struct, 2, 4, 1, 1, 0, 1, 2, 8).add("y", btf.Int, 0, 4, 2<<16|5)
	binary.LittleEndian.PutUint32(old.types[16+12+12+4:], 3) // the second field has the last type
	now := new(writer).add("x", btf.Int, 0, 4, 32).add("a", btf.Struct, flag|2, 4, 1, 1, 3<<24, 1, 1, 5<<24|10)
	d, err := New(old.spec(t), now.spec(t), Wanted{Types: []string{"a"}})
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
	oldKernel := new(writer).add("a", btf.Struct, 0, 4)
	newKernel := new(writer).add("a", btf.Struct, 0, 8).add("b", btf.Struct, 0, 4)
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
func module(t *testing.T, base *writer, id uint32) *btf.Spec {
	t.Helper()
	w := new(writer).add("mine", btf.Typedef, 0, id)
	binary.LittleEndian.PutUint32(w.types, uint32(len(base.strings)))
	w.strings = w.strings[1:] // only a base starts with the empty name
	s, err := btf.Parse(w.data(), base.spec(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// FuzzFindings compares what may be no types at all.
func FuzzFindings(f *testing.F) {
	for _, tt := range hostile {
		if data := tt.old.data(); len(data) < 1<<12 {
			f.Add(data, tt.new.data())
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
