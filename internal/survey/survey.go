// Package survey tells what the running kernel can do with BPF, and what that rests on: for each thing
// that is asked about an answer by two methods, system calls and the types of the kernel, and one of
// both. A survey can be saved, and looked into where the kernel does not run.
package survey

import (
	"bufio"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// Form names the saved form, with its version, which changes when what is saved means something else.
//
// docs/schemas/survey-1.json is its schema.
const Form = "survey-1"

// A Survey is what there is in a kernel, for those who asked.
type Survey struct {
	Form         string        `json:"form"`    // [Form]
	Kernel       string        `json:"kernel"`  // such as 6.18.5-arm64
	Machine      string        `json:"machine"` // as uname(2) calls it
	Version      names.Version `json:"version"`
	Unprivileged bool          `json:"unprivileged"` // asked without capabilities

	// Options are those of the kernel's configuration that are set, as it was written; Unread is why there are none.
	Options map[string]string `json:"options"`
	Unread  string            `json:"options_unread,omitempty"`

	Rows []Row `json:"rows"` // by kind, in each in order of numbers, or names
}

// A Row is one thing that was asked about.
type Row struct {
	Kind Kind   `json:"kind"`
	Name string `json:"name"`
	For  string `json:"for,omitempty"` // the type of programs or maps, where the answer is one for each

	Answer   verdict.Answer  `json:"verdict"` // of both methods
	Calls    verdict.Verdict `json:"system_calls"`
	Types    verdict.Verdict `json:"kernel_btf"`
	Disagree bool            `json:"disagree,omitempty"` // one says yes and the other no
}

// both returns the answer of two methods. That something was done is a proof. What is denied is not there all the
// same if the kernel's types do not have it.
func both(calls, types verdict.Answer) (a verdict.Answer, disagree bool) {
	switch {
	case calls == verdict.Yes:
		return verdict.Yes, types == verdict.No
	case calls == verdict.No && types == verdict.Yes:
		return verdict.Unknown, true
	case calls == verdict.Unknown, calls == verdict.Denied && types == verdict.No:
		return types, false
	}
	return calls, false
}

// row makes a row of what two methods say.
func row(k Kind, name, of string, calls, types verdict.Verdict) Row {
	r := Row{Kind: k, Name: name, For: of, Calls: calls, Types: types}
	r.Answer, r.Disagree = both(calls.Answer, types.Answer)
	return r
}

// Verdict returns the answer, with what it rests on.
func (r *Row) Verdict() verdict.Verdict {
	return verdict.Verdict{Answer: r.Answer, Evidence: r.evidence()}
}

// evidence returns what both methods rest on. A method that knows nothing and says nothing is left out, and
// one that says what both say has no answer of its own.
func (r *Row) evidence() string {
	var parts []string
	for _, m := range []struct {
		method string
		verdict.Verdict
	}{{"system calls", r.Calls}, {"kernel BTF", r.Types}} {
		switch {
		case m.Evidence == "":
		case m.Answer == r.Answer:
			parts = append(parts, m.method+": "+m.Evidence)
		default:
			parts = append(parts, fmt.Sprintf("%s, %s: %s", m.method, m.Answer, m.Evidence))
		}
	}
	if r.Disagree {
		parts = append(parts, "they disagree")
	}
	return strings.Join(parts, "; ")
}

// Find returns the row of something; of is the type that it is asked for, or empty.
func (s *Survey) Find(k Kind, name, of string) (Row, bool) {
	for _, r := range s.Rows {
		if r.Kind == k && r.Name == name && r.For == of {
			return r, true
		}
	}
	return Row{}, false
}

// Option tells whether an option of the kernel's configuration is set, built in or as a module.
func (s *Survey) Option(name string) verdict.Verdict {
	value, ok := s.Options[name]
	switch {
	case s.Options == nil:
		return unknown("%s", s.Unread)
	case !ok:
		return no("it is not set")
	}
	return yes("it is %s", value)
}

// OptionNames returns the options that are set, in order of their names.
func (s *Survey) OptionNames() []string { return slices.Sorted(maps.Keys(s.Options)) }

// About returns a survey that has only the rows whose name, kind or type is word.
func (s *Survey) About(word string) *Survey {
	some := *s
	some.Rows = []Row{}
	for _, r := range s.Rows {
		if r.Name == word || r.For == word || string(r.Kind) == word {
			some.Rows = append(some.Rows, r)
		}
	}
	return &some
}

// Plain implements [render.Fact].
func (s *Survey) Plain(w *bufio.Writer) {
	whose := ""
	if s.Unprivileged {
		whose = ", without capabilities"
	}
	fmt.Fprintf(w, "Linux %s, %s%s\n", s.Kernel, s.Machine, whose)
	for rest := s.Rows; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Kind == rest[0].Kind {
			n++
		}
		kind, rows := rest[0].Kind, rest[:n]
		rest = rest[n:]
		fmt.Fprintf(w, "\n%s:\n", kind.plural())
		if kind.many() && n > few {
			plainMany(w, rows)
			continue
		}
		for i := range rows {
			r := &rows[i]
			fmt.Fprintf(w, "\t%-7s  %s: %s\n", r.Answer, r.title(), r.evidence())
		}
	}
}

// few is how many rows of a kind there may be so that each is explained.
const few = 60

// several is how many names of what is not there are shown.
const several = 8

func (r *Row) title() string {
	if r.For == "" {
		return r.Name
	}
	return r.Name + " for " + r.For
}

// plainMany writes rows by what they are for and by their answer: names, and behind those that are neither yes nor no the
// evidence. What is not there is only counted, unless it is little.
func plainMany(w *bufio.Writer, rows []Row) {
	type group struct {
		of, why string
		answer  verdict.Answer
	}
	var order []group
	found := make(map[group][]string)
	for _, r := range rows {
		g := group{of: r.For, answer: r.Answer}
		if r.Answer == verdict.Denied || r.Answer == verdict.Unknown || r.Disagree {
			g.why = r.evidence()
		}
		if found[g] == nil {
			order = append(order, g)
		}
		found[g] = append(found[g], r.Name)
	}
	for _, g := range order {
		fmt.Fprintf(w, "\t%-7s  ", g.answer)
		if g.of != "" {
			fmt.Fprintf(w, "%s: ", g.of)
		}
		if g.answer == verdict.No && g.why == "" && len(found[g]) > several {
			fmt.Fprintf(w, "%d others\n", len(found[g]))
			continue
		}
		w.WriteString(strings.Join(found[g], " "))
		if g.why != "" {
			fmt.Fprintf(w, ": %s", g.why)
		}
		w.WriteByte('\n')
	}
}
