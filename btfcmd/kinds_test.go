package btfcmd

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/render"
)

// kindsFile has every kind of type: see kinds.c.
const kindsFile = "testdata/kinds.btf"

// run answers a command line without its object, such as "-j dump".
func run(t testing.TB, line string) (string, error) {
	t.Helper()
	words, format := strings.Fields(line), render.Plain
	switch words[0] {
	case "-j":
		words, format = words[1:], render.JSON
	case "-p":
		words, format = words[1:], render.Pretty
	}
	i := slices.IndexFunc(Commands.Verbs, func(v call.Verb) bool { return v.Name == words[0] })
	if i < 0 {
		t.Fatalf("no verb %q", words[0])
	}
	var out bytes.Buffer
	p := render.New(&out, render.NewTalk(&out, true), format)
	err := Commands.Verbs[i].Run(context.Background(), &call.Call{Args: args.New(words[0], words[1:]), Out: p})
	if closed := p.Close(); closed != nil {
		t.Fatal(closed)
	}
	return out.String(), err
}

// TestKinds compares the answers to command lines with those in a file, which
// are named after them.
func TestKinds(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/kinds.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range ar.Files {
		t.Run(want.Name, func(t *testing.T) {
			got, err := run(t, strings.ReplaceAll(want.Name, "kinds.btf", kindsFile))
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(want.Name, "-") && !json.Valid([]byte(got)) {
				t.Error("this is not JSON")
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

// TestKindsComplete makes sure that the sample has every kind.
func TestKindsComplete(t *testing.T) {
	for _, kind := range kindNames[1:] {
		got, err := run(t, "dump file "+kindsFile+" format json")
		if word := `"kind":"` + strings.ToLower(kind) + `"`; err != nil || !strings.Contains(got, word) {
			t.Errorf("no %s, %v", word, err)
		}
	}
}

func TestLayoutRefused(t *testing.T) {
	tests := []struct{ line, want string }{
		{"layout", "'layout' needs at least 1 arguments, 0 found"},
		{"layout holes from", "'from' needs at least 1 arguments, 0 found"},
		{"layout struct", "'struct' needs at least 1 arguments, 0 found"},
		{"layout holes from x", "unrecognized BTF source specifier: 'x'"},
		{"layout none from file kinds.btf", "no type is called 'none'"},
		{"layout none* from file kinds.btf", "no type is called 'none*'"},
		{"layout u8 from file kinds.btf", "no struct or union is called 'u8'"},
		{"layout union holes from file kinds.btf", "no union is called 'holes'"},
		{"layout struct packed_t from file kinds.btf", "no struct is called 'packed_t'"},
		{"layout holes from file kinds.btf more", "what is 'more'?"},
		{"dump file kinds.btf format jso", "unrecognized format specifier: 'jso', possible values: raw, c, json, go"},
	}
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			_, err := run(t, strings.ReplaceAll(tt.line, "kinds.btf", kindsFile))
			if err == nil || err.Error() != tt.want {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
}
