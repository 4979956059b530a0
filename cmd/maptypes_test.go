package cmd_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/entries"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
)

// newScript returns a script without lines, whose commands tests of their own run.
func newScript(t *testing.T) *script {
	return &script{t: t, file: t.Name(), dir: t.TempDir(), vars: map[string]string{"BPFFS": fixture.BPFFS()}}
}

// TestMapTypes tries every row of the table of types, of which docs/map/types.md is made:
// maps are made as it says, and each verb works or says why it does not.
func TestMapTypes(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.ReferenceTool, fixture.Isolation)
	var types []string
	for _, k := range entries.Kinds() {
		types = append(types, k.Type)
		t.Run(k.Type, func(t *testing.T) {
			s := newScript(t)
			s.have(mustFind(t, fixture.Maps, k.Type)) // or else this kernel has none
			path := fixture.BPFFS() + "/ours"
			if k.Create == "" {
				check(t, s.pin(path))
			} else {
				createTwice(s, k, path)
			}
			for _, operation := range entries.Operations {
				try(s, k, operation, path)
			}
		})
	}
	if want := names.MapTypes(); !slices.Equal(types, want) {
		t.Errorf("rows for %q\nwant %q", types, want)
	}
}

func mustFind(t *testing.T, rows []fixture.Row, typ string) fixture.Row {
	t.Helper()
	row, ok := fixture.Find(rows, typ)
	if !ok {
		t.Fatalf("no row %q", typ)
	}
	return row
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// createTwice makes a map with the words of a row by the tool, and by the reference: both are
// the same.
func createTwice(s *script, k entries.Kind, path string) {
	s.t.Helper()
	inner := path + "_inner"
	if strings.Contains(k.Create, "MAP") {
		check(s.t, s.make(path+"_inner", "array key 4 value 4 entries 2"))
	}
	words := k.Type + " " + strings.Replace(k.Create, "MAP", "pinned "+inner, 1)
	check(s.t, s.make(path, words))
	theirs := path + "_theirs"
	s.cleanup(theirs)
	check(s.t, s.reference(append([]string{"map", "create", theirs, "name", "m", "type"}, strings.Fields(words)...)))
	check(s.t, s.run([]string{"gobpftool", "-j", "map", "show", "pinned", path}))
	ours := s.stdout
	check(s.t, s.run([]string{"gobpftool", "-j", "map", "show", "pinned", theirs}))
	if _, a, _ := strings.Cut(ours, ","); !strings.HasSuffix(s.stdout, ","+a) { // behind the ID
		s.t.Errorf("made %sthe reference makes %s", ours, s.stdout)
	}
}

// make makes a map at a path.
func (s *script) make(path, words string) error {
	s.cleanup(path)
	return s.run(append([]string{"gobpftool", "map", "create", path, "name", "m", "type"}, strings.Fields(words)...))
}

// try does with the map at a path what a row tells about an operation.
func try(s *script, k entries.Kind, operation, path string) {
	s.t.Helper()
	for _, format := range [][]string{nil, {"-j"}} {
		args := append(slices.Clone(format), "map", operation, "pinned", path)
		args = append(args, elementWords(s, k, operation, path)...)
		s.gobpftool(args)
		said, why := s.stdout+s.stderr, entries.WhyNot(k.Type, operation)
		switch {
		case why != "" && (s.status != 1 || !strings.Contains(said, ": "+why)):
			s.t.Errorf("%s: status %d, %q; want %q", operation, s.status, said, why)
		case why == "" && s.status != 0 && s.status != 3 && !isAboutElement(k.Type+" "+operation, said):
			s.t.Errorf("%s: status %d, %q", operation, s.status, said)
		}
	}
}

// isAboutElement reports whether an operation failed for what it was asked: keys and values
// here are all zeros.
func isAboutElement(operation, said string) bool {
	wrong := []string{"No such file or directory", "Bad file descriptor", "Socket operation on non-socket", "got: '0'?"}
	switch operation {
	case "sockmap delete", "devmap_hash update": // of an empty slot, of a device 0
		wrong = append(wrong, "Invalid argument")
	}
	if inGuest() {
		wrong = append(wrong, "this kernel has no such operation")
	}
	return slices.ContainsFunc(wrong, func(text string) bool { return strings.Contains(said, text) })
}

// elementWords are what an operation on any entry of the map at a path needs.
func elementWords(s *script, k entries.Kind, operation, path string) (words []string) {
	s.t.Helper()
	var m struct {
		Key   int `json:"bytes_key"`
		Value int `json:"bytes_value"`
	}
	check(s.t, s.run([]string{"gobpftool", "-j", "map", "show", "pinned", path}))
	check(s.t, json.Unmarshal([]byte(s.stdout), &m))
	if operation == "dump" || operation == "getnext" {
		return nil
	}
	if m.Key > 0 || operation == "delete" {
		words = append(append(words, "key"), slices.Repeat([]string{"0"}, m.Key)...)
	}
	if m.Value > 0 && (operation == "update" || operation == "lookup" && k.Type == "bloom_filter") {
		words = append(append(words, "value"), slices.Repeat([]string{"0"}, m.Value)...)
	}
	return words
}
