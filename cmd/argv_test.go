package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// spell writes options as the command line understands them best.
func spell(opts []given) string {
	var list []string
	for _, o := range opts {
		s := o.name()
		if o.arg != "" {
			s += "=" + o.value
		}
		list = append(list, s)
	}
	return strings.Join(list, " ")
}

func TestPermute(t *testing.T) {
	const wrong = "unrecognized option "
	tests := []struct {
		name, argv  string
		opts, words string
		err         string
	}{
		{"in front", "-j prog show", "json", "prog show", ""},
		{"behind", "prog show -j", "json", "prog show", ""},
		{"bundled", "-jpfV prog", "json pretty bpffs version", "prog", ""},
		{"long, shortened", "--js --pre --vers", "json pretty version", "", ""},
		{"long, ambiguous", "--b", "", "", wrong + "'--b'"},
		{"long, in full though another goes on", "--bpffs", "bpffs", "", ""},
		{"argument in the same word", "-BFILE x", "base-btf=FILE", "x", ""},
		{"argument in the next word", "-B FILE x", "base-btf=FILE", "x", ""},
		{"argument in the next word of a bundle", "-jB FILE", "json base-btf=FILE", "", ""},
		{"argument after a sign", "--base-btf=FILE x", "base-btf=FILE", "x", ""},
		{"argument after a prefix", "--ba FILE x", "base-btf=FILE", "x", ""},
		{"argument missing", "x -B", "", "x", wrong + "'-B'"},
		{"argument missing, long", "--base-btf", "", "", wrong + "'--base-btf'"},
		{"argument that is not wanted", "--json=1", "", "", wrong + "'--json=1'"},
		{"short without a long form", "-k K -iC", "k=K i=C", "", ""},
		{"empty argument", "--base-btf= x", "base-btf=", "x", ""},
		{"unknown", "-j -x prog", "json", "", wrong + "'-x'"},
		{"unknown in a bundle", "-jx", "json", "", wrong + "'-jx'"},
		{"retired", "-l", "", "", wrong + "'-l'"},
		{"end of options", "-j -- -p x", "json", "-p x", ""},
		{"a dash is a word", "batch file -", "", "batch file -", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opts, words, err := permute(nil, strings.Fields(tt.argv))
			if diff := cmp.Diff([]string{tt.opts, tt.words}, []string{spell(opts), strings.Join(words, " ")}); diff != "" {
				t.Errorf("permute() mismatch (-want +got):\n%s", diff)
			}
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || err.Error() != tt.err) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
			if err != nil && !errors.As(err, new(*args.Error)) {
				t.Errorf("%T is no error of usage", err)
			}
		})
	}
}

func TestPosixlyCorrect(t *testing.T) {
	t.Setenv("POSIXLY_CORRECT", "")
	opts, words, err := permute(nil, []string{"-j", "map", "show", "-p"})
	if spell(opts) != "json" || strings.Join(words, " ") != "map show -p" || err != nil {
		t.Errorf("permute() = %s, %q, %v", spell(opts), words, err)
	}
}

// TestVerbsWithFlags leaves what follows such a verb as it is.
func TestVerbsWithFlags(t *testing.T) {
	for argv, want := range map[string][2]string{
		"-j gen go -tags x y z.c -- -I. -j": {"json", "gen go -tags x y z.c -- -I. -j"},
		"gen -p go -h":                      {"pretty", "gen go -h"},
		"g go --type=x":                     {"", "g go --type=x"},
		"gen skeleton go -j":                {"json", "gen skeleton go"},
	} {
		opts, words, err := permute(table(nil), strings.Fields(argv))
		if spell(opts) != want[0] || strings.Join(words, " ") != want[1] || err != nil {
			t.Errorf("%s: %s, %q, %v", argv, spell(opts), words, err)
		}
	}
}

// TestSilentInJSON checks that whatever is wrong with a command line, its
// answer in JSON is one document, and standard error stays empty.
func TestSilentInJSON(t *testing.T) {
	for _, line := range []string{
		"frob", "prog frob", "prog show id", "prog show id x", "-x", "map show pinned /no\"such", "-S version",
		"-B /nonexistent version", "batch", "batch file /nonexistent", "-h", "help", "version", "map dump", "completion frob",
		"prog show tag \"", "--=\"",
	} {
		var out, errs bytes.Buffer
		argv := append([]string{"gobpftool", "-j"}, strings.Fields(line)...)
		Main(context.Background(), argv, Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
		if !json.Valid(out.Bytes()) || errs.Len() > 0 {
			t.Errorf("%s: printed %q, said %q", line, out.String(), errs.String())
		}
	}
}

// FuzzMain runs command lines that read nothing but their arguments.
func FuzzMain(f *testing.F) {
	f.Add("-j version")
	f.Add("prog help -p")
	f.Add("--b -x -- help")
	f.Add("-S -k x -i y frob")
	f.Fuzz(func(t *testing.T, line string) {
		words := strings.Fields(line)
		_, plainWords, err := permute(nil, words)
		if n := len(plainWords); err == nil && n > 0 && !strings.HasPrefix("help", plainWords[0]) && !strings.HasPrefix("version", plainWords[0]) {
			words = append([]string{"help"}, words...) // neither files nor the kernel
		}
		for _, w := range words {
			if strings.HasPrefix(w, "-B") || strings.HasPrefix(w, "--ba") {
				return
			}
		}
		status := Main(context.Background(), append([]string{"bpftool"}, words...), Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard})
		if status < exitDone || status > exitUsage {
			t.Errorf("exit status %d", status)
		}
	})
}

func TestSplitWords(t *testing.T) {
	tests := []struct {
		line string
		want []string
		err  string
	}{
		{"map show\tid  7\r", []string{"map", "show", "id", "7"}, ""},
		{`name 'two words' "and 'quotes'"`, []string{"name", "two words", "and 'quotes'"}, ""},
		{`a"b c"d`, []string{`a"b`, `c"d`}, ""},
		{`'' ""`, []string{"", ""}, ""},
		{`'a'b`, []string{"a", "b"}, ""},
		{`'open`, nil, "unterminated quoted string in command 3"},
		{strings.Repeat("x ", maxWords+1), nil, "too many arguments to command 3"},
	}
	for _, tt := range tests {
		got, err := splitWords(tt.line, 3)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("splitWords(%.20q) (-want +got):\n%s", tt.line, diff)
		}
		if tt.err == "" && err != nil || tt.err != "" && (err == nil || err.Error() != tt.err) {
			t.Errorf("splitWords(%.20q): error %v, want %q", tt.line, err, tt.err)
		}
	}
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", maxLine)
	tests := []struct {
		name, text string
		want       [][]string
		err        string
	}{
		{"comments and empty lines", "# c\n\nversion # 'c\n  \nhelp", [][]string{{"version"}, {"help"}}, ""},
		{"continued", "map \\\nshow\nhelp\n", [][]string{{"map", "show"}, {"help"}}, ""},
		{"comment in the midst of a command", "map \\\nshow # c \\\nhelp\n", [][]string{{"map", "show"}, {"help"}}, ""},
		{"continued within a word", "map sh\\\now id \\\n 1\n", [][]string{{"map", "show", "id", "1"}}, ""},
		{"a backslash at the end of all", "version \\", [][]string{{"version", "\\"}}, ""},
		{"a backslash before a carriage return", "version \\\r\nhelp\r\n", [][]string{{"version", "\\"}, {"help"}}, ""},
		{"continued by nothing", "help\nmap \\\n", [][]string{{"help"}}, "missing continuation line on command 1"},
		{"as long as can be", long, [][]string{{long}}, ""},
		{"too long", "help\n" + long + "x", [][]string{{"help"}}, "command 1 is too long"},
		{"as long as can be, and a line", long + "\nhelp\n", [][]string{{long}, {"help"}}, ""},
		{"too long by its comment", "#" + long + long, nil, "command 0 is too long"},
		{"as many words as can be", strings.Repeat("x ", maxWords), [][]string{slices.Repeat([]string{"x"}, maxWords)}, ""},
		{"too many words", strings.Repeat("x ", maxWords+1), nil, "too many arguments to command 0"},
		{"too long together", "help\n" + long + "\\\nx", [][]string{{"help"}}, "command 1 is too long"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLines(strings.NewReader(tt.text))
			var got [][]string
			for {
				words, err := l.next(len(got))
				if errors.Is(err, io.EOF) && tt.err == "" {
					break
				}
				if err != nil {
					if err.Error() != tt.err {
						t.Errorf("error %v, want %q", err, tt.err)
					}
					break
				}
				got = append(got, words)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("commands (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzLines(f *testing.F) {
	f.Add("map show \\\n id 'x' # c\nhelp")
	f.Add("\\")
	f.Fuzz(func(t *testing.T, text string) {
		l := newLines(strings.NewReader(text))
		for n := 0; ; n++ {
			words, err := l.next(n)
			if err != nil {
				return
			}
			if len(words) == 0 || n > len(text) {
				t.Fatalf("command %d of %d bytes: %q", n, len(text), words)
			}
		}
	})
}

func TestStatus(t *testing.T) {
	tests := []struct {
		name   string
		err    error
		status int
		errs   string
	}{
		{"done", nil, 0, ""},
		{"failed", errors.New("no such thing"), 1, "Error: no such thing\n"},
		{"failed, and was told", render.Reported{Err: errors.New("no such thing")}, 1, ""},
		{"not understood", args.Errorf("what is 'x'?"), 2, "Error: what is 'x'?\n"},
		{"not understood, and was told", render.Reported{Err: args.Errorf("what is 'x'?")}, 2, ""},
		{"the answer is no", fmt.Errorf("check: %w", call.ErrNo), 3, ""},
		{"the answer is yes", call.Answered(verdict.Yes), 0, ""},
		{"the answer is no, with evidence", call.Answered(verdict.No), 3, ""},
		{"the answer is unknown", call.Answered(verdict.Unknown), 4, ""},
		{"the answer is denied", call.Answered(verdict.Denied), 4, ""},
		{"with advice", render.Hinted{Err: errors.New("no such thing"), Hint: "make one"}, 1, "Error: no such thing\nhint: make one\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out, errs strings.Builder
			r := &runner{talk: render.NewTalk(&errs, false)}
			r.out = render.New(&out, r.talk, render.Plain)
			if got := r.finish(tt.err); got != tt.status {
				t.Errorf("status %d, want %d", got, tt.status)
			}
			if diff := cmp.Diff(tt.errs, errs.String()); diff != "" {
				t.Errorf("stderr (-want +got):\n%s", diff)
			}
		})
	}
}
