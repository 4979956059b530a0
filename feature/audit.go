package feature

import (
	"context"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/audit"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/probe"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/survey"
)

// An auditWords is what the words of "feature audit" ask for.
type auditWords struct {
	format string      // text, sarif, openmetrics or html
	failOn audit.Level // the level from which on a finding decides the exit status; or zero
}

// auditSystem answers "feature audit".
func auditSystem(ctx context.Context, c *call.Call) error {
	words, err := readAuditWords(c.Args)
	if err != nil {
		return err
	}
	state := audit.Read()
	found, err := survey.Take(ctx, probe.Scope{Brief: true})
	if err != nil {
		return err
	}
	state.Answer(found)
	report := audit.NewReport(state)
	if words.format == "text" {
		err = c.Out.One(report)
	} else {
		err = writeAudit(c, words.format, report)
	}
	if err != nil || words.failOn == 0 {
		return err
	}
	return call.Answered(report.Better(words.failOn))
}

// readAuditWords reads a format and a level, in any order.
func readAuditWords(a *args.Args) (w auditWords, err error) {
	w.format = "text"
	for a.Len() > 0 && err == nil {
		switch {
		case a.Is("format"):
			w.format, err = choice(a, "text", "sarif", "openmetrics", "html")
		case a.Is("fail_on"):
			var level string
			if level, err = choice(a, "warn", "fail"); err == nil {
				err = w.failOn.UnmarshalText([]byte(level))
			}
		default:
			err = a.Done()
		}
	}
	return w, err
}

// choice reads the next word, which abbreviates one of some.
func choice(a *args.Args, words ...string) (string, error) {
	if err := a.Need(1); err != nil {
		return "", err
	}
	for _, w := range words {
		if a.Is(w) {
			return w, nil
		}
	}
	return "", a.Done()
}

// writeAudit writes a report as a document of its own.
func writeAudit(c *call.Call, format string, r *audit.Report) error {
	if format == "sarif" {
		return c.Out.Document(func(p *render.Printer) error { return p.One(r.SARIF()) })
	}
	w, err := c.Out.Text("feature audit format " + format)
	if err != nil {
		return err
	}
	if format == "html" {
		r.HTML(w)
	} else {
		r.OpenMetrics(w)
	}
	return nil
}
