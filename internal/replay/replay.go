// Package replay tests that facts print what the C bpftool printed.
//
// A recording is a txtar archive with an answer of bpftool as JSON, indented JSON
// and plain text; its comment says which bpftool gave it, on which kernel, and to
// what question. Program record makes them. The JSON is decoded into facts, which
// must print all three again, byte for byte. That takes no root and no kernel.
package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/gobpftool/gobpftool/internal/render"
)

// The files of a recording.
const (
	JSON   = "json"
	Pretty = "pretty"
	Plain  = "plain"
)

// NoPlain begins the line of the comment that says why a recording has no plain
// text.
const NoPlain = "no plain text: "

// A fact is a pointer to the struct T, as which it is decoded.
type fact[T any] interface {
	*T
	render.Fact
}

// Test replays the recordings in a directory, which are answers about facts of
// type T. Where those have times, time.Local must be time.UTC, as it was for
// bpftool.
func Test[T any, F fact[T]](t *testing.T, dir string) {
	for _, name := range recordings(t, dir) {
		t.Run(name, func(t *testing.T) {
			ar, err := txtar.ParseFile(filepath.Join(dir, name+ext))
			if err != nil {
				t.Fatal(err)
			}
			testOne[T, F](t, ar)
		})
	}
}

// testOne replays one recording.
func testOne[T any, F fact[T]](t *testing.T, ar *txtar.Archive) {
	files := make(map[string]string)
	for _, f := range ar.Files {
		files[f.Name] = string(f.Data)
	}
	faces := []string{JSON, Pretty, Plain}
	if bytes.Contains(ar.Comment, []byte(NoPlain)) {
		faces = faces[:2]
	}
	Files[T, F](t, files, faces...)
}

// Files replays an answer about facts of type T, by the names of its files. Those of faces must be there.
func Files[T any, F fact[T]](t *testing.T, files map[string]string, faces ...string) {
	t.Helper()
	a, err := decode[T, F](files[JSON])
	if err != nil {
		t.Fatal(err)
	}
	formats := map[string]render.Format{JSON: render.JSON, Pretty: render.Pretty, Plain: render.Plain}
	for _, name := range faces {
		want, ok := files[name]
		if !ok {
			t.Errorf("no file %q", name)
			continue
		}
		if diff := cmp.Diff(want, a.print(t, formats[name])); diff != "" {
			t.Errorf("%s (-bpftool +ours):\n%s", name, diff)
		}
	}
}

// An answer is one fact, or a list of facts.
type answer[T any, F fact[T]] struct {
	facts []F
	alone bool
}

// decode reads an answer in JSON. It knows all keys.
func decode[T any, F fact[T]](text string) (a answer[T, F], err error) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	if a.alone = !strings.HasPrefix(text, "["); a.alone {
		a.facts = []F{new(T)}
		err = dec.Decode(a.facts[0])
	} else {
		err = dec.Decode(&a.facts)
	}
	if err == nil && dec.More() {
		err = fmt.Errorf("more than one JSON document: %s", text)
	}
	return a, err
}

// print returns what gobpftool prints.
func (a answer[T, F]) print(t *testing.T, format render.Format) string {
	var out bytes.Buffer
	p := render.New(&out, render.NewTalk(&out, false), format)
	var err error
	if a.alone {
		err = p.One(a.facts[0])
	} else {
		err = render.All(p, func(yield func(F, error) bool) {
			for _, f := range a.facts {
				if !yield(f, nil) {
					return
				}
			}
		})
	}
	if err == nil {
		err = p.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const ext = ".txtar"

// recordings lists the recordings in a directory, by name.
func recordings(t *testing.T, dir string) []string {
	files, err := filepath.Glob(filepath.Join(dir, "*"+ext))
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings in %s: %v", dir, err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(filepath.Base(f), ext)
	}
	return files
}
