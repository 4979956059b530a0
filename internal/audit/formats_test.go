package audit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// hostile is text that means something in every format.
const hostile = "<script>owned=1</script><img src=x onerror=\"owned=1\">\"'&\\\n\x1b[31m%s"

// reports are those whose forms are looked at.
func reports() map[string]*Report {
	here := Read()
	asked := Read()
	for i, q := range Questions() {
		asked.Features = append(asked.Features, q.answered(verdict.Verdict{Answer: verdict.Answer(i % 4), Evidence: "it was tried"}))
	}
	gone := Source{From: "/nowhere", Unread: "Permission denied", Help: "run it as root"}
	none := &State{
		Kernel: Text{Source: gone}, Lockdown: Text{Source: gone}, Modules: List{Source: gone}, Memlock: Memlock{Source: gone},
		Types: Types{Size{Source: gone}, Modules{Source: gone}}, Mounts: Mounts{Source: gone}, Config: Config{Source: gone},
		Caller: Caller{Source: gone, Effective: hex(0), Bounding: hex(0)},
	}
	for _, name := range settingNames {
		none.Settings = append(none.Settings, Setting{Name: name, Source: gone})
	}
	strange := Read()
	strange.Kernel.Value = hostile
	strange.Lockdown = Text{Source{From: "/" + hostile}, hostile}
	strange.Modules = List{Source{From: "/lsm"}, []string{hostile}}
	strange.Mounts.BPF = []string{hostile}
	strange.Types.Modules = Modules{Source: Source{From: "/m"}, Without: []string{hostile}}
	return map[string]*Report{"here": NewReport(here), "asked": NewReport(asked), "nothing": NewReport(none), "strange": NewReport(strange)}
}

// checkSchema has an independent checker compare documents with a schema.
func checkSchema(t *testing.T, schema string, document any) {
	t.Helper()
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	if err := fixture.Schema(t, schema, text); err != nil {
		t.Error(err)
	}
}

// TestSchema checks that what is saved follows the schema, and that the schema forbids what is not saved.
func TestSchema(t *testing.T) {
	fixture.Need(t, fixture.Checkers)
	const schema = "../../docs/schemas/audit-1.json"
	for name, r := range reports() {
		t.Run(name, func(t *testing.T) { checkSchema(t, schema, r) })
	}
	for name, spoil := range map[string]func(r map[string]any){
		"no state":             func(r map[string]any) { delete(r, "state") },
		"another form":         func(r map[string]any) { r["form"] = "audit-2" },
		"a level":              func(r map[string]any) { r["findings"].([]any)[0].(map[string]any)["level"] = "good" },
		"a value that is text": func(r map[string]any) { aSetting(r)["value"] = "0" },
		"no value":             func(r map[string]any) { delete(aSetting(r), "value") },
		"unread, but there":    func(r map[string]any) { aSetting(r)["unread"] = "no" },
		"no capabilities":      func(r map[string]any) { delete(r["state"].(map[string]any)["caller"].(map[string]any), "effective") },
	} {
		t.Run(name, func(t *testing.T) {
			text, err := json.Marshal(NewReport(Read()))
			if err != nil {
				t.Fatal(err)
			}
			spoilt := make(map[string]any)
			if err := json.Unmarshal(text, &spoilt); err != nil {
				t.Fatal(err)
			}
			spoil(spoilt)
			if text, err = json.Marshal(spoilt); err != nil {
				t.Fatal(err)
			}
			if fixture.Schema(t, schema, text) == nil {
				t.Error("it follows the schema")
			}
		})
	}
}

// TestSARIF checks against the schema of the standard, and that each finding that does not pass has a result.
func TestSARIF(t *testing.T) {
	fixture.Need(t, fixture.Checkers)
	for name, r := range reports() {
		t.Run(name, func(t *testing.T) {
			s := r.SARIF()
			checkSchema(t, "testdata/sarif-schema-2.1.0.json", s)
			run := s.Runs[0]
			var want, got []string
			for _, f := range r.Findings {
				if f.Level != Pass {
					want = append(want, f.ID)
				}
			}
			for _, result := range run.Results {
				got = append(got, result.RuleID)
				if rule := run.Tool.Driver.Rules[result.RuleIndex]; rule.ID != result.RuleID {
					t.Errorf("the rule of %s is %s", result.RuleID, rule.ID)
				}
				if (result.Kind == "fail") == (result.Level == "none") {
					t.Errorf("%s: %s, %s", result.RuleID, result.Kind, result.Level)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
		})
	}
}

// aSetting returns one of a report that everybody may read.
func aSetting(r map[string]any) map[string]any {
	list := r["state"].(map[string]any)["settings"].([]any)
	return list[slices.Index(settingNames[:], kptrRestrict)].(map[string]any)
}

// readMetrics prints samples as an independent parser reads them, which ends at the first mistake.
const readMetrics = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
json.dump([[f.name, f.type, s.name, s.labels, s.value] for f in text_string_to_metric_families(sys.stdin.read()) for s in f.samples], sys.stdout)
`

// TestOpenMetrics has an independent parser read the metrics.
func TestOpenMetrics(t *testing.T) {
	fixture.Need(t, fixture.Checkers)
	for name, r := range reports() {
		t.Run(name, func(t *testing.T) {
			c := exec.Command(fixture.Python, "-c", readMetrics)
			c.Stdin = strings.NewReader(written(r.OpenMetrics))
			out, err := c.Output()
			if err != nil {
				t.Fatalf("%v: %s\n%s", err, out, written(r.OpenMetrics))
			}
			var samples [][]any
			if err := json.Unmarshal(out, &samples); err != nil {
				t.Fatal(err)
			}
			got := make(map[string]int)
			for _, s := range samples {
				labels := s[3].(map[string]any)
				got[fmt.Sprint(s[2], labels["id"], labels["level"], labels["release"])] = int(s[4].(float64))
			}
			want := map[string]int{fmt.Sprint("gobpftool_audit_kernel_info", nil, nil, r.State.Kernel.Value): 1}
			for _, f := range r.Findings {
				want[fmt.Sprint("gobpftool_audit_level", f.ID, nil, nil)] = map[Level]int{Pass: 0, Note: 1, Unknown: 2, Warn: 3, Fail: 4}[f.Level]
			}
			for _, l := range Levels() {
				want[fmt.Sprint("gobpftool_audit_findings", nil, l.String(), nil)] = *r.Summary.of(l)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	c := exec.Command(fixture.Python, "-c", readMetrics)
	c.Stdin = strings.NewReader(strings.TrimSuffix(written(NewReport(Read()).OpenMetrics), "# EOF\n"))
	if out, err := c.CombinedOutput(); err == nil {
		t.Errorf("the parser takes metrics without an end: %s", out)
	}
}

// written returns what a face writes.
func written(face func(*bufio.Writer)) string {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	face(w)
	w.Flush()
	return b.String()
}

// TestPlain makes sure that the worst comes first, that everything that is not well is explained, and that nothing of
// a stranger commands a terminal.
func TestPlain(t *testing.T) {
	for name, r := range reports() {
		t.Run(name, func(t *testing.T) {
			text := written(r.Plain)
			if strings.ContainsAny(text, "\x1b") {
				t.Error("there are control characters")
			}
			last := -1
			for line := range strings.Lines(text) {
				word, rest, _ := strings.Cut(line, " ")
				var l Level
				if l.UnmarshalText([]byte(word)) != nil || !strings.Contains(rest, ": ") {
					continue
				}
				at := 0
				for i, level := range Levels() {
					if level == l {
						at = i
					}
				}
				if at < last {
					t.Errorf("%q comes too late", line)
				}
				last = at
			}
			for _, f := range r.Findings {
				if !strings.Contains(text, "  "+f.ID+": ") {
					t.Errorf("%s is not told", f.ID)
				}
			}
			if !strings.HasSuffix(text, "\n\n"+r.Summary.String()+"\n") {
				t.Errorf("ends with %q", text[len(text)-80:])
			}
		})
	}
}
