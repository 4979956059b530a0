package names

import (
	"slices"
	"strings"
)

// A Flag is one bit of the flags with which maps are made, and what brought it.
type Flag struct {
	Bit  uint32
	Name string
	In   Version
}

// mapFlags are in order of their bits, as BPF_F_* of include/uapi/linux/bpf.h.
//
// Source: that file at the tags of mainline Linux.
var mapFlags = []Flag{
	{1 << 0, "no_prealloc", Version{4, 6}},
	{1 << 1, "no_common_lru", Version{4, 10}},
	{1 << 2, "numa_node", Version{4, 14}},
	{1 << 3, "rdonly", Version{4, 15}},
	{1 << 4, "wronly", Version{4, 15}},
	{1 << 5, "stack_build_id", Version{4, 17}},
	{1 << 6, "zero_seed", Version{5, 0}},
	{1 << 7, "rdonly_prog", Version{5, 2}},
	{1 << 8, "wronly_prog", Version{5, 2}},
	{1 << 9, "clone", Version{5, 4}},
	{1 << 10, "mmapable", Version{5, 5}},
	{1 << 11, "preserve_elems", Version{5, 10}},
	{1 << 12, "inner_map", Version{5, 10}},
	{1 << 13, "link", Version{6, 4}},
	{1 << 14, "path_fd", Version{6, 5}},
	{1 << 15, "vtype_btf_obj_fd", Version{6, 9}},
	{1 << 16, "token_fd", Version{6, 9}},
	{1 << 17, "segv_on_fault", Version{6, 9}},
	{1 << 18, "no_user_conv", Version{6, 9}},
	{1 << 19, "rb_overwrite", Version{6, 19}},
}

// MapFlags returns the flags that are set, those without a name with an empty one.
func MapFlags(set uint32) []Flag {
	var list []Flag
	for _, f := range mapFlags {
		if set&f.Bit != 0 {
			list = append(list, f)
			set &^= f.Bit
		}
	}
	for bit := uint32(1); bit != 0; bit <<= 1 {
		if set&bit != 0 {
			list = append(list, Flag{Bit: bit})
		}
	}
	return list
}

// btfKinds are the words for BTF_KIND_* of include/uapi/linux/btf.h, by their numbers, and the
// kernel that first took types of the kind.
//
// Source: that file at the tags of mainline Linux.
var btfKinds = []struct {
	name string
	in   Version
}{
	{"void", Version{4, 18}},
	{"int", Version{4, 18}},
	{"ptr", Version{4, 18}},
	{"array", Version{4, 18}},
	{"struct", Version{4, 18}},
	{"union", Version{4, 18}},
	{"enum", Version{4, 18}},
	{"fwd", Version{4, 18}},
	{"typedef", Version{4, 18}},
	{"volatile", Version{4, 18}},
	{"const", Version{4, 18}},
	{"restrict", Version{4, 18}},
	{"func", Version{5, 0}},
	{"func_proto", Version{5, 0}},
	{"var", Version{5, 2}},
	{"datasec", Version{5, 2}},
	{"float", Version{5, 13}},
	{"decl_tag", Version{5, 16}},
	{"type_tag", Version{5, 17}},
	{"enum64", Version{6, 0}},
}

// BTFKind returns the word for a kind of types, and the kernel that first took it: none if
// the kind is not known.
func BTFKind(number uint8) (name string, in Version) {
	if int(number) >= len(btfKinds) {
		return "", Version{}
	}
	return btfKinds[number].name, btfKinds[number].in
}

// since finds a name among those that versions brought.
func since(table []struct {
	in    Version
	names []string
}, name string) Version {
	for _, row := range table {
		if slices.Contains(row.names, name) {
			return row.in
		}
	}
	return Version{}
}

// IterSince returns the kernel that brought the iterator that sections such as "iter/task"
// name, or zero if that is not known.
//
// Source: struct bpf_iter__* in the sources of mainline Linux.
func IterSince(name string) Version { return since(iters, name) }

var iters = []struct {
	in    Version
	names []string
}{
	{Version{5, 8}, []string{"bpf_map", "ipv6_route", "netlink", "task", "task_file"}},
	{Version{5, 9}, []string{"bpf_map_elem", "bpf_prog", "bpf_sk_storage_map", "tcp", "udp"}},
	{Version{5, 10}, []string{"sockmap"}},
	{Version{5, 12}, []string{"task_vma"}},
	{Version{5, 15}, []string{"unix"}},
	{Version{5, 19}, []string{"bpf_link"}},
	{Version{6, 0}, []string{"ksym"}},
	{Version{6, 1}, []string{"cgroup"}},
	{Version{6, 13}, []string{"kmem_cache"}},
	{Version{6, 16}, []string{"dmabuf"}},
}

// StructOpsSince returns the kernel that let programs be the functions of a struct, or zero if
// that is not known: modules have others.
//
// Source: register_bpf_struct_ops in the sources of mainline Linux.
func StructOpsSince(name string) Version { return since(structOps, name) }

var structOps = []struct {
	in    Version
	names []string
}{
	{Version{5, 6}, []string{"tcp_congestion_ops"}},
	{Version{5, 16}, []string{"bpf_dummy_ops"}},
	{Version{6, 11}, []string{"hid_bpf_ops"}},
	{Version{6, 12}, []string{"sched_ext_ops"}},
	{Version{6, 16}, []string{"Qdisc_ops"}},
	{Version{7, 1}, []string{"io_uring_bpf_ops"}},
	{Version{7, 2}, []string{"sched_ext_ops_cid"}},
}

// SleepableSince returns the kernel that let programs of a section sleep, or zero if that is
// not known.
//
// Source: where the verifier of mainline Linux looks at BPF_F_SLEEPABLE; for tracepoints, the date
// of the change.
func SleepableSince(s Section) Version {
	switch name, _, _ := strings.Cut(s.Name, "."); name {
	case "fentry", "fexit", "fmod_ret", "lsm":
		if s.Attach.Since().Compare(Version{5, 10}) > 0 { // several at once
			return s.Attach.Since()
		}
		return Version{5, 10}
	case "fsession":
		return s.Attach.Since()
	case "syscall":
		return s.Type.Since()
	case "iter":
		return Version{5, 18}
	case "uprobe", "uretprobe", "usdt":
		if s.Attaches && !s.Optional {
			return s.Attach.Since()
		}
		return Version{6, 0}
	case "struct_ops":
		return Version{6, 3}
	case "tracepoint", "tp", "raw_tracepoint", "raw_tp", "tp_btf":
		return Version{7, 2}
	}
	return Version{}
}

// Targets returns the names of the iterators and structs of functions that are known, as [IterSince], with iter/ before
// them, and [StructOpsSince] take them: those of the oldest kernel first.
func Targets() (list []string) {
	for _, row := range iters {
		for _, name := range row.names {
			list = append(list, "iter/"+name)
		}
	}
	for _, row := range structOps {
		list = append(list, row.names...)
	}
	return list
}
