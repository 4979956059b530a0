package btfcmd

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// raw returns BTF of records, each of which is its kind, its number of parts, 1
// to be called "a" or 0 for no name, and the words that follow.
func raw(records ...[]uint32) []byte {
	var types []byte
	for _, r := range records {
		for _, word := range append([]uint32{r[2], r[0]<<24 | r[1]}, r[3:]...) {
			types = binary.LittleEndian.AppendUint32(types, word)
		}
	}
	b := []byte{0x9f, 0xeb, 1, 0}
	n := uint32(len(types))
	for _, word := range []uint32{24, 0, n, n, 3} {
		b = binary.LittleEndian.AppendUint32(b, word)
	}
	return append(append(b, types...), "\x00a\x00"...)
}

// nested returns structs that each have the one before twice, all but the last
// of them without a name.
func nested(n uint32) []byte {
	records := [][]uint32{{uint32(btf.Int), 0, 1, 4, 32}}
	for id := uint32(1); id <= n; id++ {
		records = append(records, []uint32{uint32(btf.Struct), 2, id / n, 4, 0, id, 0, 0, id, 0})
	}
	return raw(records...)
}

// hostile are types that have no layout, and what is said about them.
var hostile = []struct {
	name   string
	data   []byte
	layout string
	dump   string
}{
	{"a struct in itself", raw([]uint32{uint32(btf.Struct), 1, 0, 4, 0, 1, 0}, []uint32{uint32(btf.Struct), 1, 1, 4, 0, 1, 0}), "more than 64 structs within each other", ""},
	{"structs in structs", nested(60), "there are too many members", ""},
	{"a member of no size", raw([]uint32{uint32(btf.Struct), 1, 1, 4, 0, 0, 0}), "type 1: member 0: type 0 has no size", ""},
	{"a member of a function", raw([]uint32{uint32(btf.FuncProto), 0, 0, 0}, []uint32{uint32(btf.Struct), 1, 1, 4, 0, 1, 0}), "type 2: member 0: type 1 has no size", ""},
	{"a member of nothing", raw([]uint32{uint32(btf.Struct), 1, 1, 4, 0, 9, 0}), "type 9 of 2", "type 9 of 2"},
	{"an array of itself", raw([]uint32{uint32(btf.Array), 0, 0, 0, 1, 1, 9}, []uint32{uint32(btf.Struct), 1, 1, 4, 0, 1, 0}), "more than", "type 1 has no name that ends"},
	{"an endless array", raw([]uint32{uint32(btf.Int), 0, 1, 4, 32}, []uint32{uint32(btf.Array), 0, 0, 0, 1, 1, 1<<32 - 1}, []uint32{uint32(btf.Array), 0, 0, 0, 2, 1, 1<<32 - 1}, []uint32{uint32(btf.Struct), 1, 1, 4, 0, 3, 0}), "4294967295 elements", ""},
	{"a pointer to itself", raw([]uint32{uint32(btf.Pointer), 0, 0, 1}, []uint32{uint32(btf.Struct), 1, 1, 8, 0, 1, 0}), "type 1 has no name that ends", "type 1 has no name that ends"},
}

func TestHostile(t *testing.T) {
	for _, tt := range hostile {
		t.Run(tt.name, func(t *testing.T) {
			layout, dump := describeAll(t, tt.data)
			for what, errs := range map[string]struct {
				got  error
				want string
			}{"layout": {layout, tt.layout}, "dump": {dump, tt.dump}} {
				if (errs.got == nil) != (errs.want == "") || errs.got != nil && !strings.Contains(errs.got.Error(), errs.want) {
					t.Errorf("%s: error %v, want %q", what, errs.got, errs.want)
				}
			}
		})
	}
}

// describeAll describes all types and all structs with names in BTF, and returns
// the first error of each.
func describeAll(t *testing.T, data []byte) (layout, dump error) {
	spec, err := btf.Parse(data, nil)
	if err != nil {
		return err, err
	}
	for d, err := range descriptions(spec, nil) {
		if err != nil {
			dump = err
			break
		}
		if !json.Valid(d) {
			t.Errorf("not JSON: %s", d)
		}
	}
	k := newWalk(spec)
	for id := btf.ID(1); id < spec.Len(); id++ {
		if typ, _ := spec.Type(id); keyword(typ.Kind) == "" || typ.Name == "" {
			continue
		}
		l, err := k.layout(id)
		if err != nil {
			return err, dump
		}
		l.Plain(bufio.NewWriter(io.Discard))
		if _, err := json.Marshal(l); err != nil {
			t.Error(err)
		}
	}
	return nil, dump
}

// FuzzTypes describes what may be no types at all.
func FuzzTypes(f *testing.F) {
	files, err := filepath.Glob("../internal/decl/testdata/*.btf")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, kindsFile) {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, tt := range hostile {
		f.Add(tt.data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { describeAll(t, data) })
}
