package cmd

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/grammar"
)

// TestTableGrammar checks the arguments and terms of all commands: they are in
// the notation, and no term is idle.
func TestTableGrammar(t *testing.T) {
	for _, o := range table(&runner{}) {
		terms := grammarTerms(o.Terms)
		parse := func(where, text string) {
			if _, err := grammar.Parse(text, terms); err != nil {
				t.Errorf("%s %s: %q: %v", o.Name, where, text, err)
			}
		}
		words := strings.NewReplacer("[", " ", "]", " ", ".", " ", "{", " ", "}", " ", "|", " ")
		used := strings.Fields(words.Replace(o.Args))
		parse("", o.Args)
		for _, v := range o.Verbs {
			parse(v.Name, v.Args)
			used = append(used, strings.Fields(words.Replace(v.Args))...)
		}
		for _, term := range o.Terms {
			parse(term.Name, term.Syntax)
			used = append(used, strings.Fields(words.Replace(term.Syntax))...)
		}
		for _, term := range o.Terms {
			if !slices.Contains(used, term.Name) {
				t.Errorf("%s: nothing uses the term %s", o.Name, term.Name)
			}
		}
	}
}

func TestComplete(t *testing.T) {
	run := func(context.Context, *call.Call) error { return nil }
	objects := []call.Object{
		{Name: call.Help, Short: "how"},
		planned("plan", "later", "show help"),
		{Name: "prog", Short: "programs", Options: "fB", Verbs: []call.Verb{
			{Name: "show", Args: "[PROG]", Short: "Show them", Run: run},
			{Name: "list", Like: "show"},
			{Name: call.Help},
			{Name: "dump"},
			{Name: "load", Args: "OBJ DIR", Run: run},
		}, Terms: []call.Term{{Name: "PROG", Syntax: "{ id X | pinned FILE }"}}},
		{Name: "batch", Args: "file FILE", Run: run},
	}
	tests := []struct{ name, words, want string }{
		{"no words", "", "help prog batch"},
		{"objects", "''", "help prog batch"},
		{"an object", "pr", "prog"},
		{"an object that is not built", "pl", ""},
		{"verbs", "prog ''", "show list help load"},
		{"a verb", "prog l", "list load"},
		{"verbs of an abbreviation", "pro ''", "show list help load"},
		{"an abbreviation taken by another", "p ''", "help"},
		{"arguments", "prog show ''", "id pinned"},
		{"an argument", "prog show i", "id"},
		{"arguments of a second name", "prog l ''", "id pinned"},
		{"arguments of nothing built", "prog d ''", ""},
		{"an unknown verb", "prog frob ''", ""},
		{"an unknown object", "frob ''", ""},
		{"files", "prog show p x", wantFiles},
		{"objects in files", "prog load ''", wantFiles},
		{"directories", "prog load x ''", wantDirectories},
		{"too much", "prog show id 1 ''", ""},
		{"no verbs", "batch ''", "file"},
		{"nothing after help", "prog help ''", ""},
		{"options of the tool", "--b", "--bpffs --base-btf"},
		{"options of an object", "prog --", "--json --pretty --debug --bpffs --base-btf"},
		{"options between", "prog -j show --p", "--pretty"},
		{"options without a long form", "-", "--json --pretty --version --help --debug --bpffs --mapcompat " +
			"--nomount --base-btf --use-loader --sign -k -i"},
		{"the argument of an option", "prog -B ''", wantFiles},
		{"the argument of an option, attached", "prog --base-btf=x", wantFiles},
		{"an option without an argument", "prog --json=x", ""},
		{"after the argument of an option", "-B x prog s", "show"},
		{"options in a bundle", "-jB prog ''", "help prog batch"},
		{"an unknown option", "-x prog ''", ""},
		{"no options any more", "-- prog -", ""},
		{"words after the options", "-j -- prog s", "show"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			words := strings.Fields(tt.words)
			for i, w := range words {
				words[i] = strings.Trim(w, "'")
			}
			var got []string
			for _, c := range complete(objects, words) {
				got = append(got, c.word)
			}
			if got := strings.Join(got, " "); got != tt.want {
				t.Errorf("%q: %q, want %q", tt.words, got, tt.want)
			}
		})
	}
}
