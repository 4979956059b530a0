package cmd

import (
	"fmt"

	"github.com/gobpftool/gobpftool/internal/audit"
	"github.com/gobpftool/gobpftool/internal/docs"
	"github.com/gobpftool/gobpftool/internal/names"
)

// describeAudit tells by which rules "feature audit" judges.
func describeAudit() (a docs.Audit) {
	for _, r := range audit.Rules() {
		if r.When != "" { // which those of a table do not need
			a.Rules = append(a.Rules, docs.AuditRule{ID: r.ID, About: r.About, When: r.When, Why: r.Why, Mend: r.Mend})
		}
	}
	for _, o := range audit.Options() {
		a.Options = append(a.Options, docs.AuditOption{Name: o.Name, ID: o.ID(), Without: o.Without.String(), Since: since(o.Since), Gives: o.Gives})
	}
	for _, q := range audit.Questions() {
		a.Features = append(a.Features, docs.AuditFeature{
			ID: q.Finding(), Title: q.Title, Since: since(q.Since), Question: fmt.Sprintf("%s `%s`", q.Kind, q.Name), Source: q.Source,
		})
	}
	return a
}

// since spells a version, which is empty if it is not known.
func since(v names.Version) string {
	if v.IsZero() {
		return ""
	}
	return v.String()
}
