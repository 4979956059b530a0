package probe

import (
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A MapFlag is a flag with which maps are made.
type MapFlag struct {
	Name string        // as [names.MapFlags] has it
	Bit  uint32        // BPF_F_*
	Map  names.MapType // that it was tried with
	Outcome
}

// flaggedMaps are the types of maps that take a flag which maps of hashes do not.
var flaggedMaps = map[string]string{
	"no_common_lru": "lru_hash", "rdonly": "array", "wronly": "array", "stack_build_id": "stack_trace", "rdonly_prog": "array",
	"wronly_prog": "array", "clone": "sk_storage", "mmapable": "array", "preserve_elems": "perf_event_array", "inner_map": "array",
	"link": "struct_ops", "vtype_btf_obj_fd": "struct_ops", "segv_on_fault": "arena", "no_user_conv": "arena", "rb_overwrite": "ringbuf",
}

// mapFlags returns the flags that are asked about.
func mapFlags() (list []MapFlag) {
	for _, f := range names.MapFlags(1<<32 - 1) {
		if f.Name == "" {
			continue
		}
		word := flaggedMaps[f.Name]
		if word == "" {
			word = "hash"
		}
		t, _ := names.ParseMapType(word)
		list = append(list, MapFlag{Name: f.Name, Bit: f.Bit, Map: t})
	}
	return list
}

// mapFlag finds out whether the kernel knows a flag.
func (q *question) mapFlag(f *MapFlag) Outcome {
	spec := mapSpec(f.Map)
	spec.Flags |= f.Bit
	switch f.Name {
	case "path_fd": // is not for those who make maps, but open them
		return told(bpf.TryPathFD(), unix.EFAULT)
	case "token_fd":
		spec.Flags, spec.Token = 0, -1
		return told(made(spec).Err, unix.EBADF)
	case "link":
		return q.link("struct_ops")
	case "vtype_btf_obj_fd":
		o := q.structMap(0, -1)
		if o.Err == nil {
			return o
		}
		return told(o.Err, unix.EBADF)
	case "stack_build_id":
		spec.ValueSize = 32 // of struct bpf_stack_build_id
	}
	return made(spec)
}

// A Batch is something that is done with many elements of a map of a type at once.
type Batch struct {
	Map names.MapType
	Op  string // lookup, lookup_and_delete, update or delete
	Outcome
}

var batchOps = []struct {
	word string
	op   bpf.BatchOp
}{
	{"lookup", bpf.LookupBatch}, {"lookup_and_delete", bpf.LookupAndDeleteBatch},
	{"update", bpf.UpdateManyBatch}, {"delete", bpf.DeleteBatch},
}

// batches returns what is asked about: all operations of a type one after the other.
func batches() (list []Batch) {
	for i := range names.MapTypes() {
		for _, b := range batchOps {
			list = append(list, Batch{Map: names.MapType(i + 1), Op: b.word})
		}
	}
	return list
}

// batch finds out what can be done with maps of one type.
func (q *question) batch(list []Batch) {
	spec := mapSpec(list[0].Map)
	if list[0].Map.String() == "struct_ops" && len(q.kernel.ops) > 0 {
		spec = q.kernel.ops[0].mapSpec()
	}
	m, err := open(spec)
	for i := range list {
		if err != nil {
			list[i].Err = err
			continue
		}
		list[i].Outcome = taken(bpf.TryBatch(m, batchOps[i].op))
	}
	if err == nil {
		m.Close()
	}
}

// mapNumber returns the number of the type of maps that a word is for.
func mapNumber(word string) uint32 {
	t, _ := names.ParseMapType(word)
	return uint32(t)
}
