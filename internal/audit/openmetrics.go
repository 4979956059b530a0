package audit

import (
	"bufio"
	"fmt"
	"strings"
)

// grades are what levels are as numbers, such that alerts compare them.
var grades = map[Level]int{Pass: 0, Note: 1, Unknown: 2, Warn: 3, Fail: 4}

// OpenMetrics writes the report in the text format of OpenMetrics 1.0, for monitoring.
func (r *Report) OpenMetrics(w *bufio.Writer) {
	family(w, "level", "gauge", "What an audit found: 0 pass, 1 note, 2 unknown, 3 warn, 4 fail.")
	for _, f := range r.Findings {
		fmt.Fprintf(w, "gobpftool_audit_level{id=%s,group=%s} %d\n", label(f.ID), label(f.Group), grades[f.Level])
	}
	family(w, "findings", "gauge", "How many findings there are of a level.")
	for _, level := range Levels() {
		fmt.Fprintf(w, "gobpftool_audit_findings{level=%s} %d\n", label(level.String()), *r.Summary.of(level))
	}
	family(w, "kernel", "info", "The kernel that was looked at.")
	fmt.Fprintf(w, "gobpftool_audit_kernel_info{release=%s} 1\n# EOF\n", label(r.State.Kernel.Value))
}

// family writes what stands above the samples of a metric.
func family(w *bufio.Writer, name, typ, help string) {
	fmt.Fprintf(w, "# TYPE gobpftool_audit_%s %s\n# HELP gobpftool_audit_%[1]s %[3]s\n", name, typ, help)
}

// label writes the value of a label.
func label(text string) string {
	return `"` + labelEscapes.Replace(strings.ToValidUTF8(text, "?")) + `"`
}

var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)
