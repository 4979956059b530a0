// Package mapcmd answers "gobpftool map".
package mapcmd

import (
	"strings"

	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/events"
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
		{Name: "event_pipe", Args: "MAP [cpu N index M] [type NAME] [steal]", Short: "Show what programs put out", Long: eventPipeLong, Run: events.Pipe},
		{Name: "create", Args: createArgs, Short: "Make a map and pin it", Long: createLong, Run: create},
		{Name: "peek", Like: "lookup"},
		{Name: "push", Like: "update"},
		{Name: "enqueue", Like: "update"},
		{Name: "pop", Args: "MAP [key KEY]", Short: "Take a value out of a queue or stack", Long: popLong, Run: pop},
		{Name: "dequeue", Like: "pop"},
		{Name: "freeze", Args: "MAP", Short: "Forbid changes of a map by processes", Long: freezeLong, Run: freeze},
		{Name: "export", Args: "MAP { FILE | - }", Short: "Write the entries of a map into a file", Long: exportLong, Run: export},
		{Name: "import", Args: "{ MAP | create FILE } { FILE | - } [continue]", Short: "Read the entries of a map from a file", Long: importLong, Run: importMap},
	},
	Terms: []call.Term{
		pick.MapTerm,
		{Name: "DATA", Syntax: "{ [hex] BYTE... | JSON }"},
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

const dumpLong = `Shows the entries of a map, or of all maps with a name: keys and values in bytes, or if the map has BTF by their types. ` +
	`In JSON there are both: "key" and "value" in bytes, "formatted" by types. Per-CPU maps have a value for each CPU.

With inner the entries of maps in maps are shown as well. A ring buffer shows how far it has come, an arena its pages.

What a dump promises while others write, and which maps have none, is said type by type in docs/map/types.md.`

const updateLong = `Sets the value of a key. With noexist only if there is no such key, with exist only if there is one. ` +
	`Maps without keys, such as queues, take just a value: push and enqueue are other names for that.

Keys and values are bytes, a word each: decimal, octal (017) or hexadecimal (0x1f), or all hexadecimal after the word hex. ` +
	`Per-CPU maps get the same value on all CPUs. Maps of maps take a map, a prog_array takes a program, a cgroup_array takes a cgroup.

Where the map has BTF they may be written by their types: as JSON, as lookup prints them, in one word that is quoted for the shell. ` +
	`Fields that are left out are zero. Enums are their names, arrays of char are strings, __be32 and arrays of 4 bytes may be "10.0.0.1", those of 16 bytes "2001:db8::1", ` +
	`those of 6 bytes "02:00:00:00:00:01", other arrays of bytes "hex:0a0b"; "be:443" is a number in network order, all others are in that of the host. ` +
	`In per-CPU maps a list has the values of the CPUs, from the first one on. What does not fit is refused with its place and what would fit, and nothing is written. ` +
	`A number that is below zero follows the word --, or it is taken for an option.

The keys of local storage are their owners: a cgroup by its directory, a file by its path, a process by its number, a socket by a descriptor of a process:

	gobpftool map update name conns key 10 0 0 1 value hex 00 10
	gobpftool map update name conns key '{"addr": "10.0.0.1", "port": "be:443"}' value '{"packets": 0}'
	gobpftool map update name jumps key 1 0 0 0 value pinned /sys/fs/bpf/next
	gobpftool map update name marks key pid 1 value 7 0 0 0`

const lookupLong = `Shows the entry of a key, or in queues and stacks, which peek is a better name for, the value that is next. ` +
	`The exit status is 3 if there is none. Of a bloom filter a value is asked for: whether it has probably got that.`

const getnextLong = `Shows the key that follows another, or the first one.`

const deleteLong = `Removes a key and its value.`

const pinLong = `Pins a map at a path. A BPF file system is mounted on its directory if it is not in one, unless --nomount forbids it.`

const eventPipeLong = `Shows what programs put out through a perf_event_array or a ring buffer, as it comes, until SIGINT, SIGHUP or SIGTERM ends it.

Without cpu and index the events of all CPUs that are online are shown: the slots of the array that have their numbers get a ring for each. ` +
	`With them, one slot gets the ring of one CPU. In the end the slots are empty again, and it is said how many events were lost on each CPU. ` +
	`The kernel fills events up to a size that it likes: up to seven bytes at their ends mean nothing.

With type, records are shown by the type of that name, from the BTF of the map or of the programs that use it; in JSON under "formatted" beside the bytes.

What is shown here nobody else gets to see. So slots with an event of another consumer, and ring buffers that another process holds, are refused. ` +
	`The word steal takes them nevertheless: the kernel does not hand out what was in a slot, so it cannot be put back. ` +
	`Records of a ring buffer with two readers go to one of them, or are torn.

	gobpftool map event_pipe name events
	gobpftool -j map event_pipe name events type event
	gobpftool map event_pipe pinned /sys/fs/bpf/perf cpu 1 index 0`

const createArgs = "FILE type TYPE key KEY_SIZE value VALUE_SIZE entries MAX_ENTRIES name NAME [flags FLAGS] [inner_map MAP] [offload_dev DEV]"

const createLong = `Makes a map, and pins it at a path as pin does. Sizes are in bytes. Flags are the sum of the BPF_F_ values of <linux/bpf.h>. ` +
	`A map of maps needs a map like those that it is to have.

	gobpftool map create /sys/fs/bpf/conns type lru_hash key 4 value 8 entries 1000 name conns`

const popLong = `Takes the next value out of a queue or stack and shows it. In hash tables it takes out that of a key. The exit status is 3 if there is none.`

const freezeLong = `Forbids that processes change a map, for good. Programs may go on to do so.`

const exportLong = `Writes the entries of a map into a file, or to standard output (-): a line of JSON for the map, with its sizes and types, ` +
	`and one for each entry. Keys and values are spelt by their types; where that would not keep all of their bits, or there are no types, ` +
	`they are bytes: "hex:0a0b". Values of all CPUs are a list. The file takes its place when it is complete.

Maps whose entries mean something in this kernel only, such as maps of maps, cannot be exported.`

const importLong = `Reads the entries of an exported map from a file, or from standard input (-), into a map: one whose keys and values have the same sizes, ` +
	`or with create a new one like the exported one, which is pinned when it has all entries. ` +
	`At a line that is wrong the command ends and names its number: the entries before it are written, none after it. With continue it goes on, and a new map is pinned all the same.

The types lru_hash and lru_percpu_hash drop entries to make room, maybe before they are full.

	gobpftool map export name conns conns.jsonl
	gobpftool map import create /sys/fs/bpf/conns conns.jsonl`
