package feature

import (
	"encoding/json"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/audit"
	"github.com/gobpftool/gobpftool/internal/survey"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

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
