package docs

import (
	"strings"
	"testing"
)

func TestRoff(t *testing.T) {
	tests := []struct{ name, got, want string }{
		{"a period at the start", escape(".so x"), `\&.so x`},
		{"a quote at the start", escape("'x"), `\(aqx`},
		{"a backslash", escape(`a\nb`), `a\(rsnb`},
		{"dashes", escape("--a-b"), `\-\-a\-b`},
		{"what becomes typographic", escape("`^~\""), `\(ga\(ha\(ti\(dq`},
		{"hyphens and options", escapeProse("read-only (--json, -p)"), `read-only (\-\-json, \-p)`},
		{"hyphens in paths", escapeProse("/a-b/c"), `/a\-b/c`},
		{"a word that starts with a period", prose("One. .bss", ".PP"), `One. \&.bss`},
		{"a sentence that starts with a period", prose(".bss is\none.\n\n.data", ".PP"), "\\&.bss is one.\n.PP\n\\&.data"},
		{"sentences", prose("One. Two, e.g. this.\nThree.", ".PP"), "One.\nTwo, e.g. this.\nThree."},
		{"an example", prose("Try:\n\n\t.a -b\n\tc  d\n\nSo.", ".PP"), "Try:\n.PP\n.EX\n\\&.a \\-b\nc  d\n.EE\n.PP\nSo."},
		{"syntax", syntax("{ show | list } [PROG] BYTE..."), `{ \fBshow\fR | \fBlist\fR } [\fIPROG\fR] \fIBYTE\fR...`},
		{"nested syntax", syntax("[in FILE [out FILE]]"), `[\fBin\fR \fIFILE\fR [\fBout\fR \fIFILE\fR]]`},
		{"an option", optionSyntax(Option{Short: "-B", Long: "--base-btf", Arg: "FILE"}),
			`\fB\-B\fR \fIFILE\fR, \fB\-\-base\-btf\fR \fIFILE\fR`},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, tt.got, tt.want)
		}
	}
}

// awkward has characters that mean something to shells and to roff.
var awkward = &Tool{
	Name:    "tool",
	Options: []Option{{Short: "-q", Long: "--quiet", About: `Don't say "\" or $HOME`}},
	Objects: []*Object{{
		Name: "prog", Short: "what's loaded: `all`", Long: ".so is none",
		Words: []Word{{"show", `It's 100%\n`}},
		Verbs: []Verb{{Usage: "show [X]", Short: "'tis"}},
		Terms: []Term{{"X", `{ '\' | .y }`}},
	}},
}

func TestAwkwardText(t *testing.T) {
	for shell, want := range map[string]string{
		"bash": "words='show'",
		"zsh":  `'show:It'\''s 100%\n'`,
		"fish": `'show' 'It\'s 100%\\n'`,
	} {
		text, err := Script(awkward, shell)
		if err != nil || !strings.Contains(text, want) {
			t.Errorf("%s: %v, no %s in:\n%s", shell, err, want, text)
		}
	}
	for name, page := range Pages(awkward) {
		text, err := page()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "'") || strings.HasPrefix(line, ".so") || strings.Contains(line, `\n`) {
				t.Errorf("%s: %s", name, line)
			}
		}
	}
}
