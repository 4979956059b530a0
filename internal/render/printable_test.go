package render

import (
	"bufio"
	"bytes"
	"testing"
)

func TestPrintable(t *testing.T) {
	tests := []struct{ text, want string }{
		{"int a;\t/* größer */\n", "int a; /* größer */ "},
		{"\x1b[31mred", "\ufffd[31mred"},
		{"\u009b31m", "\ufffd31m"},
		{"\xff\u202eabc", "\ufffd\ufffdabc"},
	}
	for _, tt := range tests {
		if got := Printable(tt.text); got != tt.want {
			t.Errorf("Printable(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestCarefully(t *testing.T) {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	Carefully(w, func(w *bufio.Writer) {
		w.WriteString("\tmap \x1b]0;title\a größer \xc2")
		w.Flush()
		w.WriteString("\x9b31m\x7f\n")
	})
	w.Flush()
	if got, want := b.String(), "\tmap ?]0;title? größer \xc2?31m?\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
