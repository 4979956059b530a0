// Package mapcmd answers "gobpftool map".
package mapcmd

import (
	"strings"

	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/names"
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
		{Name: "dump", Args: "MAP [inner]", Short: "Show the entries of maps", Long: dumpLong, Run: dump},
		{Name: "update", Args: "MAP [key KEY] [value VALUE] [{ any | exist | noexist }]", Short: "Set an entry of a map", Long: updateLong, Run: update},
		{Name: "lookup", Args: "MAP [key KEY] [value DATA]", Short: "Show an entry of a map", Long: lookupLong, Run: lookup},
		{Name: "getnext", Args: "MAP [key DATA]", Short: "Show the key that follows another", Long: getnextLong, Run: getnext},
		{Name: "delete", Args: "MAP key KEY", Short: "Remove an entry of a map", Long: deleteLong, Run: remove},
		{Name: "pin", Args: "MAP FILE", Short: "Pin a map", Long: pinLong, Run: pin},
		{Name: "event_pipe"},
		{Name: "create", Args: createArgs, Short: "Make a map and pin it", Long: createLong, Run: create},
		{Name: "peek", Like: "lookup"},
		{Name: "push", Like: "update"},
		{Name: "enqueue", Like: "update"},
		{Name: "pop", Args: "MAP [key KEY]", Short: "Take a value out of a queue or stack", Long: popLong, Run: pop},
		{Name: "dequeue", Like: "pop"},
		{Name: "freeze", Args: "MAP", Short: "Forbid changes of a map by processes", Long: freezeLong, Run: freeze},
	},
	Terms: []call.Term{
		pick.MapTerm,
		{Name: "DATA", Syntax: "[hex] BYTE..."},
		{Name: "KEY", Syntax: "{ DATA | cgroup CGROUP [attach ATTACH_TYPE] | file FILE | pid PID [fd FD] }"},
		{Name: "VALUE", Syntax: "{ DATA | MAP | PROG | cgroup CGROUP }"},
		pick.ProgTerm,
		{Name: "TYPE", Syntax: "{ " + strings.Join(names.MapTypes(), " | ") + " }"},
	},
	Options: "fn",
}

const showLong = `Shows all maps, or those that the selector names, one after the other.

The type and the compilation of the programs that a prog_array takes are shown once it has an owner. ` +
	`With --bpffs the paths are shown at which maps are pinned. ` +
	`Processes that hold a descriptor of a map are listed under "pids".`

const createArgs = "FILE type TYPE key KEY_SIZE value VALUE_SIZE entries MAX_ENTRIES name NAME [flags FLAGS] [inner_map MAP] [offload_dev DEV]"

const dumpLong = `d`
const updateLong = `d`
const lookupLong = `d`
const getnextLong = `d`
const deleteLong = `d`
const pinLong = `d`
const createLong = `d`
const popLong = `d`
const freezeLong = `d`
