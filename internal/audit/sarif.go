package audit

import (
	"bufio"
	"net/url"
	"strings"
)

// A SARIF is a report in the Static Analysis Results Interchange Format 2.1.0, an OASIS standard. It has what
// consumers of it ask for, and no result for what passes.
type SARIF struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	Results     []sarifResult     `json:"results"`
	Properties  map[string]string `json:"properties"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name  string      `json:"name"`
	About string      `json:"informationUri"`
	Rules []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID         string            `json:"id"`
	Short      sarifText         `json:"shortDescription"`
	Full       sarifText         `json:"fullDescription"`
	Help       sarifText         `json:"help"`
	HelpURI    string            `json:"helpUri"`
	Properties map[string]string `json:"properties"`
}

type sarifInvocation struct {
	Successful bool `json:"executionSuccessful"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Kind         string            `json:"kind"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"` // of what is the same finding when it is found again
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifLocation struct {
	Physical sarifPhysical `json:"physicalLocation"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

// sarifLevels are the kind and the level of results: what did not fail has the level none.
//
// Source: sections 3.27.9 and 3.27.10 of the standard.
var sarifLevels = map[Level][2]string{
	Unknown: {"open", "none"}, Note: {"informational", "none"}, Warn: {"fail", "warning"}, Fail: {"fail", "error"},
}

// home is where the tool is.
const home = "https://github.com/gobpftool/gobpftool"

// SARIF returns the report in that form.
func (r *Report) SARIF() *SARIF {
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "gobpftool", About: home}},
		Invocations: []sarifInvocation{{true}},
		Results:     []sarifResult{},
		Properties:  map[string]string{"form": r.Form, "kernel": r.State.Kernel.Value},
	}
	for i, rule := range Rules() {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID: rule.ID, Short: sarifText{"whether " + rule.About}, Full: sarifText{rule.Why}, Help: sarifText{rule.Mend}, HelpURI: home + "/blob/main/docs/audit/findings.md",
			Properties: map[string]string{"group": rule.Group},
		})
		for _, f := range r.Findings {
			if f.ID == rule.ID && f.Level != Pass {
				run.Results = append(run.Results, f.sarif(i))
			}
		}
	}
	return &SARIF{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0", Runs: []sarifRun{run},
	}
}

// sarif returns a finding of the rule with a number.
func (f *Finding) sarif(rule int) sarifResult {
	text := f.What + ": " + f.seen()
	if f.Mend != "" {
		text += ". To mend it: " + f.Mend
	}
	kind := sarifLevels[f.Level]
	s := sarifResult{
		RuleID: f.ID, RuleIndex: rule, Kind: kind[0], Level: kind[1], Message: sarifText{text},
		Fingerprints: map[string]string{"finding/v1": f.ID}, // of one host: who uploads those of many gives each a category
	}
	if strings.HasPrefix(f.Where, "/") {
		s.Locations = []sarifLocation{{sarifPhysical{sarifArtifact{(&url.URL{Scheme: "file", Path: f.Where}).String()}}}}
	}
	return s
}

// Plain implements [render.Fact], but there is no other form than JSON.
func (s *SARIF) Plain(*bufio.Writer) {}
