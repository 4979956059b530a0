// Package object answers "gobpftool object".
package object

import "github.com/gobpftool/gobpftool/internal/call"

// Commands is the object "object".
var Commands = call.Object{
	Name:  "object",
	Short: "ELF objects that are not loaded",
	Verbs: []call.Verb{
		{Name: "show"},

		{Name: call.Help},
		{Name: "relocs"},
		{Name: "check"},
		{Name: "requires"},
	},
	Terms: []call.Term{{Name: "OBJ", Syntax: "FILE"}},
}
