// Package mapcmd answers "gobpftool map".
package mapcmd

import (
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// Commands is the object "map".
var Commands = call.Object{
	Name:  "map",
	Short: "maps, the tables that programs share with each other and with processes",
	Verbs: []call.Verb{
		{Name: "show", Args: "[MAP]", Short: "Show maps", Long: showLong, Run: show},
		{Name: "list", Like: "show"},
		{Name: call.Help},
		{Name: "dump"},
		{Name: "update"},
		{Name: "lookup"},
		{Name: "getnext"},
		{Name: "delete"},
		{Name: "pin"},
		{Name: "event_pipe"},
		{Name: "create"},
		{Name: "peek"},
		{Name: "push"},
		{Name: "enqueue"},
		{Name: "pop"},
		{Name: "dequeue"},
		{Name: "freeze"},
	},
	Terms:   []call.Term{pick.MapTerm},
	Options: "fn",
}

const showLong = `Shows all maps, or those that the selector names, one after the other.

The type and the compilation of the programs that a prog_array takes are shown once it has an owner. ` +
	`With --bpffs the paths are shown at which maps are pinned. ` +
	`Processes that hold a descriptor of a map are listed under "pids".`
