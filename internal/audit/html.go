package audit

import (
	"bufio"
	_ "embed"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/webpage"
)

//go:embed audit.css
var pageStyle string

// heads are what stands above the findings of a level on a page.
var heads = map[Level]string{
	Fail: "Dangerous, or of no use", Warn: "Better otherwise", Unknown: "Not known", Note: "Worth to know", Pass: "As it should be",
}

// HTML writes the report as a page that needs nothing else. There is no script.
func (r *Report) HTML(w *bufio.Writer) {
	kernel := r.State.Kernel.Value
	if kernel == "" {
		kernel = "of unknown version"
	}
	webpage.Begin(w, "BPF on Linux "+kernel, pageStyle, false)
	fmt.Fprintf(w, "<header>\n<h1>BPF on Linux %s</h1>\n<nav>", webpage.Escape(kernel))
	for _, level := range Levels() {
		n := *r.Summary.of(level)
		fmt.Fprintf(w, "<a class=\"%s\" href=\"#%[1]s\"><b>%d</b> %[1]s</a>", level, n)
	}
	fmt.Fprint(w, "</nav>\n</header>\n")
	for _, level := range Levels() {
		r.writeLevel(w, level)
	}
	webpage.End(w, "")
}

// writeLevel writes the findings of a level: those that pass are lines that open, for whoever wants to see why.
func (r *Report) writeLevel(w *bufio.Writer, level Level) {
	fmt.Fprintf(w, "<section id=\"%s\">\n<h2>%s <small>%s</small></h2>\n", level, heads[level], render.Amount(*r.Summary.of(level), "finding"))
	for _, f := range r.Findings {
		if f.Level != level {
			continue
		}
		open := " open"
		if level == Pass || level == Note {
			open = ""
		}
		fmt.Fprintf(w, "<details class=\"%s\"%s id=\"f-%s\"><summary><b>%[1]s</b> %[4]s <code>%[3]s</code></summary>\n<dl>\n", level, open, webpage.Escape(f.ID), webpage.Escape(f.What))
		for _, part := range []struct{ name, text string }{{"seen", f.seen()}, {"why", f.Why}, {"mend", f.Mend}} {
			if part.text != "" {
				fmt.Fprintf(w, "<dt>%s</dt><dd>%s</dd>\n", part.name, webpage.Escape(part.text))
			}
		}
		fmt.Fprint(w, "</dl>\n</details>\n")
	}
	fmt.Fprint(w, "</section>\n")
}
