package audit

import (
	"fmt"
	"slices"

	"github.com/gobpftool/gobpftool/internal/verdict"
)

// A Level is how well something stands.
type Level uint8

// The levels. Unknown is what cannot be read, and is never as good as Pass.
const (
	Unknown Level = iota
	Pass
	Note // it is worth to know, and neither good nor bad
	Warn
	Fail
)

var levels = [...]string{"unknown", "pass", "note", "warn", "fail"}

// Levels returns all levels, the worst first.
func Levels() []Level { return []Level{Fail, Warn, Unknown, Note, Pass} }

// String returns the word for a level.
func (l Level) String() string { return levels[l] }

// MarshalText implements [encoding.TextMarshaler].
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (l *Level) UnmarshalText(text []byte) error {
	i := slices.Index(levels[:], string(text))
	if i < 0 {
		return fmt.Errorf("level %q: none of %q", text, levels)
	}
	*l = Level(i)
	return nil
}

// A Finding is what a rule says of a state.
type Finding struct {
	ID       string `json:"id"` // never changes its meaning
	Group    string `json:"group"`
	Level    Level  `json:"level"`
	What     string `json:"what"`           // a sentence, without a period
	Where    string `json:"where"`          // a file, or what was asked instead
	Evidence string `json:"evidence"`       // what was seen there
	Why      string `json:"why"`            // why it matters
	Mend     string `json:"mend,omitempty"` // a command, or what to do; empty if nothing is to be done
}

// OfFeature reports whether it is about what the kernel can do, which [State.Features] has as well.
func (f *Finding) OfFeature() bool { return f.Group == features }

// A Rule looks at one thing.
type Rule struct {
	ID, Group string
	About     string // words that follow "whether"
	When      string // what it is judged to be, and when
	Why       string // why it matters
	Mend      string // how it is mended, unless a judgement knows better

	from  func(*State) Source    // what it looks at: if that could not be read, it is not judged
	judge func(*State) judgement // by what is there, or absent
}

// A judgement is what a rule makes of a state.
type judgement struct {
	level          Level
	what, evidence string
	mend           string // or empty: that of the rule
}

// Rules returns all rules, those of a group together.
func Rules() []Rule {
	return slices.Concat(jitRules(), userRules(), kernelRules(), typeRules(), callerRules(), configRules(), featureRules())
}

// Judge applies all rules. Those about features say nothing if the kernel was not asked for any.
func Judge(s *State) []Finding {
	var list []Finding
	for _, r := range Rules() {
		if r.Group != features || s.Features != nil {
			list = append(list, r.finding(s))
		}
	}
	return list
}

// finding applies one rule.
func (r Rule) finding(s *State) Finding {
	from := r.from(s)
	var j judgement
	if from.Unread != "" {
		j = unread(from)
	} else {
		j = r.judge(s)
	}
	f := Finding{ID: r.ID, Group: r.Group, Level: j.level, What: j.what, Where: from.From, Evidence: j.evidence, Why: r.Why, Mend: j.mend}
	switch {
	case j.level == Unknown && j.what == "":
		f.What = "it is not known whether " + r.About
	case j.level != Pass && j.level != Note && j.mend == "":
		f.Mend = r.Mend
	}
	return f
}

// unread is the judgement of what could not be read.
func unread(s Source) judgement {
	return judgement{evidence: fmt.Sprintf("%s: %s", s.From, s.Unread), mend: s.Help}
}

// strange is the judgement of a value that means nothing.
func strange(evidence string) judgement {
	return judgement{evidence: evidence + ", which means nothing"}
}

func pass(what, evidence string) judgement { return judgement{Pass, what, evidence, ""} }
func note(what, evidence string) judgement { return judgement{Note, what, evidence, ""} }
func warn(what, evidence string) judgement { return judgement{Warn, what, evidence, ""} }
func fail(what, evidence string) judgement { return judgement{Fail, what, evidence, ""} }

// mended says how a judgement is mended, instead of what the rule says.
func (j judgement) mended(format string, a ...any) judgement {
	j.mend = fmt.Sprintf(format, a...)
	return j
}

// A Report is a state and what is found in it: the answer of "feature audit", and its saved form.
type Report struct {
	Form     string    `json:"form"` // [Form]
	Findings []Finding `json:"findings"`
	Summary  Summary   `json:"summary"`
	State    *State    `json:"state"`
}

// Form names the saved form, with its version, which changes when what is saved means something else, or has no
// place any more.
//
// docs/schemas/audit-1.json is its schema.
const Form = "audit-1"

// NewReport judges a state.
func NewReport(s *State) *Report {
	r := &Report{Form: Form, Findings: Judge(s), State: s}
	for _, f := range r.Findings {
		*r.Summary.of(f.Level)++
	}
	return r
}

// A Summary counts findings.
type Summary struct {
	Fail    int `json:"fail"`
	Warn    int `json:"warn"`
	Unknown int `json:"unknown"`
	Note    int `json:"note"`
	Pass    int `json:"pass"`
}

// of returns the number of the findings of a level.
func (s *Summary) of(l Level) *int {
	return map[Level]*int{Fail: &s.Fail, Warn: &s.Warn, Unknown: &s.Unknown, Note: &s.Note, Pass: &s.Pass}[l]
}

// Better tells whether all findings are better than a level: no if one is not, else unknown if one is.
func (r *Report) Better(than Level) verdict.Answer {
	answer := verdict.Yes
	for _, f := range r.Findings {
		switch {
		case f.Level >= than:
			return verdict.No
		case f.Level == Unknown:
			answer = verdict.Unknown
		}
	}
	return answer
}
