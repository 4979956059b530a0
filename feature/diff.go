package feature

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/audit"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/survey"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// A Diff is what two saved probes or audits have different.
type Diff struct {
	A       Side     `json:"a"`
	B       Side     `json:"b"`
	Changes []Change `json:"changes"` // in the order of B
	Same    int      `json:"same"`    // how much of what both have is the same
}

// A Side is one of two files.
type Side struct {
	File   string `json:"file"`
	Form   string `json:"form"`
	Kernel string `json:"kernel"` // its release, or empty if the file does not tell

	Unprivileged bool `json:"unprivileged,omitempty"` // it was asked without capabilities, as far as the file tells
}

// A Change is something that is different.
type Change struct {
	Key
	A string `json:"a"` // what it is in A; empty if it is not there
	B string `json:"b"`
}

// A Key names something that files tell of.
type Key struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	For  string `json:"for,omitempty"` // the type of programs or maps
}

// A saved is what a file tells, in order.
type saved struct {
	Side
	keys    []Key
	values  map[Key]string
	options bool // of the kernel's configuration: those that are not there are not set
}

func (s *saved) add(kind, name, of, value string) {
	k := Key{kind, name, of}
	if _, ok := s.values[k]; !ok {
		s.keys = append(s.keys, k)
	}
	s.values[k] = value
}

// diffSaved answers "feature diff A B".
func diffSaved(_ context.Context, c *call.Call) error {
	var sides [2]*saved
	for i := range sides {
		path, err := c.Args.Next(1)
		if err != nil {
			return err
		}
		if sides[i], err = openSaved(path); err != nil {
			return err
		}
	}
	if err := c.Args.Done(); err != nil {
		return err
	}
	d := compare(sides[0], sides[1])
	if len(d.Changes)+d.Same == 0 {
		return fmt.Errorf("%s (%s) and %s (%s) have nothing in common", d.A.File, d.A.Form, d.B.File, d.B.Form)
	}
	if err := c.Out.One(d); err != nil {
		return err
	}
	if len(d.Changes) > 0 {
		return call.ErrNo
	}
	return nil
}

// probed is the form of what "feature probe" writes, also that of the C tool, which has no name of its own.
const probed = "probe"

// openSaved reads a file of any form.
func openSaved(path string) (*saved, error) {
	data, err := survey.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s, err := readSaved(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s.File = path
	return s, nil
}

// readSaved reads any form.
func readSaved(data []byte) (*saved, error) {
	var head struct{ Form string }
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("not JSON of a probe or an audit: %w", err)
	}
	s := &saved{Side: Side{Form: head.Form}, values: make(map[Key]string)}
	if head.Form == audit.Form {
		var r audit.Report
		if err := json.Unmarshal(data, &r); err != nil {
			return nil, err
		}
		s.addAudit(&r)
		return s, nil
	}
	if head.Form != "" && head.Form != survey.Form {
		return nil, fmt.Errorf("form '%s', want %s or %s", head.Form, survey.Form, audit.Form)
	}
	probe, err := survey.Read(data)
	if err != nil {
		return nil, err
	}
	if head.Form == "" {
		s.Form = probed
		var f Features
		if err := json.Unmarshal(data, &f); err != nil {
			return nil, err
		}
		s.addSettings(f.System)
	}
	s.addSurvey(probe)
	return s, nil
}

// addAudit adds findings with what was seen, and features.
func (s *saved) addAudit(r *audit.Report) {
	if r.State == nil {
		return
	}
	s.Kernel = r.State.Kernel.Value
	for _, f := range r.Findings {
		if !f.OfFeature() { // these are below, in words that do not depend on the kernel
			s.add("finding", f.ID, "", fmt.Sprintf("%s (%s)", f.Level, f.Evidence))
		}
	}
	for _, f := range r.State.Features {
		s.add(f.Kind.String(), f.Name, "", f.Answer.String())
	}
}

// addSettings adds sysctls, if there are any.
func (s *saved) addSettings(system *System) {
	if system == nil || system.Settings == nil {
		return
	}
	for _, set := range []struct {
		name  string
		value int64
	}{
		{"kernel.unprivileged_bpf_disabled", system.Unprivileged}, {"net.core.bpf_jit_enable", system.Enable},
		{"net.core.bpf_jit_harden", system.Harden}, {"net.core.bpf_jit_kallsyms", system.Kallsyms}, {"net.core.bpf_jit_limit", system.Limit},
	} {
		value := fmt.Sprint(set.value)
		if set.value == -1 {
			value = "could not be read"
		}
		s.add("setting", set.name, "", value)
	}
}

// addSurvey adds answers, without what they rest on, and options.
func (s *saved) addSurvey(v *survey.Survey) {
	s.Kernel, s.Unprivileged, s.options = v.Kernel, v.Unprivileged, v.Options != nil
	for _, r := range v.Rows {
		answer := r.Answer
		if s.Form == probed && answer == verdict.Unknown {
			answer = verdict.No // as the C tool says of all that is not available
		}
		s.add(string(r.Kind), r.Name, r.For, answer.String())
	}
	for _, name := range v.OptionNames() {
		s.add(string(survey.Option), name, "", v.Options[name])
	}
}

// value returns what there is of something.
func (s *saved) value(k Key) (value string, ok bool) {
	value, ok = s.values[k]
	if !ok && s.options && k.Kind == string(survey.Option) {
		return "not set", true
	}
	return value, ok
}

// compare compares what both have. What one alone has is a change if both are of the same form.
func compare(a, b *saved) *Diff {
	d := &Diff{A: a.Side, B: b.Side, Changes: []Change{}}
	look := func(k Key) {
		old, inA := a.value(k)
		now, inB := b.value(k)
		switch {
		case inA && inB && old == now:
			d.Same++
		case inA && inB || a.Form == b.Form:
			d.Changes = append(d.Changes, Change{k, old, now})
		}
	}
	for _, k := range b.keys {
		look(k)
	}
	for _, k := range a.keys {
		if _, ok := b.values[k]; !ok {
			look(k)
		}
	}
	return d
}

// Plain implements [render.Fact]. All that is in the files is a stranger's.
func (d *Diff) Plain(w *bufio.Writer) { render.Carefully(w, d.plain) }

func (d *Diff) plain(w *bufio.Writer) {
	for _, s := range []Side{d.A, d.B} {
		fmt.Fprintf(w, "%s: %s", s.File, s.Form)
		if s.Kernel != "" {
			fmt.Fprintf(w, ", Linux %s", s.Kernel)
		}
		if s.Unprivileged {
			w.WriteString(", asked without capabilities")
		}
		w.WriteByte('\n')
	}
	type group struct{ kind, of, from, to string }
	var order []group
	names := make(map[group][]string)
	for _, c := range d.Changes {
		g := group{c.Kind, c.For, c.from(), c.to()}
		if names[g] == nil {
			order = append(order, g)
		}
		names[g] = append(names[g], c.Name)
	}
	for _, g := range order {
		fmt.Fprintf(w, "%s", g.kind)
		if g.of != "" {
			fmt.Fprintf(w, " for %s", g.of)
		}
		fmt.Fprintf(w, ", %s -> %s: %s\n", g.from, g.to, strings.Join(names[g], ", "))
	}
	fmt.Fprintf(w, "%d of %d differ\n", len(d.Changes), len(d.Changes)+d.Same)
}

// nowhere stands for what one side does not have.
const nowhere = "(not there)"

func (c *Change) from() string { return orNowhere(c.A) }
func (c *Change) to() string   { return orNowhere(c.B) }

func orNowhere(value string) string {
	if value == "" {
		return nowhere
	}
	return value
}
