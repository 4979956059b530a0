package require

import (
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/survey"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// OfObject returns what an object requires of a kernel and of who loads it.
func OfObject(n *needs.Needs) []Requirement {
	var list []Requirement
	for _, need := range n.List {
		q := Requirement{
			Kind: survey.Kind(need.Kind.String()), Name: need.Name, Since: need.Since,
			Optional: need.Optional, Note: need.Note, Where: need.Where,
		}
		for _, t := range need.Types {
			q.For = append(q.For, t.String())
		}
		if need.Kind == needs.BTFKind {
			q.For = nil
		}
		list = append(list, q)
	}
	if n.Types.Answer == verdict.Yes {
		list = append(list, Requirement{Kind: survey.Types, Name: survey.KernelTypes, Note: n.Types.Evidence})
	}
	for _, e := range n.Externs {
		switch {
		case e.Kind == "ksym":
			list = append(list, Requirement{Kind: Symbol, Name: e.Name, Optional: e.Weak})
		case strings.HasPrefix(e.Name, optionPrefix):
			list = append(list, Requirement{Kind: survey.Option, Name: e.Name, Optional: e.Weak, Note: "its value is asked for"})
		}
	}
	for _, r := range n.Rights {
		q := Requirement{Kind: survey.Capability, Name: r.Capability.String(), Note: r.Evidence}
		switch {
		case r.Answer == verdict.Yes && r.Attach:
			q.Optional, q.Note = true, fmt.Sprintf("to attach it: %s", r.Evidence)
		case r.Answer != verdict.Yes:
			continue
		}
		list = append(list, q)
	}
	return list
}

// optionPrefix is what the names of the kernel's options begin with; other externs of kconfig are not from there.
const optionPrefix = "CONFIG_"
