package prog

import (
	"bytes"
	"io"
	"testing"

	"github.com/gobpftool/gobpftool/internal/render"
)

// TestLiner shows that lines are sent off when they are complete, however their text comes in.
func TestLiner(t *testing.T) {
	tests := []struct {
		name       string
		pieces     []string
		sent, json string // sent before the end, in plain text
	}{
		{"nothing", nil, "", "[]\n"},
		{"a line", []string{"a\n"}, "a\n", `["a\n"]` + "\n"},
		{"two at once", []string{"a\nb\n"}, "a\nb\n", `["a\n","b\n"]` + "\n"},
		{"in pieces", []string{"a", "", "b\nc", "\n\n"}, "ab\nc\n\n", `["ab\n","c\n","\n"]` + "\n"},
		{"without an end", []string{"a\nb", "c"}, "a\n", `["a\n","bc"]` + "\n"},
		{"not for JSON as it is", []string{"\"\\\t\x1b\n"}, "\"\\\t\x1b\n", `["\"\\\t\u001b\n"]` + "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			all := ""
			for _, p := range tt.pieces {
				all += p
			}
			if sent, out := printed(t, render.Plain, tt.pieces); sent != tt.sent || out != all {
				t.Errorf("%q was sent, then %q; want %q, %q", sent, out, tt.sent, all)
			}
			if _, out := printed(t, render.JSON, tt.pieces); out != tt.json {
				t.Errorf("JSON %s, want %s", out, tt.json)
			}
		})
	}
}

// printed returns what was printed before the end of text in pieces, and then.
func printed(t *testing.T, f render.Format, pieces []string) (sent, all string) {
	t.Helper()
	var b bytes.Buffer
	p := render.New(&b, render.NewTalk(io.Discard, false), f)
	l := &liner{out: p}
	err := p.Array(func() error {
		for _, text := range pieces {
			if err := l.add([]byte(text)); err != nil {
				return err
			}
		}
		sent = b.String()
		return l.end()
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return sent, b.String()
}
