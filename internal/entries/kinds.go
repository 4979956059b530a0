package entries

// A Kind is what can be done with maps of a type. The table of all kinds makes
// docs/map/types.md, and tests try every row on kernels.
type Kind struct {
	Type   string
	Since  string            // the kernel that brought it; empty if all have it that the tool is for
	Create string            // words for "map create" with which one can be made, or empty
	Made   string            // how it is made instead
	Dump   string            // what a dump promises while others write
	Lacks  map[string]string // why there is no such operation
}

// Operations are what may be done with maps, in the order in which documents have
// them. Push and enqueue are updates, peek is a lookup, dequeue is pop.
var Operations = []string{"dump", "lookup", "getnext", "update", "delete", "pop"}

// What a dump promises while others write.
const (
	buckets   = "buckets are read whole: an entry that stays is shown, and once"
	slots     = "all slots are shown, each as it is when it is read"
	neighbour = "entries are read from key to key: where a key is deleted at the wrong moment the walk starts again, and entries may be shown twice"
	resized   = "entries are read from key to key: while the table grows or shrinks, entries may be shown twice or not at all"
	single    = "there is one value, shown as it is when it is read"
	positions = "each position is shown as it is when it is read"
	pages     = "pages are shown one after the other, each as it is when it is read"
	nothing   = "there is no dump"
)

// Why there is no such operation. %s is the type.
const (
	setOnly     = "the kernel does not tell what is in %s: slots can only be set and cleared"
	noDelete    = "the entries of %s cannot be deleted, only overwritten"
	noTake      = "values cannot be taken out of %s: 'map lookup' shows one, 'map delete' removes it"
	noDrop      = "values cannot be taken out of %s: 'map lookup' shows one"
	noKeys      = "%s has no keys: 'map peek' shows the value that is next, 'map pop' takes it out"
	bloom       = "%s keeps no values, but can tell whether it has probably got one: 'map peek MAP value DATA'"
	ring        = "%s has records instead of entries: 'map event_pipe' takes them out, 'map dump' shows its positions"
	userRing    = "%s has records instead of entries, which programs take out: 'map dump' shows its positions"
	memory      = "%s is memory without keys and values: 'map dump' shows its pages"
	byOwner     = "the entries of %s are known to their owners only: 'map lookup MAP key "
	bySocket    = byOwner + "pid PID fd FD' shows that of a socket"
	byFile      = byOwner + "file FILE' shows that of a file"
	byProcess   = byOwner + "pid PID' shows that of a process"
	byCgroup    = byOwner + "cgroup CGROUP' shows that of a cgroup"
	byPrograms  = "the entries of %s are made by programs: they can only be deleted"
	attached    = "the entries of %s come and go with the programs attached to a cgroup"
	instruction = "the entries of %s stand for instructions of a program, and stay"
	registered  = "the value of %s comes with its programs, from an object file"
)

// How maps are made that the command line cannot make.
const loaded = "with BTF, by what loads an object file"

// Kinds returns a row for each type of map, in the order of their numbers.
func Kinds() []Kind {
	return []Kind{
		{Type: "hash", Create: "key 4 value 8 entries 16", Dump: buckets},
		{Type: "array", Create: "key 4 value 8 entries 4", Dump: slots, Lacks: map[string]string{"delete": noDelete, "pop": noDrop}},
		{Type: "prog_array", Create: "key 4 value 4 entries 4", Dump: slots, Lacks: map[string]string{"pop": noTake}},
		{Type: "perf_event_array", Create: "key 4 value 4 entries 4", Dump: nothing, Lacks: map[string]string{"dump": setOnly, "lookup": setOnly, "pop": setOnly}},
		{Type: "percpu_hash", Create: "key 4 value 8 entries 16", Dump: buckets},
		{Type: "percpu_array", Create: "key 4 value 8 entries 4", Dump: slots, Lacks: map[string]string{"delete": noDelete, "pop": noDrop}},
		{Type: "stack_trace", Create: "key 4 value 80 entries 4", Dump: neighbour, Lacks: map[string]string{"update": byPrograms}},
		{Type: "cgroup_array", Create: "key 4 value 4 entries 4", Dump: nothing, Lacks: map[string]string{"dump": setOnly, "lookup": setOnly, "pop": setOnly}},
		{Type: "lru_hash", Create: "key 4 value 8 entries 16", Dump: buckets},
		{Type: "lru_percpu_hash", Create: "key 4 value 8 entries 16", Dump: buckets},
		{Type: "lpm_trie", Create: "key 8 value 8 entries 16 flags 1", Dump: neighbour, Lacks: map[string]string{"pop": noTake}},
		{Type: "array_of_maps", Create: "key 4 value 4 entries 4 inner_map MAP", Dump: slots, Lacks: map[string]string{"pop": noTake}},
		{Type: "hash_of_maps", Create: "key 4 value 4 entries 4 inner_map MAP", Dump: buckets, Lacks: map[string]string{"pop": noTake}},
		{Type: "devmap", Create: "key 4 value 4 entries 4", Dump: slots, Lacks: map[string]string{"pop": noTake}},
		{Type: "sockmap", Create: "key 4 value 8 entries 4", Dump: slots, Lacks: map[string]string{"pop": noTake}},
		{Type: "cpumap", Create: "key 4 value 4 entries 4", Dump: slots, Lacks: map[string]string{"pop": noTake}},
		{Type: "xskmap", Create: "key 4 value 4 entries 4", Dump: nothing, Lacks: map[string]string{"dump": setOnly, "lookup": setOnly, "pop": setOnly}},
		{Type: "sockhash", Create: "key 4 value 8 entries 4", Dump: neighbour, Lacks: map[string]string{"pop": noTake}},
		{Type: "cgroup_storage", Create: "key 8 value 8 entries 0", Dump: neighbour, Lacks: map[string]string{"delete": attached, "pop": noDrop}},
		{Type: "reuseport_sockarray", Create: "key 4 value 8 entries 4", Dump: slots, Lacks: map[string]string{"pop": noTake}},
		{Type: "percpu_cgroup_storage", Create: "key 8 value 8 entries 0", Dump: neighbour, Lacks: map[string]string{"delete": attached, "pop": noDrop}},
		{Type: "queue", Create: "key 0 value 8 entries 4", Dump: nothing, Lacks: map[string]string{"dump": noKeys, "getnext": noKeys, "delete": noKeys}},
		{Type: "stack", Create: "key 0 value 8 entries 4", Dump: nothing, Lacks: map[string]string{"dump": noKeys, "getnext": noKeys, "delete": noKeys}},
		{Type: "sk_storage", Made: loaded, Dump: nothing, Lacks: map[string]string{"dump": bySocket, "getnext": bySocket, "pop": noTake}},
		{Type: "devmap_hash", Create: "key 4 value 4 entries 4", Dump: neighbour, Lacks: map[string]string{"pop": noTake}},
		{Type: "struct_ops", Made: loaded, Dump: single, Lacks: map[string]string{"update": registered, "pop": noTake}},
		{Type: "ringbuf", Create: "key 0 value 0 entries 4096", Dump: positions, Lacks: allBut("dump", ring)},
		{Type: "inode_storage", Made: loaded, Dump: nothing, Lacks: map[string]string{"dump": byFile, "getnext": byFile, "pop": noTake}},
		{Type: "task_storage", Since: "5.11", Made: loaded, Dump: nothing, Lacks: map[string]string{"dump": byProcess, "getnext": byProcess, "pop": noTake}},
		{Type: "bloom_filter", Since: "5.16", Create: "key 0 value 8 entries 16", Dump: nothing, Lacks: map[string]string{"dump": bloom, "getnext": bloom, "delete": bloom, "pop": bloom}},
		{Type: "user_ringbuf", Since: "6.1", Create: "key 0 value 0 entries 4096", Dump: positions, Lacks: allBut("dump", userRing)},
		{Type: "cgrp_storage", Since: "6.2", Made: loaded, Dump: nothing, Lacks: map[string]string{"dump": byCgroup, "getnext": byCgroup, "pop": noTake}},
		{Type: "arena", Since: "6.9", Create: "key 0 value 0 entries 4 flags 0x400", Dump: pages, Lacks: allBut("dump", memory)},
		{Type: "insn_array", Since: "6.19", Create: "key 4 value 16 entries 2", Dump: slots, Lacks: map[string]string{"delete": instruction, "pop": noDrop}},
		{Type: "rhash", Since: "7.2", Create: "key 4 value 8 entries 16 flags 1", Dump: resized},
	}
}

// allBut says of all operations but one why there are none.
func allBut(one, why string) map[string]string {
	m := make(map[string]string)
	for _, operation := range Operations {
		if operation != one {
			m[operation] = why
		}
	}
	return m
}
