package webpage

import (
	"bufio"
	"bytes"
	"strings"
	"testing"
)

func TestEscape(t *testing.T) {
	if got, want := Escape("<a href='x'>\"&\x1b"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;\ufffd"; got != want {
		t.Errorf("Escape() = %q, want %q", got, want)
	}
}

// TestPage allows a script only where there is one.
func TestPage(t *testing.T) {
	for _, script := range []string{"", "go();\n"} {
		var b bytes.Buffer
		w := bufio.NewWriter(&b)
		Begin(w, "<title>", "p{}\n", script != "")
		End(w, script)
		w.Flush()
		text := b.String()
		if !strings.Contains(text, "default-src 'none'") || !strings.Contains(text, "<title>&lt;title&gt;</title>") {
			t.Errorf("%s", text)
		}
		for _, word := range []string{"script-src", "<script>"} {
			if strings.Contains(text, word) != (script != "") {
				t.Errorf("script %q: %q in %s", script, word, text)
			}
		}
	}
}
