package audit

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/survey"
)

// Plain implements [render.Fact]: what is good is a line, what is not is told with why it matters and how it
// is mended, the worst first.
func (r *Report) Plain(w *bufio.Writer) {
	causes := make(survey.Causes)
	for _, level := range Levels() {
		for _, f := range r.Findings {
			if f.Level == level {
				f.Evidence = causes.Short(f.ID, f.Evidence)
				f.Plain(w)
			}
		}
	}
	fmt.Fprintf(w, "\n%s\n", r.Summary)
}

// Plain writes a finding.
func (f *Finding) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "%-7s  %s: %s\n", f.Level, f.ID, render.Printable(f.What))
	if f.Level == Pass {
		return
	}
	fmt.Fprintf(w, "\tseen: %s\n", render.Printable(f.seen()))
	if f.Group == features { // which say in what they are since when there is such a thing
		return
	}
	fmt.Fprintf(w, "\twhy:  %s\n", f.Why)
	if f.Mend != "" {
		fmt.Fprintf(w, "\tmend: %s\n", render.Printable(f.Mend))
	}
}

// seen returns the evidence, and where it was found unless that is in it.
func (f *Finding) seen() string {
	if strings.Contains(f.Evidence, f.Where) {
		return f.Evidence
	}
	return fmt.Sprintf("%s (%s)", f.Evidence, f.Where)
}

// String returns the numbers in words.
func (s Summary) String() string {
	return fmt.Sprintf("%d fail, %d warn, %d unknown, %s, %d pass", s.Fail, s.Warn, s.Unknown, render.Amount(s.Note, "note"), s.Pass)
}
