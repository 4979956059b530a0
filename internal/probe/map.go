package probe

import (
	"encoding/binary"
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
	spec := bpf.MapSpec{Type: uint32(t), KeySize: 4, ValueSize: 4, MaxEntries: 1, Ifindex: s.Ifindex}
	if s.Ifindex != 0 {
		return made(spec)
	}
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
		return storage(spec)
	case "ringbuf", "user_ringbuf":
		spec.KeySize, spec.ValueSize, spec.MaxEntries = 0, 0, uint32(os.Getpagesize())
	case "arena":
		spec.KeySize, spec.ValueSize, spec.Flags = 0, 0, mmapable
	case "array_of_maps", "hash_of_maps":
		return outer(spec)
	case "struct_ops": // the first type of the kernel is not one of its structs of functions
		spec.StructType = 1
		o := made(spec)
		o.Able = errors.Is(o.Err, enotsupp)
		return o
	}
	return made(spec)
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
	fd, err := bpf.CreateMap(spec)
	if err == nil {
		fd.Close()
	}
	return taken(err)
}

// outer makes a map of maps.
func outer(spec bpf.MapSpec) Outcome {
	hash, _ := names.ParseMapType("hash")
	inner, err := bpf.CreateMap(bpf.MapSpec{Type: uint32(hash), KeySize: 4, ValueSize: 4, MaxEntries: 1})
	if err != nil {
		return taken(err)
	}
	defer inner.Close()
	spec.Inner = inner
	return made(spec)
}

// storage makes a map whose entries belong to something else: it must have types.
func storage(spec bpf.MapSpec) Outcome {
	types, err := bpf.LoadBTF(oneType(), 0, nil)
	if err != nil {
		return taken(err)
	}
	defer types.Close()
	spec.BTF, spec.KeyType, spec.ValueType = types, 1, 1
	spec.MaxEntries, spec.Flags = 0, noPrealloc
	return made(spec)
}

// oneType returns BTF with one type, an integer of 32 bits.
//
// Source: Documentation/bpf/btf.rst of the kernel.
func oneType() []byte {
	const name = "\x00int\x00"
	order := binary.NativeEndian
	b := order.AppendUint16(nil, 0xeb9f)
	b = append(b, 1, 0) // version, flags
	for _, n := range []uint32{
		24, 0, 16, 16, uint32(len(name)), // the lengths of the header, of types and of names, and where these start
		1, 1 << 24, 4, 1<<24 | 32, // the name's offset, the kind, bytes, signed and bits
	} {
		b = order.AppendUint32(b, n)
	}
	return append(b, name...)
}
