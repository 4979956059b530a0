package grammar

import (
	"strings"
	"testing"
)

// terms are in the manner of the tool's, and harder.
var terms = []Term{
	{"PROG", "{ id PROG_ID | tag PROG_TAG | name PROG_NAME | pinned FILE }"},
	{"MAP", "id MAP_ID | name MAP_NAME | pinned FILE"},
	{"DATA", "[hex] BYTE..."},
	{"VALUE", "{ DATA | MAP | PROG }"},
}

func TestNext(t *testing.T) {
	const update = "MAP [key DATA] [value VALUE] [any | exist | noexist]"
	const load = "OBJ PATH [type TYPE] [map { idx IDX | name NAME } MAP]... [dev DEV] [autoattach]"
	tests := []struct{ name, args, words, want string }{
		{"nothing", "", "", ""},
		{"nothing more", "", "x", ""},
		{"a term", "[PROG]", "", "id tag name pinned"},
		{"a variable", "[PROG]", "id", "PROG_ID"},
		{"the end", "[PROG]", "id 7", ""},
		{"an abbreviation", "[PROG]", "p", "FILE"},
		{"no keyword", "[PROG]", "x", ""},
		{"the first of several", "[PROG | tango X]", "t", "PROG_TAG"},
		{"an exact one before the first", "{ names X | name Y }", "name", "Y"},
		{"one keyword, two ways", "{ dev A | dev B }", "dev", "A B"},
		{"a choice without braces", "a | B", "", "a B"},
		{"options", update, "id 7", "key value any exist noexist"},
		{"repetition", update, "id 7 key", "hex BYTE"},
		{"within a repetition", update, "id 7 key hex 0 1", "BYTE value any exist noexist"},
		{"a keyword ends a repetition", update, "id 7 key 0 v", "hex BYTE id name pinned tag"},
		{"in any order", update, "id 7 noexist key 0", "BYTE value"},
		{"a repeated option", load, "a b map idx 1 id 7", "type map dev autoattach"},
		{"an option given", load, "a b autoattach map name x name y dev eth0", "type map"},
		{"nested options", "[in FILE [out FILE [size N]]] [repeat N]", "in x out y", "size repeat"},
		{"nested options left out", "[in FILE [out FILE [size N]]] [repeat N]", "in x repeat 5", ""},
		{"positions keep their order", "[A] [b] [C]", "", "A b C"},
		{"a position that is filled", "[A] [b] [C]", "x b", "C"},
		{"repetition of nothing", "[a]... b", "a a", "a b"},
		{"repetition of repetition", "{ A... | b... }... c", "x b b", "b A c"},
		{"repetition of a choice", "{ a | b | c }...", "a b", "a b c"},
		{"dots apart", "A ...", "x y", "A"},
		{"dots amid", "a...B", "a", "a B"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g, err := Parse(tt.args, terms)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, n := range g.Next(strings.Fields(tt.words)) {
				if n.Variable != (strings.ToUpper(n.Word) == n.Word) {
					t.Errorf("%s: Variable = %v", n.Word, n.Variable)
				}
				got = append(got, n.Word)
			}
			if got := strings.Join(got, " "); got != tt.want {
				t.Errorf("after %q: %q, want %q", tt.words, got, tt.want)
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"[a", "column 3: unexpected end"},
		{"a ]", `column 3: unexpected "]"`},
		{"{ a ]", `column 5: unexpected "]"`},
		{"[]", `column 2: unexpected "]"`},
		{"{ a | }", `column 7: unexpected "}"`},
		{"| a", `column 1: unexpected "|"`},
		{"a |", "column 4: unexpected end"},
		{"...", `column 1: unexpected "..."`},
		{"[... a]", `column 2: unexpected "..."`},
		{"x LOOP", "LOOP: AGAIN: column 3: LOOP stands for itself"},
		{"BAD", "BAD: column 2: unexpected end"},
	}
	terms := []Term{{"LOOP", "[AGAIN]"}, {"AGAIN", "a LOOP"}, {"BAD", "["}}
	for _, tt := range tests {
		if _, err := Parse(tt.text, terms); err == nil || err.Error() != tt.want {
			t.Errorf("Parse(%q): %v, want %s", tt.text, err, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("MAP [key DATA] [value VALUE] [any | exist | noexist]", "id 7 key hex 0 va")
	f.Add("{ a | [b]... | C... }... D", "b b x a")
	f.Add("[a] [b] [c A]... [[d]] {e|f}", "c 1 b a d")
	f.Add("]{", "")
	f.Fuzz(func(t *testing.T, text, words string) {
		g, err := Parse(text, terms)
		if err != nil {
			if g != nil || !strings.Contains(err.Error(), "column ") {
				t.Errorf("%v, %v", g, err)
			}
			return
		}
		for _, n := range g.Next(strings.Fields(words)) {
			if n.Word == "" {
				t.Error("an empty word may come next")
			}
		}
	})
}
