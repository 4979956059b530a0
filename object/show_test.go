package object

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/needs"
)

// objects are those of the package elfobj, of both byte orders.
const objects = "../internal/elfobj/testdata/*.bpfe?.o"

// plain returns the text of a fact.
func plain(f interface{ Plain(*bufio.Writer) }) string {
	var b strings.Builder
	w := bufio.NewWriter(&b)
	f.Plain(w)
	w.Flush()
	return b.String()
}

// TestOrders makes sure that the byte order of an object does not change what is said.
func TestOrders(t *testing.T) {
	files, err := filepath.Glob("../internal/elfobj/testdata/*.bpfel.o")
	if err != nil || len(files) == 0 {
		t.Fatal("no objects", err)
	}
	for _, file := range files {
		var texts [2]string
		for i, path := range []string{file, strings.Replace(file, "bpfel", "bpfeb", 1)} {
			o, err := elfobj.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			r := describe("x.o", o)
			r.ByteOrder = ""
			// Compilers may order, and so encode, a little otherwise.
			r.BTF = nil
			texts[i] = plain(r) + plain(describeNeeds("x.o", needs.Of(o)))
		}
		if texts[0] != texts[1] && filepath.Base(file) != "core.bpfel.o" {
			t.Errorf("%s: little-endian:\n%s\nbig-endian:\n%s", file, texts[0], texts[1])
		}
	}
}

// TestFacts makes sure that each fact stands in both faces.
func TestFacts(t *testing.T) {
	for _, tt := range []struct{ object, text, json string }{
		{"maps", "kernel_version 5.10.1", `"kernel_version":330241`},
		{"maps", "pinning by_name", `"pinning":"by_name"`},
		{"maps", "map_extra 0x3", `"map_extra":3`},
		{"maps", "struct key -> value_t", `"key":"struct key","value":"value_t"`},
		{"calls", "section ?tc/ingress", `"autoload":false`},
		{"calls", "not loaded by itself", `"section":"?tc/ingress"`},
		{"structops", ".cong_avoid = cong_avoid", `"member":"cong_avoid","function":"cong_avoid"`},
		{"externs", "CONFIG_NOSUCH: kconfig  weak", `"name":"CONFIG_NOSUCH","kind":"kconfig","weak":true`},
		{"externs", "bpf_task_acquire: kfunc", `"name":"bpf_task_acquire","kind":"kfunc","weak":false`},
		{"jumps", "table ", `"table":`},
		{"library", "library: global", `"name":"library"`},
		{"legacy", "hash  legacy", `"kind":"legacy"`},
		{"slots", "[0] = ", `"index":0`},
	} {
		o, err := elfobj.Open("../internal/elfobj/testdata/" + tt.object + ".bpfel.o")
		if err != nil {
			t.Fatal(err)
		}
		r := describe(tt.object, o)
		b, err := json.Marshal(r)
		if err != nil || !strings.Contains(string(b), tt.json) {
			t.Errorf("%s: no %s in %s, %v", tt.object, tt.json, b, err)
		}
		if text := plain(r); !strings.Contains(text, tt.text) {
			t.Errorf("%s: no %q in:\n%s", tt.object, tt.text, text)
		}
	}
}

// FuzzFacts describes what may be no object at all.
func FuzzFacts(f *testing.F) {
	files, _ := filepath.Glob(objects)
	for _, file := range files {
		data, err := os.ReadFile(file)
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
		w := bufio.NewWriter(io.Discard)
		shown, needed := describe("x.o", o), describeNeeds("x.o", needs.Of(o))
		shown.Plain(w)
		needed.Plain(w)
		for _, fact := range []any{shown, needed} {
			if _, err := json.Marshal(fact); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestPlainOfStrangers keeps what objects say from commanding a terminal.
func TestPlainOfStrangers(t *testing.T) {
	for name, text := range map[string]string{
		"show":     plain(&Object{File: "evil.o", ByteOrder: "little-endian", License: "GPL\x1b[2J"}),
		"requires": plain(&Requirements{File: "evil\x1b[2J.o"}),
	} {
		if strings.Contains(text, "\x1b") || !strings.Contains(text, "?[2J") {
			t.Errorf("%s: %q", name, text)
		}
	}
}
