package mapcmd

import (
	"io"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/render"
)

const goodHead = `{"format":"gobpftool map 1","byte_order":"little","type":"hash","flags":0,"bytes_key":4,"bytes_value":8,"max_entries":3}`

// read opens an import of text, and reads its lines without writing them anywhere.
func read(text string) error {
	c := &call.Call{Args: args.New("import", []string{"-"}), In: strings.NewReader(text), Talk: render.NewTalk(io.Discard, true)}
	r, err := openImport(c)
	if err != nil {
		return err
	}
	defer r.Close()
	for r.scan(newTestTable("hash", 4, 8, 0)); r.lines.Scan(); {
		r.n++
	}
	return r.broken()
}

// TestHostileFiles reads files that are no exports: an error with its line, and no more
// memory than an entry may need.
func TestHostileFiles(t *testing.T) {
	if byteOrder() != "little" {
		t.Skip("the definition is of a little-endian machine")
	}
	endless := strings.Repeat("x", maxHead+2)
	tests := []struct{ name, text, want string }{
		{"nothing", "", "line 1: the definition of a map expected, but the file is empty"},
		{"good", goodHead + "\n{}\n", ""},
		{"no end of line", goodHead, ""},
		{"endless definition", endless, "line 1: no definition of a map: more than"},
		{"endless line", goodHead + "\n{}\n" + endless[:1<<20], "line 3: longer than an entry can be"},
		{"NUL", "\x00", "line 1: no definition of a map: "},
		{"two", goodHead + goodHead, "line 1: no definition of a map: there is something behind it"},
		{"number", "1\n", "line 1: no definition of a map: "},
		{"unknown key", `{"format":"gobpftool map 1","kind":1}`, "line 1: no definition of a map: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			switch err := read(tt.text); {
			case tt.want == "" && err != nil:
				t.Error(err)
			case tt.want != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.want)):
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

// FuzzHead reads hostile definitions.
func FuzzHead(f *testing.F) {
	f.Add(goodHead)
	f.Add(`{"format":"gobpftool map 1","byte_order":"little","type":33,"btf":"n+sB","max_entries":-1}`)
	f.Fuzz(func(t *testing.T, text string) {
		if err := read(text); err != nil && !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("%q: no line in %v", text, err)
		}
	})
}
