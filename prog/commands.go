// Package prog answers "gobpftool prog".
package prog

import (
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// Commands is the object "prog".
var Commands = call.Object{
	Name:  "prog",
	Short: "programs that are loaded into the kernel",
	Verbs: []call.Verb{
		{Name: "show", Args: "[PROG]", Short: "Show loaded programs", Long: showLong, Run: show},
		{Name: "list", Like: "show"},
		{Name: call.Help},
		{Name: "dump", Args: "{ xlated | jited } PROG [{ file FILE | [opcodes] [linum] [visual [format { dot | html }]] }]", Short: "Show the code of programs", Run: dump},
		{Name: "pin"},
		{Name: "load"},
		{Name: "loadall"},
		{Name: "attach"},
		{Name: "detach"},
		{Name: "tracelog"},
		{Name: "run"},
		{Name: "profile"},
	},
	Terms:   []call.Term{pick.ProgTerm},
	Options: "fmnL",
}

const showLong = `Shows all loaded programs, or those that the selector names, one after the other. ` +
	`A name is the full name of the program's main function where the program has BTF, and not cut at 15 characters.

Run time and run count are shown while the kernel collects statistics (sysctl kernel.bpf_stats_enabled). ` +
	`With --bpffs the paths are shown at which programs are pinned. ` +
	`Processes that hold a descriptor of a program are listed under "pids". ` +
	`Variables of read-only data whose names start with bpf_metadata_ are shown under "metadata".`
