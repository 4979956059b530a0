// Package feature answers "gobpftool feature".
package feature

import "github.com/gobpftool/gobpftool/internal/call"

// Commands is the object "feature".
var Commands = call.Object{
	Name:  "feature",
	Short: "what the kernel can do with BPF",
	Verbs: []call.Verb{
		{Name: "probe"},
		{Name: "list_builtins"},
		{Name: call.Help},
	},
}
