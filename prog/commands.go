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
		{Name: "show", Args: "[PROG [used]]", Short: "Show loaded programs", Long: showLong, Run: show},
		{Name: "list", Like: "show"},
		{Name: call.Help},
		{Name: "dump", Args: "{ xlated | jited } PROG [{ file FILE | [opcodes] [linum] [visual] }]", Short: "Show the code of programs", Run: dump},
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
	`Variables of read-only data whose names start with bpf_metadata_ are shown under "metadata".

With used, it is also shown what the program uses and what uses it: the maps that it mentions; where it is attached, ` +
	`with a link or without; which programs replace or trace functions of it; which processes hold it, with their cgroup ` +
	`and unit of systemd; and so why it is still loaded. Links, and maps that hold the program, are shown with what keeps them. ` +
	`Places are those of network devices, traffic control, routes, cgroups, the network namespace in which the tool runs, ` +
	`receivers of infrared signals, perf events of processes, and maps. What could not be looked at is listed, ` +
	`if the program may be attached there. The kernel never tells about programs of sockets, ` +
	`nor about other network namespaces but for links: run the tool there (nsenter -n).`
