// Package btfcmd answers "gobpftool btf".
package btfcmd

import (
	"github.com/gobpftool/gobpftool/internal/call"
)

// Commands is the object "btf".
var Commands = call.Object{
	Name:  "btf",
	Short: "BTF, the descriptions of types that programs, maps and the kernel carry",
	Verbs: []call.Verb{
		{Name: "show", Args: "[id BTF_ID]", Short: "Show BTF objects", Long: showLong, Run: show},
		{Name: "list", Like: "show"},
		{Name: call.Help},
		{Name: "dump"},
	},
	Options: "B",
}

const showLong = `Shows all BTF objects, or the one with the given ID: their size, the programs and maps that use them, ` +
	`and the processes that hold a descriptor of them under "pids". ` +
	`Those of the kernel and its modules have their names in brackets.`
