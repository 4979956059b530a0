package survey

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/probe"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

func yes(format string, a ...any) verdict.Verdict {
	return verdict.Verdict{Answer: verdict.Yes, Evidence: fmt.Sprintf(format, a...)}
}

func no(format string, a ...any) verdict.Verdict {
	return verdict.Verdict{Answer: verdict.No, Evidence: fmt.Sprintf(format, a...)}
}

func unknown(format string, a ...any) verdict.Verdict {
	return verdict.Verdict{Evidence: fmt.Sprintf(format, a...)}
}

// there says whether the kernel shows its types.
func (m *model) there() verdict.Verdict {
	switch {
	case m.none:
		return no("%s", m.why)
	case m.why != "":
		return unknown("%s", m.why)
	}
	return yes("%s has %d functions", pick.KernelTypes, len(m.funcs))
}

// enumerated says whether an enumeration has a number: the kernel's source knows it then, but it may have been
// configured without.
func (m *model) enumerated(enum string, number int64) verdict.Verdict {
	list, ok := m.enums[enum]
	switch name := list[number]; {
	case m.why != "":
		return unknown("%s", m.why)
	case !ok:
		return unknown("there is no enum %s", enum)
	case name != "":
		return yes("enum %s has %s", enum, name)
	}
	return no("enum %s has no %d", enum, number)
}

// function says whether one of several functions is there, by which something was built in. Something that
// has none was not: the kernel's source knows it, but it was configured without.
func (m *model) function(known verdict.Verdict, list ...string) verdict.Verdict {
	if known.Answer != verdict.Yes || len(list) == 0 {
		return known
	}
	for _, name := range list {
		if m.funcs[name] {
			return yes("%s, and there is %s", known.Evidence, name)
		}
	}
	return no("%s, but there is no %s: it was not configured", known.Evidence, strings.Join(list, ", nor "))
}

// contexts is the struct of the kernel that has a member for each type of programs that was built in.
//
// Source: bpf_ctx_convert, kernel/bpf/btf.c.
const contexts = "bpf_ctx_convert"

// progType says whether programs of a type were built in.
func (m *model) progType(t names.ProgType) verdict.Verdict {
	known := m.enumerated("bpf_prog_type", int64(t))
	if known.Answer != verdict.Yes {
		return known
	}
	switch want := m.enums["bpf_prog_type"][int64(t)] + "_prog"; {
	case m.contexts == nil:
		return m.weak(known)
	case m.contexts[want]:
		return yes("struct %s has %s", contexts, want)
	default:
		return no("%s, but struct %s has no %s: it was not configured", known.Evidence, contexts, want)
	}
}

// mapFuncs are functions that are there if maps of a type were built in, for types that depend on the
// configuration. They have had several names.
//
// Source: struct bpf_map_ops of the types, include/linux/bpf_types.h of the kernel.
var mapFuncs = map[string][]string{
	"perf_event_array":      {"perf_event_fd_array_get_ptr"},
	"stack_trace":           {"stack_map_alloc"},
	"cgroup_array":          {"cgroup_fd_array_get_ptr"},
	"devmap":                {"dev_map_alloc"},
	"devmap_hash":           {"dev_map_hash_lookup_elem"},
	"sockmap":               {"sock_map_alloc"},
	"sockhash":              {"sock_hash_alloc"},
	"cpumap":                {"cpu_map_alloc"},
	"xskmap":                {"xsk_map_alloc"},
	"cgroup_storage":        {"cgroup_storage_check_btf"},
	"percpu_cgroup_storage": {"cgroup_storage_check_btf"},
	"reuseport_sockarray":   {"reuseport_array_alloc"},
	"sk_storage":            {"bpf_fd_sk_storage_lookup_elem"},
	"struct_ops":            {"bpf_struct_ops_map_alloc"},
	"inode_storage":         {"inode_storage_map_alloc"},
	"task_storage":          {"task_storage_map_alloc"},
	"cgrp_storage":          {"bpf_cgrp_storage_lookup_elem"},
	"arena":                 {"arena_map_alloc"},
}

// mapType says whether maps of a type were built in.
func (m *model) mapType(t names.MapType) verdict.Verdict {
	return m.function(m.enumerated("bpf_map_type", int64(t)), mapFuncs[t.String()]...)
}

// helper says whether the kernel has a helper: not which programs may call it. Some have functions of other names.
func (m *model) helper(number int32, name string) verdict.Verdict {
	known := m.enumerated("bpf_func_id", int64(number))
	switch {
	case known.Answer != verdict.Yes:
		return known
	case m.funcs[name]:
		return yes("%s, and there is %s", known.Evidence, name)
	}
	return m.weak(known)
}

// helperFor says whether programs of a type may call a helper, as far as there have to be both.
func (m *model) helperFor(t names.ProgType, number int32) verdict.Verdict {
	if typed := m.progType(t); typed.Answer == verdict.No {
		return typed
	}
	known := m.enumerated("bpf_func_id", int64(number))
	if known.Answer == verdict.Yes {
		known = unknown("%s: the kernel's types do not tell which programs may call it", known.Evidence)
	}
	return known
}

// attachType says whether the kernel's source knows a way to attach.
func (m *model) attachType(t names.AttachType) verdict.Verdict {
	return m.weak(m.enumerated("bpf_attach_type", int64(t)))
}

// linkType says whether the kernel's source knows links of a type.
func (m *model) linkType(t names.LinkType) verdict.Verdict {
	return m.weak(m.enumerated("bpf_link_type", int64(t)))
}

// weak makes a yes that depends on the configuration unknown.
func (m *model) weak(known verdict.Verdict) verdict.Verdict {
	if known.Answer == verdict.Yes {
		known = unknown("%s: whether it was configured is not told", known.Evidence)
	}
	return known
}

// mapFlag says whether the kernel's source knows a flag of maps, by a name such as no_prealloc.
func (m *model) mapFlag(name string) verdict.Verdict {
	return m.constant("BPF_F_"+strings.ToUpper(name), "BPF_F_NO_PREALLOC")
}

// kindFuncs are functions that are there if the kernel takes types of a kind. There are none for type_tag.
//
// Source: struct btf_kind_operations, kernel/bpf/btf.c.
var kindFuncs = map[string]string{
	"int": "btf_int_check_meta", "ptr": "btf_ref_type_check_meta", "array": "btf_array_check_meta",
	"struct": "btf_struct_check_meta", "union": "btf_struct_check_meta", "enum": "btf_enum_check_meta",
	"fwd": "btf_fwd_check_meta", "typedef": "btf_ref_type_check_meta", "volatile": "btf_ref_type_check_meta",
	"const": "btf_ref_type_check_meta", "restrict": "btf_ref_type_check_meta", "func": "btf_func_check_meta",
	"func_proto": "btf_func_proto_check_meta", "var": "btf_var_check_meta", "datasec": "btf_datasec_check_meta",
	"float": "btf_float_check_meta", "decl_tag": "btf_decl_tag_check_meta", "enum64": "btf_enum64_check_meta",
}

// kind says whether the kernel takes types of a kind, by its word.
func (m *model) kind(word string) verdict.Verdict {
	if m.why != "" {
		return unknown("%s", m.why)
	}
	name, ok := kindFuncs[word]
	if !ok {
		return m.constant("BTF_KIND_"+strings.ToUpper(word), "BTF_KIND_ENUM64")
	}
	if m.funcs[name] {
		return yes("there is %s", name)
	}
	if !m.funcs["btf_int_check_meta"] {
		return unknown("functions such as %s have no types", name)
	}
	return no("there is no %s", name)
}

// constant says whether an enumeration without a name has a constant. Another one tells that the kernel's types
// have that enumeration.
func (m *model) constant(name, other string) verdict.Verdict {
	switch {
	case m.why != "":
		return unknown("%s", m.why)
	case m.constants[name]:
		return yes("there is %s", name)
	case !m.constants[other]:
		return unknown("the kernel's types do not tell of %s", name)
	}
	return no("there is no %s beside %s", name, other)
}

// command says whether the kernel's source knows a command of bpf(2).
func (m *model) command(number int64) verdict.Verdict {
	return m.enumerated("bpf_cmd", number)
}

// batch says whether the kernel's source knows an operation on many elements, by its word.
func (m *model) batch(op string) verdict.Verdict {
	number := map[string]bpf.BatchOp{"lookup": bpf.LookupBatch, "lookup_and_delete": bpf.LookupAndDeleteBatch, "update": bpf.UpdateManyBatch, "delete": bpf.DeleteBatch}[op]
	known := m.command(int64(number))
	if known.Answer == verdict.Yes {
		known = unknown("%s: the kernel's types do not tell for which maps", known.Evidence)
	}
	return known
}

// target says whether there is an iterator, by its name in sections, or a struct of functions.
//
// Source: DEFINE_BPF_ITER_FUNC, include/linux/bpf.h, and the struct bpf_struct_ops_* that BPF_STRUCT_OPS_COMMON_VALUE
// begins, of which there is one for each that was built in.
func (m *model) target(name string) verdict.Verdict {
	iter, ok := strings.CutPrefix(name, "iter/")
	switch {
	case m.why != "":
		return unknown("%s", m.why)
	case ok && m.funcs["bpf_iter_"+iter]:
		return yes("there is bpf_iter_%s", iter)
	case ok:
		return no("there is no bpf_iter_%s", iter)
	case m.structs[structOps+name]:
		return yes("there is struct %s%s", structOps, name)
	}
	return no("there is no struct %s%s", structOps, name)
}

const structOps = "bpf_struct_ops_"

// inModules are what the names of functions begin with that modules may have.
//
// Source: register_btf_kfunc_id_set in net/netfilter, net/ipv4 and net/xfrm of Linux, where these are parts that can be
// modules: connection tracking, flow tables, tunnels, IPsec and ways to control congestion.
var inModules = []string{
	"bpf_ct_", "bpf_skb_ct_", "bpf_xdp_ct_", "bpf_xdp_flow_lookup", "bpf_skb_set_fou_encap", "bpf_skb_get_fou_encap",
	"bpf_skb_get_xfrm_info", "bpf_skb_set_xfrm_info", "bpf_xdp_get_xfrm_state", "bpf_xdp_xfrm_state_release", "bbr_", "dctcp_", "cubictcp_",
}

// kfunc says whether the kernel, or a module, has a function that programs may call: not which.
func (m *model) kfunc(name, module string) verdict.Verdict {
	if module == "" {
		module = m.modules[name]
	}
	switch {
	case module != "":
		return yes("module %s has it", module)
	case m.why != "":
		return unknown("%s", m.why)
	case m.funcs[name]:
		return yes("there is %s", name)
	case m.loads && slices.ContainsFunc(inModules, func(prefix string) bool { return strings.HasPrefix(name, prefix) }):
		return unknown("there is no %s, nor in a module that is loaded: one that is not may have it", name)
	}
	return no("there is no %s", name)
}

// kfuncFor says that of programs of a type.
func (m *model) kfuncFor(f *probe.Kfunc) verdict.Verdict {
	known := m.kfunc(f.Name, f.Module)
	if known.Answer == verdict.Yes {
		known = unknown("%s: types do not tell which programs may call it", known.Evidence)
	}
	return known
}
