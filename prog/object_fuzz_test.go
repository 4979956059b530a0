package prog

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// mostDumped is how many functions of an object are dumped, which may all call each other.
const mostDumped = 50

// FuzzObjectDump dumps any object in all looks.
func FuzzObjectDump(f *testing.F) {
	paths, err := filepath.Glob(objects + "/*.o")
	if err != nil || len(paths) < 20 {
		f.Fatalf("%d objects, %v", len(paths), err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := elfobj.Read(data)
		if err != nil {
			return
		}
		list := append(o.Programs, o.Funcs...)
		for _, fn := range list[:min(len(list), mostDumped)] {
			u := unloaded{o, fn}
			l, err := u.listing(style{true, true})
			if err != nil {
				continue
			}
			if len(u.code()) != len(l.code) {
				t.Fatalf("%s: %d bytes of code, want %d", fn.Name, len(u.code()), len(l.code))
			}
			w := bufio.NewWriter(io.Discard)
			l.Plain(w)
			l.dot(w)
			newPage(u.heading().subject(), l).write(w)
			var insns []any
			if b := l.AppendJSON(nil); isText(string(b)) && json.Unmarshal(b, &insns) != nil {
				t.Fatalf("%s: no JSON: %s", fn.Name, b)
			}
		}
	})
}
