package probe

import (
	"errors"
	"os"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// Flags of maps, BPF_F_* of include/uapi/linux/bpf.h.
const (
	noPrealloc = 1 << 0
	mmapable   = 1 << 10
)

// mapType finds out whether there are maps of a type, by making one of a single entry.
func (s Scope) mapType(t names.MapType) Outcome {
	spec := mapSpec(t)
	if s.Ifindex != 0 {
		return made(bpf.MapSpec{Type: uint32(t), KeySize: 4, ValueSize: 4, MaxEntries: 1, Ifindex: s.Ifindex})
	}
	o := made(spec)
	if t.String() == "struct_ops" { // the first type of the kernel is not one of its structs of functions
		o.Able = errors.Is(o.Err, enotsupp)
	}
	return o
}

// mapSpec returns what a map of a type with a single entry is made of: what else it takes, [open] adds.
func mapSpec(t names.MapType) bpf.MapSpec {
	spec := bpf.MapSpec{Type: uint32(t), KeySize: 4, ValueSize: 4, MaxEntries: 1}
	switch t.String() {
	case "stack_trace":
		spec.ValueSize = 8
	case "insn_array":
		spec.ValueSize = insnValueLen
	case "lpm_trie":
		spec.KeySize, spec.ValueSize, spec.Flags = 8, 8, noPrealloc
	case "rhash":
		spec.Flags = noPrealloc
	case "cgroup_storage", "percpu_cgroup_storage":
		spec.KeySize, spec.ValueSize, spec.MaxEntries = cgroupKeyLen, 8, 0
	case "queue", "stack", "bloom_filter":
		spec.KeySize = 0
	case "sk_storage", "inode_storage", "task_storage", "cgrp_storage":
		spec.MaxEntries, spec.Flags = 0, noPrealloc
	case "ringbuf", "user_ringbuf":
		spec.KeySize, spec.ValueSize, spec.MaxEntries = 0, 0, uint32(os.Getpagesize())
	case "arena":
		spec.KeySize, spec.ValueSize, spec.Flags = 0, 0, mmapable
	case "struct_ops":
		spec.StructType = 1
	}
	return spec
}

// The sizes of struct bpf_cgroup_storage_key and struct bpf_insn_array_value in bytes.
//
// Source: include/uapi/linux/bpf.h.
const (
	cgroupKeyLen = 16
	insnValueLen = 16
)

// made makes a map and lets go of it.
func made(spec bpf.MapSpec) Outcome {
	fd, err := open(spec)
	if err == nil {
		fd.Close()
	}
	return taken(err)
}

// open makes a map, and before that what maps of its type must have: a map of the kind that is put into it, or
// types.
func open(spec bpf.MapSpec) (bpf.FD, error) {
	switch names.MapType(spec.Type).String() {
	case "array_of_maps", "hash_of_maps":
		inner, err := bpf.CreateMap(mapSpec(1))
		if err != nil {
			return 0, err
		}
		defer inner.Close()
		spec.Inner = inner
	case "sk_storage", "inode_storage", "task_storage", "cgrp_storage": // the entries belong to something else
		types, err := bpf.LoadBTF(oneType(), 0, nil)
		if err != nil {
			return 0, err
		}
		defer types.Close()
		spec.BTF, spec.KeyType, spec.ValueType = types, 1, 1
	case "struct_ops": // though the value is of a type of the kernel
		types, err := bpf.LoadBTF(oneType(), 0, nil)
		if err != nil {
			return 0, err
		}
		defer types.Close()
		spec.BTF = types
	}
	return bpf.CreateMap(spec)
}
