// Package require tells whether a kernel has what something requires: a profile, a file, or an object. It looks
// into a survey, of the running kernel or a saved one, and never takes for granted what that does not tell.
package require

import (
	"bufio"
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/survey"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// A Requirement is something that a kernel must have.
type Requirement struct {
	Kind survey.Kind `json:"kind"`
	Name string      `json:"name"`

	// For are the types of programs or maps for all of which it must be there. If there are none though the survey
	// has an answer for each, it must be there for any.
	For []string `json:"for,omitempty"`

	Since    names.Version `json:"since"` // the kernel of the mainline that brought it, or zero
	Optional bool          `json:"optional"`
	Note     string        `json:"note,omitempty"`
	Where    []string      `json:"needed_by,omitempty"` // functions or maps of an object
	Source   string        `json:"source,omitempty"`    // what says that it is required
}

// An Answered is a requirement with whether it is met.
type Answered struct {
	Requirement
	verdict.Verdict
}

// A Report is what becomes of requirements on a kernel.
type Report struct {
	Required string         `json:"required"` // whose requirements these are
	Kernel   string         `json:"kernel"`
	Answer   verdict.Answer `json:"verdict"` // of all that are not optional
	Rows     []Answered     `json:"requirements"`
}

// Judge tells which requirements a kernel meets.
func Judge(required string, list []Requirement, s *survey.Survey) *Report {
	r := &Report{Required: required, Kernel: s.Kernel, Rows: []Answered{}}
	for _, q := range list {
		r.Add(Answered{q, q.met(s)})
	}
	return r
}

// Add adds a requirement that is answered otherwise than by a survey.
func (r *Report) Add(a Answered) {
	r.Rows = append(r.Rows, a)
	r.sum()
}

// Decide answers requirements of a kind otherwise than by a survey.
func (r *Report) Decide(k survey.Kind, by func(name string) verdict.Verdict) {
	for i := range r.Rows {
		if row := &r.Rows[i]; row.Kind == k {
			row.Verdict = by(row.Name)
		}
	}
	r.sum()
}

// sum finds the answer of all.
func (r *Report) sum() {
	var answers []verdict.Answer
	for _, row := range r.Rows {
		if !row.Optional {
			answers = append(answers, row.Answer)
		}
	}
	r.Answer = verdict.All(answers...)
}

// Status is what a command returns that has printed a report: what is denied or unknown is no yes, either.
func (r *Report) Status() error {
	if r.Answer == verdict.Yes {
		return nil
	}
	return call.ErrNo
}

// Kinds of what a survey does not have rows of.
const (
	// Version is the oldest kernel that will do.
	Version survey.Kind = "kernel"
	// Symbol is the address of something in the kernel.
	Symbol survey.Kind = "symbol"
)

// met tells whether a survey meets a requirement.
func (q *Requirement) met(s *survey.Survey) verdict.Verdict {
	switch {
	case q.Kind == Version:
		return q.version(s)
	case q.Kind == survey.Option:
		return s.Option(q.Name)
	case len(q.For) > 0:
		return q.everywhere(s)
	}
	if r, ok := s.Find(q.Kind, q.Name, ""); ok {
		return r.Verdict()
	}
	return q.anywhere(s)
}

// version compares kernels by their numbers.
func (q *Requirement) version(s *survey.Survey) verdict.Verdict {
	v := verdict.Verdict{Answer: verdict.No, Evidence: "it is Linux " + s.Kernel}
	want, err := names.ParseVersion(q.Name)
	switch {
	case err != nil || s.Version.IsZero():
		v.Answer = verdict.Unknown
	case s.Version.Compare(want) >= 0:
		v.Answer = verdict.Yes
	}
	return v
}

// everywhere asks for all types.
func (q *Requirement) everywhere(s *survey.Survey) verdict.Verdict {
	var all []survey.Row
	for _, of := range q.For {
		r, ok := s.Find(q.Kind, q.Name, of)
		if !ok { // it may not be there at all
			r, ok = s.Find(q.Kind, q.Name, "")
		}
		if !ok || r.For == "" && r.Answer == verdict.Yes {
			r = survey.Row{Types: notAsked}
		}
		r.For = of
		all = append(all, r)
	}
	return worst(all)
}

// anywhere asks for any type.
func (q *Requirement) anywhere(s *survey.Survey) verdict.Verdict {
	var all []survey.Row
	for _, r := range s.Rows {
		if r.Kind != q.Kind || r.Name != q.Name {
			continue
		}
		if r.Answer == verdict.Yes {
			return verdict.Verdict{Answer: verdict.Yes, Evidence: fmt.Sprintf("for %s: %s", r.For, r.Verdict().Evidence)}
		}
		all = append(all, r)
	}
	if all == nil {
		return notAsked
	}
	// It is not there for any that is known; if it was denied for one, it may be.
	for _, a := range []verdict.Answer{verdict.Denied, verdict.Unknown} {
		for _, r := range all {
			if r.Answer == a {
				return verdict.Verdict{Answer: a, Evidence: fmt.Sprintf("for %s: %s", r.For, r.Verdict().Evidence)}
			}
		}
	}
	return verdict.Verdict{Answer: verdict.No, Evidence: fmt.Sprintf("for none of %d types; for %s: %s", len(all), all[0].For, all[0].Verdict().Evidence)}
}

// notAsked is the answer to what a survey has no row of.
var notAsked = verdict.Verdict{Answer: verdict.Unknown, Evidence: "nothing was asked about it"}

// worst returns the answer of all rows, with the evidence of one that decides.
func worst(rows []survey.Row) verdict.Verdict {
	var answers []verdict.Answer
	for _, r := range rows {
		answers = append(answers, r.Answer)
	}
	all := verdict.All(answers...)
	i := slices.Index(answers, all)
	return verdict.Verdict{Answer: all, Evidence: fmt.Sprintf("for %s: %s", rows[i].For, rows[i].Verdict().Evidence)}
}

// Plain implements [render.Fact]. Names are those of strangers: of objects, and of kernels that were saved.
func (r *Report) Plain(w *bufio.Writer) { render.Carefully(w, r.plain) }

func (r *Report) plain(w *bufio.Writer) {
	fmt.Fprintf(w, "%s on Linux %s: %s\n", r.Required, r.Kernel, r.Answer)
	causes := make(survey.Causes)
	for _, row := range r.Rows {
		fmt.Fprintf(w, "\t%-7s  %s %s", row.Answer, row.Kind, row.Name)
		if len(row.For) > 0 {
			fmt.Fprintf(w, " for %s", strings.Join(row.For, ", "))
		}
		if !row.Since.IsZero() {
			fmt.Fprintf(w, ", since %s", row.Since)
		}
		if row.Optional {
			w.WriteString(", optional")
		}
		if row.Note != "" {
			fmt.Fprintf(w, " (%s)", row.Note)
		}
		if row.Answer == verdict.Yes {
			w.WriteByte('\n')
			continue
		}
		fmt.Fprintf(w, ": %s\n", causes.Short(string(row.Kind)+" "+row.Name, row.Evidence))
		if len(row.Where) > 0 {
			fmt.Fprintf(w, "\t\tneeded by %s\n", strings.Join(row.Where, ", "))
		}
		if row.Source != "" {
			fmt.Fprintf(w, "\t\tsource: %s\n", row.Source)
		}
	}
}
