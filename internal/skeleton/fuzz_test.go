package skeleton

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"testing"

	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// FuzzWrite writes skeletons of objects that may say anything: an error, or code that can be read.
func FuzzWrite(f *testing.F) {
	for _, path := range []string{"every/every.bpf.o", "../../examples/demo/object/demo.bpfeb.o", "../../testdata/idioms/struct_ops_link.o", "../../testdata/idioms/usdt.o"} {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, 0, byte(0))
	}
	f.Fuzz(func(t *testing.T, data []byte, at int, flip byte) {
		if at >= 0 && at < len(data) {
			data[at] ^= flip
		}
		object, err := elfobj.Read(data)
		if err != nil {
			return
		}
		for _, options := range []Options{
			{Name: "fuzzed", Package: "p"}, {Name: "fuzzed", Package: "p", Sub: true},
			{Package: "p", Bpf2go: &Bpf2go{Ident: "fuzzed", Constraint: "linux", Global: true}},
		} {
			s, err := New(object, data, options)
			if err != nil {
				continue
			}
			var b bytes.Buffer
			if err := s.Write(&b); err != nil {
				continue
			}
			if _, err := parser.ParseFile(token.NewFileSet(), "", b.Bytes(), parser.SkipObjectResolution); err != nil {
				t.Error(err)
			}
		}
	})
}
