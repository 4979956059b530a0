// Package gen answers "gobpftool gen".
package gen

import "github.com/gobpftool/gobpftool/internal/call"

// Commands is the object "gen".
var Commands = call.Object{
	Name:  "gen",
	Short: "what is generated from BPF objects, such as skeletons",
	Verbs: []call.Verb{
		{Name: "object"},
		{Name: "skeleton"},
		{Name: "subskeleton"},
		{Name: "min_core_btf"},
		{Name: call.Help},
	},
	Options: "LSki",
}
