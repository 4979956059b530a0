// Package object answers "gobpftool object".
package object

import "github.com/gobpftool/gobpftool/internal/call"

// Commands is the object "object".
var Commands = call.Object{
	Name:  "object",
	Short: "ELF objects that are not loaded",
	Verbs: []call.Verb{
		{Name: "show", Args: "OBJ", Short: "Show what an object holds", Long: showLong, Run: show},

		{Name: call.Help},
		{Name: "relocs"},
		{Name: "check"},
		{Name: "requires"},
	},
	Terms: []call.Term{{Name: "OBJ", Syntax: "FILE"}},
}

const showLong = `Shows what an ELF object holds that is not loaded: programs with what their sections say of them, functions that they call, ` +
	`maps, variables, what it wants of the kernel (externs), and how many relocations of each kind there are.

It needs no rights and no kernel with BPF, and the object may be for machines of the other byte order.

	gobpftool object show xdp.bpf.o`
